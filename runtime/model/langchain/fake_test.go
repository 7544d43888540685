package langchain_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

// foreign is an llms.Model that is a function.
type foreign func(ctx context.Context, messages []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error)

func (f foreign) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	return f(ctx, messages, o)
}

func (foreign) Call(context.Context, string, ...llms.CallOption) (string, error) {
	panic("nobody calls this")
}

// says is a foreign model that streams these pieces and ends with the response.
func says(r *llms.ContentResponse, pieces ...string) foreign {
	return func(ctx context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
		for _, p := range pieces {
			if err := o.StreamingFunc(ctx, []byte(p)); err != nil {
				return nil, err
			}
		}
		return r, nil
	}
}

// failing is a foreign model that only fails.
func failing(err error) foreign {
	return func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
		return nil, err
	}
}

// choice is a response of one choice.
func choice(c llms.ContentChoice) *llms.ContentResponse {
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{&c}}
}

func called(id, name, arguments string) llms.ToolCall {
	return llms.ToolCall{ID: id, FunctionCall: &llms.FunctionCall{Name: name, Arguments: arguments}}
}

// serve answers with handler and returns its address.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// body is a server that answers each request with this body.
func body(t testing.TB, status int, text string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	})
}

// stream is a server that answers with these events.
func stream(t testing.TB, events ...string) string {
	t.Helper()
	return body(t, http.StatusOK, "data: "+strings.Join(events, "\n\ndata: ")+"\n\n")
}

// openaiAt is langchaingo's client of OpenAI with a server at url.
func openaiAt(t testing.TB, url string) llms.Model {
	t.Helper()
	client, err := openai.New(openai.WithToken("key"), openai.WithModel("gpt-4.1"), openai.WithBaseURL(url), openai.WithHTTPClient(http.DefaultClient))
	require.NoError(t, err)
	return client
}

// anthropicAt is langchaingo's client of Anthropic with a server at url.
func anthropicAt(t testing.TB, url string) llms.Model {
	t.Helper()
	client, err := anthropic.New(anthropic.WithToken("key"), anthropic.WithModel("claude-sonnet-4-5"), anthropic.WithBaseURL(url), anthropic.WithHTTPClient(http.DefaultClient))
	require.NoError(t, err)
	return client
}

// raw asks langchaingo itself, to show what it does.
func raw(t testing.TB, m llms.Model) (*llms.ContentResponse, string, error) {
	t.Helper()
	var streamed strings.Builder
	r, err := m.GenerateContent(t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "Hi")},
		llms.WithStreamingFunc(func(_ context.Context, piece []byte) error {
			streamed.Write(piece)
			return nil
		}))
	return r, streamed.String(), err
}

var hi = model.Request{Messages: []model.Message{{Role: model.User, Text: "Hi"}}}

func ask(t testing.TB, m llms.Model) (model.Reply, error) {
	t.Helper()
	return model.Collect(langchain.New(m).Generate(t.Context(), hi), nil)
}

func kind(err error) model.ErrorKind {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Kind
	}
	return ""
}

// fails asserts an error of a kind, with these words in it.
func fails(t testing.TB, err error, want model.ErrorKind, words string) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, want, kind(err), "%v", err)
	require.ErrorContains(t, err, words)
}
