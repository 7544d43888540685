package runtime_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// office is a workspace with a published flow on +15550100. Its Sona step has two jobs: the first texts,
// transfers, goes to voicemail and ends the call, the second looks an order up and transfers, too.
type office struct {
	store        storage.Storage
	ws           *storage.Workspace
	flow         callflow.Flow
	front, order job.Job
}

const frontSteps = "This job helps at the front desk.\n" +
	"1. {{action send_sms text=\"Hello {{name | default: \\\"you\\\"}}\"}}\n" +
	"2. {{action transfer_call to=\"inbox:desk\"}}\n" +
	"3. {{action voicemail}}\n" +
	"4. {{action end_call}}"

const orderSteps = "This job finds an order.\n" +
	"1. {{action look_up source=\"shop\"}}\n" +
	"2. {{action transfer_call to=\"number:+15550177\"}}\n" +
	"3. {{action send_sms text=\"Hello {{name | default: \\\"you\\\"}}\"}}\n" +
	"4. {{action end_call}}"

func newOffice(t testing.TB) office {
	t.Helper()
	return newOfficeIn(t, memory.New(), callflow.Persona{})
}

func newOfficeIn(t testing.TB, store storage.Storage, p callflow.Persona) office {
	t.Helper()
	ws := storage.Open(store, "acme").By("ann")
	front, err := ws.CreateJob(t.Context(), job.Spec{Name: "Front desk", Instructions: frontSteps, Results: []job.Field{
		{Name: "Name", Required: true, Ask: "What is your name?"},
		{Name: "Guests", Type: job.NumberField, Ask: "How many guests?"},
		{Name: "Member", Type: job.YesNoField, Ask: "Are you a member?"}}})
	require.NoError(t, err)
	order, err := ws.CreateJob(t.Context(), job.Spec{Name: "Find an order", Instructions: orderSteps})
	require.NoError(t, err)
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("Front desk", "+15550100",
		callflow.SonaStep{Greeting: "Hello.", Persona: p, Jobs: []job.ID{front.ID(), order.ID()}}))
	require.NoError(t, err)
	f, err = ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return office{store, ws, f, front, order}
}

// runtime returns a runtime that has the office's action, and for what is left out services that agree.
func (o office) runtime(t testing.TB, c runtime.Config) *runtime.Runtime {
	t.Helper()
	if c.Actions == nil {
		c.Actions = []runtime.Action{lookUp(echo)}
	}
	if c.SMS == nil {
		c.SMS = sms(new(int), nil)
	}
	if c.Transfer == nil {
		c.Transfer = runtime.Handoff
	}
	rt, err := runtime.New(c)
	require.NoError(t, err)
	return rt
}

func incoming(in runtime.Incoming) runtime.Incoming {
	if in.To == "" && in.Flow == "" {
		in.To = "+15550100"
	}
	if in.Caller == (call.Caller{}) {
		in.Caller.Number = "+15550199"
	}
	return in
}

func (o office) chat(t testing.TB, c runtime.Config, in runtime.Incoming) *runtime.Chat {
	t.Helper()
	chat, err := o.runtime(t, c).BeginChat(t.Context(), o.ws, incoming(in))
	require.NoError(t, err)
	return chat
}

func (o office) session(t testing.TB, c runtime.Config) *runtime.Session {
	t.Helper()
	s, err := o.runtime(t, c).Begin(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	return s
}

// service is what an action of the host's does.
type service func(ctx context.Context, i runtime.CallInfo, args json.RawMessage) (json.RawMessage, error)

// echo answers with what it was given.
func echo(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
	return args, nil
}

// lookUp is the action of the host's that the office's second job has.
func lookUp(do service) runtime.Action {
	return runtime.Action{Do: do, Spec: job.ActionSpec{Name: "look_up", Description: "Looks up an order.",
		Parameters: json.RawMessage(`{"type":"object","properties":{"number":{"type":"string"},"year":{"type":"integer"},"source":{"type":"string"}},"required":["number"]}`)}}
}

// sms is a sender that counts and answers with err.
func sms(sent *int, err error) runtime.SMSSender {
	return runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error {
		*sent++
		return err
	})
}

// hear hands in what the caller says and returns all that Sona said to it.
func hear(t testing.TB, c *runtime.Chat, text string) string {
	t.Helper()
	said, err := tryHear(t.Context(), c, text)
	require.NoError(t, err)
	return said
}

