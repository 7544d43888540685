package ownmodel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/examples/ownmodel"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

var menu = job.Spec{
	Name:         "Send the menu",
	CallerIntent: "The caller wants the menu.",
	Instructions: "This job texts the menu.\n1. Send the text message: {{action send_sms text=\"Our menu: https://example.com/menu\"}}\n2. Say goodbye and end the call: {{action end_call}}",
}

func TestACallWithTheOwnModel(t *testing.T) {
	var asked []asks
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := read(t, r)
		asked = append(asked, in)
		switch len(asked) {
		case 1:
			answer(w, `{"text":"[J1"}`, `{"text":".1] I am sen"}`, `{"text":"ding you "}`, `{"text":"the menu."}`,
				in.call("send_sms"), `{"usage":{"in":1200,"cached":1024,"out":31}}`, `{"done":"tool_calls"}`)
		case 2:
			answer(w, `{"text":"[J1.2] Have a "}`, `{"text":"nice evening. Goodbye!"}`, in.call("end_call"), `{"done":"tool_calls"}`)
		}
	}))
	defer server.Close()

	var sent []string
	chat := begin(t, runtime.Config{
		Model: ownmodel.New(server.URL, server.Client()),
		SMS: runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, text string) error {
			sent = append(sent, fmt.Sprintf("%s: %s", i.Caller.Number, text))
			return nil
		}),
	})
	heard := listen(t, chat.Hear(t.Context(), "What is on the menu?"))

	if want := []string{"I am sending you the menu.", "Have a nice evening. Goodbye!"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, not %q", heard, want)
	}
	if want := []string{"+15550123: Our menu: https://example.com/menu"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q, not %q", sent, want)
	}
	r, err := chat.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome.Kind != call.Ended || len(r.Effects) != 2 || (r.Usage != call.Usage{In: 1200, Cached: 1024, Out: 31}) {
		t.Errorf("outcome %+v, effects %+v, usage %+v", r.Outcome, r.Effects, r.Usage)
	}

	// What the endpoint was asked.
	if len(asked) != 2 {
		t.Fatalf("%d requests", len(asked))
	}
	first, second := asked[0], asked[1]
	if first.System != chat.Prompt().System() || second.System != first.System {
		t.Error("the system message is not the prompt, or changes within the call")
	}
	if names := first.tools(); !slices.Equal(names, []string{"send_sms", "end_call"}) {
		t.Errorf("tools %q", names)
	}
	if last := first.Messages[len(first.Messages)-1]; last.Role != "user" || last.Text != "What is on the menu?" {
		t.Errorf("the first request ends with %+v", last)
	}
	for i, m := range second.Messages {
		if len(m.Calls) == 1 { // the call stands in the conversation, and its result follows under its ID
			if result := second.Messages[i+1]; result.Role != "tool" || result.CallID != m.Calls[0].ID || !strings.Contains(result.Text, `"ok":true`) {
				t.Errorf("behind the call stands %+v", result)
			}
			return
		}
	}
	t.Errorf("the second request does not hold the call: %+v", second.Messages)
}

// Whoever stops listening must not keep a request open: the server sees it end.

func TestLeavingTheLoopEndsTheRequest(t *testing.T) {
	m, ended := endless(t)
	for part, err := range m.Generate(t.Context(), model.Request{}) {
		if part != model.Text("One moment") || err != nil {
			t.Errorf("%v, %v", part, err)
		}
		break
	}
	<-ended
}

