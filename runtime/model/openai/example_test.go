package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/openai"
)

// standIn is a server for the examples.
func standIn(status int, body string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

// One client serves all calls of a host.
func ExampleNew() {
	server := standIn(http.StatusOK, `data: {"choices":[{"index":0,"delta":{"content":"Good "}}]}

data: {"choices":[{"index":0,"delta":{"content":"morning."}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: [DONE]

`)
	defer server.Close()

	client, err := openai.New(openai.Config{
		BaseURL:    server.URL + "/v1", // leave it out for OpenAI itself
		Key:        "key",
		Model:      "gpt-5-mini",
		FirstToken: 3 * time.Second, // on the phone nobody waits longer
		Extra:      map[string]json.RawMessage{"temperature": json.RawMessage("0.3")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	text, err := model.Complete(context.Background(), client, "Greet the caller.", "Hello?")
	fmt.Println(text, err)
	// Output: Good morning. <nil>
}

// What a server refuses is told by its kind, which says what can be done.
func ExampleAPIError() {
	server := standIn(http.StatusTooManyRequests, `{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}`)
	defer server.Close()
	client, err := openai.New(openai.Config{BaseURL: server.URL, Model: "gpt-5-mini"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	_, err = model.Complete(context.Background(), client, "", "Hello?")
	if fault, ok := errors.AsType[*model.Error](err); ok {
		fmt.Println(fault.Kind, "again in", fault.RetryAfter)
	}
	if said, ok := errors.AsType[*openai.APIError](err); ok {
		fmt.Println(said.Status, said.Code)
	}
	// Output:
	// rate_limited again in 2s
	// 429 rate_limit_exceeded
}
