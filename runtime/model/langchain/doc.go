// Package langchain makes any llms.Model of langchaingo (v0.1.14) a model.Model, for providers that nothing
// else here speaks. For OpenAI and servers that are compatible with it prefer runtime/model/openai.
//
//	llm, err := anthropic.New(anthropic.WithModel("claude-sonnet-4-5"))
//	…
//	m := langchain.New(llm, llms.WithTemperature(0.3))
//
// langchaingo's clients differ, and lose things. What the package does about it:
//
//   - The prompt is one system message with one text part, and the state note of a turn stands at its end:
//     some clients keep only the last system message, glue several together, or refuse a second one.
//   - Every other message has one part, and a call is followed by its result at once: some clients read only
//     the first part of a message. A conversation begins with the caller, and ends with the caller or a result.
//   - A piece of a stream that begins as the JSON of a call does is held back, and so is what follows, until
//     the reply is whole: openai sends such JSON where the text comes. It is never taken for text.
//   - What a reply says is gathered from all of its choices, and compared with what was streamed. A difference
//     is an error.
//   - A call is given only whole: it has a name and arguments that are a JSON object, and nothing that was
//     streamed of it is missing. Where the arguments of parallel calls are mixed, where a call is cut, and
//     where a number may have been rounded (some clients decode whole numbers beyond 2⁵³ inexactly), the reply
//     is an error; its text has been given by then.
//   - A reply without a stop reason is [model.Truncated]: so look streams that broke off, that were cancelled,
//     or that have an error in them. A model is believed without a reason when it has streamed nothing and
//     asks for no calls, and behind [Whole].
//   - Faults are a *[model.Error] by the status code in their text, or by the code of an *llms.Error.
//     RetryAfter is what the text says, since langchaingo drops the headers. A message is the first line of
//     the client's, 200 bytes at most, without addresses; it may quote the provider. Nothing is retried.
//   - A panic of the model, and a model that ends its goroutine, are errors.
//   - One candidate is asked for, whatever the options say: clients mix the candidates of a stream.
//   - Usage is read under the names of openai, anthropic, googleai, bedrock, mistral and ollama.
//   - A reply has at most 1 MiB of text, 1 MiB of arguments and 1,000 calls; more is an error.
//
// What it cannot do:
//
//   - Structured output: no call option takes a schema, so a Request with a Schema is a [model.BadRequest].
//     Set the format on the client (openai.WithResponseFormat), and make a model of its own for it.
//   - Explicit prompt caching: clients drop the mark on a system message (anthropic), or the message with it
//     (openai). What a provider caches by itself works up to the state note.
//   - Reasoning is not passed on, and Anthropic's signatures of it are lost between turns.
//   - Streams that never say why they end (ollama, and openai behind OpenRouter or Snowflake), and streams that
//     lose their calls (bedrock), are errors each time. [Whole] asks such models without a stream; it also helps
//     where parallel calls come mixed. ollama takes no tools.
//   - What a client passes over in silence cannot be seen: openai skips lines of a stream that it cannot decode
//     (content that is a list, for example); anthropic takes no notice of ToolChoice and of JSON mode, and of
//     arguments that stand in the first event of a call.
//   - Clients send a temperature of 0 unless [llms.WithTemperature] says otherwise, and anthropic asks for at most
//     2,048 tokens unless the request or [llms.WithMaxTokens] says otherwise.
//   - A panic in a goroutine that a client has started ends the program (anthropic: an index below 0 in a
//     stream). anthropic keeps a goroutine for ever when events follow an error in a stream, and logs events
//     that it does not know. Use servers that you trust.
//
// Of langchaingo it imports only llms, and it never counts tokens, since that downloads. Beside that it
// imports runtime/model and runtime/prompt.
package langchain