func TestCancellingEndsTheRequest(t *testing.T) {
	m, ended := endless(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var parts []model.Part
	var last error
	for part, err := range m.Generate(ctx, model.Request{}) {
		if err == nil {
			parts = append(parts, part)
		}
		cancel()
		last = err
	}
	if !slices.Equal(parts, []model.Part{model.Text("One moment")}) || !errors.Is(last, context.Canceled) {
		t.Errorf("the stream holds %q and ends with %v", parts, last)
	}
	if model.Retryable(last) {
		t.Error("a request that was cancelled is made again")
	}
	<-ended
}

func TestInterruptingSonaEndsTheRequest(t *testing.T) {
	m, ended := endless(t)
	chat := begin(t, runtime.Config{Model: m})
	for ev, err := range chat.Hear(t.Context(), "What is on the menu?") {
		if said, ok := ev.(runtime.Said); !ok || err != nil || said.Text != "One moment" {
			t.Errorf("%v, %v", ev, err)
		}
		break
	}
	<-ended
}

func TestFaultsAreToldApart(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		want  model.Error
	}{
		{"too many requests", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}, model.Error{Kind: model.RateLimited, RetryAfter: 7 * time.Second}},
		{"out of order", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, model.Error{Kind: model.Unavailable}},
		{"a bad request", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }, model.Error{Kind: model.BadRequest}},
		{"no end", func(w http.ResponseWriter, _ *http.Request) { answer(w, `{"text":"Hel"}`) }, model.Error{Kind: model.Truncated}},
		{"an error in the stream", func(w http.ResponseWriter, _ *http.Request) { answer(w, `{"text":"Hel"}`, `{"error":"overloaded"}`) }, model.Error{Kind: model.Unavailable}},
		{"half a line", func(w http.ResponseWriter, _ *http.Request) { answer(w, `{"text":"Hel`) }, model.Error{Kind: model.Truncated}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.serve)
			defer server.Close()
			_, err := model.Collect(ownmodel.New(server.URL, server.Client()).Generate(t.Context(), model.Request{}), nil)
			got, ok := errors.AsType[*model.Error](err)
			if !ok || got.Kind != c.want.Kind || got.RetryAfter != c.want.RetryAfter {
				t.Errorf("%v, not %v", err, &c.want)
			}
		})
	}
}

// begin begins a chat on a flow with the one job, past its greeting.
func begin(t *testing.T, c runtime.Config) *runtime.Chat {
	t.Helper()
	ws := storage.Open(memory.New(), "trattoria")
	j, err := ws.CreateJob(t.Context(), menu)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ws.Publish(t.Context(), f.ID(), f.Revision()); err != nil {
		t.Fatal(err)
	}
	rt, err := runtime.New(c)
	if err != nil {
		t.Fatal(err)
	}
	chat, err := rt.BeginChat(t.Context(), ws, runtime.Incoming{To: "+15550100", Caller: call.Caller{Number: "+15550123"}})
	if err != nil {
		t.Fatal(err)
	}
	listen(t, chat.Greet(t.Context()))
	return chat
}

// listen returns what was said, turn by turn.
func listen(t *testing.T, events func(func(runtime.Event, error) bool)) (heard []string) {
	t.Helper()
	turn := ""
	for ev, err := range events {
		if err != nil {
			t.Fatal(err)
		}
		if said, ok := ev.(runtime.Said); ok {
			turn += said.Text
			if said.Last {
				heard, turn = append(heard, turn), ""
			}
		}
	}
	return heard
}

// asks is what the endpoint reads.
type asks struct {
	System   string `json:"system"`
	Messages []struct {
		Role   string `json:"role"`
		Text   string `json:"text"`
		CallID string `json:"callId"`
		Calls  []struct {
			ID string `json:"id"`
		} `json:"calls"`
	} `json:"messages"`
	Tools []struct {
		Name string `json:"name"`
	} `json:"tools"`
}

func read(t *testing.T, r *http.Request) (in asks) {
	raw, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil {
		t.Error(err)
	}
	return in
}

func (a asks) tools() (names []string) {
	for _, t := range a.Tools {
		names = append(names, t.Name)
	}
	return names
}

// call asks for an action the way a language model does: under the handle that the job shows at its place.
func (a asks) call(action string) string {
	handle := regexp.MustCompile(`\[action (J\d+\.A\d+): ` + action).FindStringSubmatch(a.System)
	if handle == nil {
		return `{"text":"the prompt has no such action"}`
	}
	return fmt.Sprintf(`{"call":{"id":"1","name":%q,"arguments":{%q:%q}}}`, action, prompt.ActionProperty, handle[1])
}

// answer sends lines, each as a chunk of its own.
func answer(w http.ResponseWriter, lines ...string) {
	for _, l := range lines {
		_, _ = fmt.Fprintln(w, l)
		_ = http.NewResponseController(w).Flush()
	}
}

// endless returns a model whose endpoint goes on until the client leaves; ended is closed then.
func endless(t *testing.T) (m model.Model, ended <-chan struct{}) {
	t.Helper()
	left := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, `{"text":"One moment"}`)
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return ownmodel.New(server.URL, server.Client()), left
}
