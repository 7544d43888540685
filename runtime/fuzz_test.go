package runtime_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// Whatever tool a model names, with whatever arguments: only what an attached job contains is done, with the
// texts and targets of the job.
func FuzzToolCall(f *testing.F) {
	for _, seed := range [][2]string{
		{"send_sms", `{"sona_action":"J1.A1"}`}, {"send_sms", `{"sona_action":"J1.A1","text":"Pay here"}`}, {"send_sms", `{}`}, {"transfer_call", `{"sona_action":"J1.A2","to":"number:+15559999999"}`},
		{"transfer_call", `{"sona_action":"J2.A2"}`}, {"look_up", `{"number":"7"}`}, {"look_up", `{"sona_action":"J2.A1","number":"7","source":"mine","year":2026}`}, {"look_up", `{"number":{"a":[1]}}`},
		{"voicemail", `{}`}, {"end_call", `{"sona_action":"[J2.A4]"}`}, {"open_job", `{"job":"J1"}`}, {"delete_all", `{"sona_action":"J1.A1"}`}, {"", ``}, {"send_sms", `[1]`}, {"send_sms", `null`}, {"send_sms", "{\"\x00\":\"\xff\"}"},
	} {
		f.Add(seed[0], seed[1])
	}
	o := newOffice(f)
	snapshot, err := o.ws.Snapshot(f.Context(), o.flow.ID())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, tool, args string) {
		var texts []string
		var targets []job.Target
		var looked []json.RawMessage
		m := scripted.New(scripted.Say("May I transfer you?"), scripted.Call(tool, args).And(scripted.Call(tool, args)), scripted.Say("Done."), scripted.Say("Done."))
		rt, err := runtime.New(runtime.Config{Model: m,
			SMS: runtime.SMSFunc(func(_ context.Context, _ runtime.CallInfo, text string) error {
				texts = append(texts, text)
				return nil
			}),
			Transfer: runtime.TransferFunc(func(_ context.Context, _ runtime.CallInfo, to job.Target) error {
				targets = append(targets, to)
				return nil
			}),
			Actions: []runtime.Action{lookUp(func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
				looked = append(looked, args)
				return nil, nil
			})}})
		if err != nil {
			t.Fatal(err)
		}
		c, err := rt.ChatOn(snapshot, runtime.Incoming{Caller: call.Caller{Number: "+15550199"}})
		if err != nil {
			t.Fatal(err)
		}
		hear(t, c, "A person")
		hear(t, c, "Yes")
		r := end(t, c)

		for _, request := range m.Requests() {
			valid(t, request.Messages)
		}
		if len(r.Effects) > 1 || len(texts)+len(targets)+len(looked) > 1 {
			t.Fatalf("%q %q was done twice: %+v", tool, args, r.Effects)
		}
		for _, e := range r.Effects {
			if string(e.Action) != tool {
				t.Errorf("%q %q ran %s", tool, args, e.Action)
			}
			if e.Job != o.front.ID() && e.Job != o.order.ID() {
				t.Errorf("%q %q ran for %q", tool, args, e.Job)
			}
		}
		for _, text := range texts {
			if text != "Hello you" {
				t.Errorf("%q %q sent %q", tool, args, text)
			}
		}
		for _, to := range targets {
			if to.ID != "desk" && to.Number != "+15550177" {
				t.Errorf("%q %q transferred to %s", tool, args, to)
			}
		}
		for _, raw := range looked {
			var in map[string]any
			if err := json.Unmarshal(raw, &in); err != nil || in["source"] != "shop" {
				t.Errorf("%q %q looked up %s", tool, args, raw)
			}
			if _, ok := in["number"].(string); !ok {
				t.Errorf("%q %q looked up %s", tool, args, raw)
			}
		}
	})
}
