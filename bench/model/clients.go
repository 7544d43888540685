package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"

	einoopenai "github.com/cloudwego/eino-ext/components/model/openai"
	"github.com/cloudwego/eino/schema"
	official "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	gopenai "github.com/sashabaranov/go-openai"
	"github.com/tmc/langchaingo/llms"
	langchain "github.com/tmc/langchaingo/llms/openai"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/openai"
	"github.com/sonajobs/sona/runtime/prompt"
)

const (
	modelName = "gpt-4.1-mini"
	question  = "Are you open on Sunday?"
)

// client streams one reply to a system message and a question.
type client struct {
	name   string
	stream func(ctx context.Context, each func(text string)) error
}

// The names of the clients.
const (
	raw      = "net/http alone"
	ours     = "runtime/model/openai"
	goOpenAI = "go-openai"
	chains   = "langchaingo"
	eino     = "eino"
	openAIGo = "openai-go"
)

// prompted returns a prompt with a stable part of this text.
func prompted(system, hash string) prompt.Prompt {
	return prompt.Prompt{Stable: system, Receipt: call.Receipt{Stable: hash}}
}

// newRaw is the floor: a body that is there already is sent, and what comes is read.
func newRaw(url string, h *http.Client, body []byte) client {
	return client{raw, func(ctx context.Context, each func(string)) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/chat/completions", bytes.NewReader(body)) //nolint:gosec // the server of this run
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := h.Do(r) //nolint:gosec // as above
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		buf := make([]byte, 4096)
		for {
			n, err := resp.Body.Read(buf)
			if n > 0 {
				each("")
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}}
}

func newOurs(url string, h *http.Client, p prompt.Prompt) (client, error) {
	c, err := openai.New(openai.Config{BaseURL: url, Key: "key", Model: modelName, HTTP: h})
	if err != nil {
		return client{}, err
	}
	r := &model.Request{Prompt: p, Messages: []model.Message{{Role: model.User, Text: question}}}
	return client{ours, func(ctx context.Context, each func(string)) error {
		for part, err := range generate(ctx, c, r) {
			if err != nil {
				return err
			}
			if t, ok := part.(model.Text); ok {
				each(string(t))
			}
		}
		return nil
	}}, nil
}

// generate keeps the request off the stack of who waits for the reply: it is the host's, and large.
//
//go:noinline
func generate(ctx context.Context, c *openai.Client, r *model.Request) iter.Seq2[model.Part, error] {
	return c.Generate(ctx, *r)
}

func newGoOpenAI(url string, h *http.Client, system string) client {
	config := gopenai.DefaultConfig("key")
	config.BaseURL, config.HTTPClient = url, h
	c := gopenai.NewClientWithConfig(config)
	return client{goOpenAI, func(ctx context.Context, each func(string)) error {
		s, err := c.CreateChatCompletionStream(ctx, gopenai.ChatCompletionRequest{
			Model: modelName, Stream: true, StreamOptions: &gopenai.StreamOptions{IncludeUsage: true},
			Messages: []gopenai.ChatCompletionMessage{{Role: "system", Content: system}, {Role: "user", Content: question}},
		})
		if err != nil {
			return err
		}
		defer func() { _ = s.Close() }()
		for {
			r, err := s.Recv()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if len(r.Choices) > 0 {
				each(r.Choices[0].Delta.Content)
			}
		}
	}}
}

func newLangchain(url string, h *http.Client, system string) (client, error) {
	c, err := langchain.New(langchain.WithToken("key"), langchain.WithModel(modelName), langchain.WithBaseURL(url), langchain.WithHTTPClient(h))
	if err != nil {
		return client{}, err
	}
	return client{chains, func(ctx context.Context, each func(string)) error {
		_, err := c.GenerateContent(ctx, []llms.MessageContent{
			llms.TextParts(llms.ChatMessageTypeSystem, system), llms.TextParts(llms.ChatMessageTypeHuman, question),
		}, llms.WithStreamingFunc(func(_ context.Context, b []byte) error {
			each(string(b))
			return nil
		}))
		return err
	}}, nil
}

func newEino(ctx context.Context, url string, h *http.Client, system string) (client, error) {
	c, err := einoopenai.NewChatModel(ctx, &einoopenai.ChatModelConfig{APIKey: "key", BaseURL: url, Model: modelName, HTTPClient: h})
	if err != nil {
		return client{}, err
	}
	return client{eino, func(ctx context.Context, each func(string)) error {
		s, err := c.Stream(ctx, []*schema.Message{schema.SystemMessage(system), schema.UserMessage(question)})
		if err != nil {
			return err
		}
		defer s.Close()
		for {
			m, err := s.Recv()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			each(m.Content)
		}
	}}, nil
}

func newOpenAIGo(url string, h *http.Client, system string) client {
	c := official.NewClient(option.WithAPIKey("key"), option.WithBaseURL(url), option.WithHTTPClient(h), option.WithMaxRetries(0))
	return client{openAIGo, func(ctx context.Context, each func(string)) error {
		s := c.Chat.Completions.NewStreaming(ctx, official.ChatCompletionNewParams{
			Model:         modelName,
			StreamOptions: official.ChatCompletionStreamOptionsParam{IncludeUsage: official.Bool(true)},
			Messages:      []official.ChatCompletionMessageParamUnion{official.SystemMessage(system), official.UserMessage(question)},
		})
		defer func() { _ = s.Close() }()
		for s.Next() {
			if chunk := s.Current(); len(chunk.Choices) > 0 {
				each(chunk.Choices[0].Delta.Content)
			}
		}
		return s.Err()
	}}
}