func tryHear(ctx context.Context, c *runtime.Chat, text string) (string, error) {
	var said strings.Builder
	for ev, err := range c.Hear(ctx, text) {
		if err != nil {
			return said.String(), err
		}
		if s, ok := ev.(runtime.Said); ok {
			said.WriteString(s.Text)
		}
	}
	return said.String(), nil
}

// hearUntil hands in what the caller says and leaves the loop once n pieces were said.
func hearUntil(t testing.TB, c *runtime.Chat, text string, n int) {
	t.Helper()
	for ev, err := range c.Hear(t.Context(), text) {
		require.NoError(t, err)
		if s, ok := ev.(runtime.Said); ok && s.Text != "" {
			if n--; n == 0 {
				return
			}
		}
	}
	require.Fail(t, "Sona said less than that")
}

func greet(t testing.TB, c *runtime.Chat) string {
	t.Helper()
	var said strings.Builder
	for ev, err := range c.Greet(t.Context()) {
		require.NoError(t, err)
		if s, ok := ev.(runtime.Said); ok {
			said.WriteString(s.Text)
		}
	}
	return said.String()
}

func end(t testing.TB, c *runtime.Chat) call.Record {
	t.Helper()
	r, err := c.End(t.Context())
	require.NoError(t, err)
	return r
}

// outcome returns how a call ended that is over.
func outcome(t testing.TB, c *runtime.Chat) call.Outcome {
	t.Helper()
	o, over := c.Over()
	require.True(t, over, "the call is over")
	return o
}

// kinds returns the kinds of a record's notes.
func kinds(r call.Record) []call.NoteKind {
	var all []call.NoteKind
	for _, n := range r.Notes {
		all = append(all, n.Kind)
	}
	return all
}

// transcript returns the turns of a record as they were heard, with a letter for who spoke.
func transcript(turns []call.Turn) []string {
	var all []string
	for _, t := range turns {
		who := "S: "
		if t.By == call.ByCaller {
			who = "C: "
		}
		if t.Interrupted {
			all = append(all, who+t.Heard()+"—")
			continue
		}
		all = append(all, who+t.Heard())
	}
	return all
}

var toolName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// valid checks what every provider demands of a conversation.
func valid(t testing.TB, messages []model.Message) {
	t.Helper()
	seen := map[string]bool{}
	for i := 0; i < len(messages); i++ {
		m := messages[i]
		switch m.Role {
		case model.System:
			require.Equal(t, len(messages)-1, i, "the state note comes last")
			require.NotEmpty(t, m.Text)
		case model.User:
			require.NotEmpty(t, strings.TrimSpace(m.Text))
			require.Empty(t, m.Calls)
		case model.Tool:
			require.Fail(t, "an answer without its call", "%d: %+v", i, m)
		case model.Assistant:
			require.True(t, m.Text != "" || len(m.Calls) > 0, "message %d is empty", i)
			open := map[string]bool{}
			for _, c := range m.Calls {
				require.NotEmpty(t, c.ID)
				require.False(t, seen[c.ID], "two calls have the ID %s", c.ID)
				require.Regexp(t, toolName, c.Name)
				require.True(t, json.Valid(c.Arguments))
				seen[c.ID], open[c.ID] = true, true
			}
			for ; len(open) > 0; i++ {
				require.Less(t, i+1, len(messages), "calls without an answer: %v", open)
				answer := messages[i+1]
				require.Equal(t, model.Tool, answer.Role)
				require.True(t, open[answer.CallID], "an answer to no open call: %+v", answer)
				require.NotEmpty(t, answer.Text)
				delete(open, answer.CallID)
			}
		}
	}
}

// last returns the newest message of a request that is not the state note.
func last(r model.Request) model.Message {
	m := r.Messages
	for m[len(m)-1].Role == model.System {
		m = m[:len(m)-1]
	}
	return m[len(m)-1]
}

// note returns the state note of a request.
func note(r model.Request) string {
	if m := r.Messages[len(r.Messages)-1]; m.Role == model.System {
		return m.Text
	}
	return ""
}

// withoutTimes lets cmp.Diff compare turns but for when they were said.
var withoutTimes = cmpopts.IgnoreFields(call.Turn{}, "At")
