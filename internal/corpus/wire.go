package corpus

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// Exchange is one recorded request to a language model's API and the answer to it.
type Exchange struct {
	Recording string // which file of the recorded project it comes from
	Index     int    // of the exchange within the recording, from 0
	API       string // "openai-chat", "anthropic-messages", "gemini-generate", "ollama", …
	Stream    bool   // whether the answer is a stream
	Request   WireRequest
	Response  WireResponse
	Expected  WireReply

	// Echoed are the calls that the recorded client itself sent back in its next request; EchoAgrees says
	// whether they are those of Expected. Where the client sent none back both are zero.
	Echoed     []WireCall
	EchoAgrees bool
}

// WireRequest is what was sent.
type WireRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// WireResponse is what came back.
type WireResponse struct {
	Status  int
	Headers map[string]string
	Body    []byte
}

// WireReply is what an answer says, decoded by whoever recorded it.
type WireReply struct {
	Text        string          `json:"text"`
	Reasoning   string          `json:"reasoning"`
	ToolCalls   []WireCall      `json:"tool_calls"`
	Finish      WireFinish      `json:"finish"`
	ErrorStatus int             `json:"error_status"` // of an answer that is an error
	StreamError json.RawMessage `json:"stream_error"` // an error within a stream
}

// WireFinish is why the model stopped, as the provider wrote it: a word, or a number; empty when it said nothing.
type WireFinish string

// UnmarshalJSON takes both.
func (f *WireFinish) UnmarshalJSON(b []byte) error {
	*f = WireFinish(strings.Trim(string(b), `"`))
	return nil
}

// WireCall is a call of a tool.
type WireCall struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"` // a string of JSON, or the object itself, as the API has it
}

// Wire returns every recorded exchange, in the order of the file.
func Wire(t testing.TB) []Exchange {
	t.Helper()
	type recording struct {
		ID           string `json:"id"`
		Interactions []struct {
			Request  WireRequest `json:"request"`
			Response struct {
				Status   int               `json:"status"`
				Headers  map[string]string `json:"headers"`
				Body     string            `json:"body"`
				Encoding string            `json:"body_encoding"`
			} `json:"response"`
			API        string     `json:"api"`
			Stream     bool       `json:"stream"`
			Expected   WireReply  `json:"expected"`
			Echoed     []WireCall `json:"client_echo_tool_calls"`
			EchoAgrees bool       `json:"echo_agrees"`
		} `json:"interactions"`
	}
	const file = "wire/dev/cassettes.jsonl"
	var all []Exchange
	for _, r := range Lines[recording](t, file) {
		for n, i := range r.Interactions {
			body := []byte(i.Response.Body)
			if i.Response.Encoding == "base64" {
				var err error
				if body, err = base64.StdEncoding.DecodeString(i.Response.Body); err != nil {
					t.Fatalf("%s: %s, %d: %v", file, r.ID, n, err)
				}
			}
			all = append(all, Exchange{Recording: r.ID, Index: n, API: i.API, Stream: i.Stream, Request: i.Request,
				Response: WireResponse{Status: i.Response.Status, Headers: i.Response.Headers, Body: body},
				Expected: i.Expected, Echoed: i.Echoed, EchoAgrees: i.EchoAgrees})
		}
	}
	return all
}
