package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func TestRule_ATextGoesToTheCallerOfThisCallOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var texts []string
		sender := runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, text string) error {
			texts = append(texts, fmt.Sprintf("%s → %s: %s", i.Number, i.Caller.Number, text))
			return nil
		})
		m := scripted.New(scripted.Call("send_sms", `{"sona_action":"J1.A1","text":"Pay here","to":"+15559999999"}`), scripted.Call("send_sms", `{"sona_action":"J1.A1","again":1}`), scripted.Say("Sent."))
		c := o.chat(t, runtime.Config{Model: m, SMS: sender}, runtime.Incoming{Values: map[string]string{"name": "Ann {{x}}"}})
		hear(t, c, "Text me")
		require.Equal(t, []string{"+15550100 → +15550199: Hello Ann {{x}}"}, texts, "a value is put in once and never read again")
		r := end(t, c)
		require.Len(t, r.Effects, 1, "nothing that the model adds makes it another text")
		require.JSONEq(t, `{"text":"Hello Ann {{x}}"}`, string(r.Effects[0].Args))
	})
}

func TestRule_ATextThatCannotBeSentIsToldHonestly(t *testing.T) {
	o := newOffice(t)
	secret := errors.New("secret")
	fails := func(reason string) runtime.SMSSender {
		return sms(new(int), &runtime.SMSError{Reason: reason, Err: secret})
	}
	for _, tt := range []struct {
		name   string
		caller call.Address
		sender runtime.SMSSender
		err    string
		told   string
	}{
		{"a withheld number", "anonymous", sms(new(int), nil), "sms: withheld", "offer another way"},
		{"an extension", "204", sms(new(int), nil), "sms: withheld", "offer another way"},
		{"a SIP address", "sip:ann@example.com", sms(new(int), nil), "sms: withheld", "offer another way"},
		{"a landline", "+15550199", fails(runtime.SMSLandline), "sms: landline", "cannot receive text messages"},
		{"a caller who opted out", "+15550199", fails(runtime.SMSOptedOut), "sms: opted_out", "has opted out"},
		{"a line that may not", "+15550199", fails(runtime.SMSUnregistered), "sms: unregistered", "may not send"},
		{"a reason of the host's own", "+15550199", fails("full"), "sms: full", "sms: full"},
		{"no sender", "+15550199", nil, "this line has no such service", "tell the caller"},
		{"a sender that panics", "+15550199", runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { panic("secret") }), "failed inside the host", "failed inside the host"},
	} {
		t.Run(tt.name, inBubble(func(t *testing.T) {
			m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("I could not text you."))
			rt, err := runtime.New(runtime.Config{Model: m, SMS: tt.sender})
			require.NoError(t, err)
			chat, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Caller: call.Caller{Number: tt.caller}}))
			require.NoError(t, err)
			require.Equal(t, "I could not text you.", hear(t, chat, "Text me"))
			answer := last(m.Requests()[1]).Text
			require.Contains(t, answer, `"ok":false`)
			require.Contains(t, answer, tt.told)
			require.NotContains(t, answer, "secret")
			r := end(t, chat)
			known := tt.name != "a sender that panics"
			require.Equal(t, known, r.Effects[0].Done)
			state := map[bool]string{true: "send_sms failed.", false: "send_sms: whether it was done is not known; do not repeat it."}
			require.Contains(t, note(m.Requests()[1]), state[known])
			require.Contains(t, r.Effects[0].Err, tt.err)
			require.Contains(t, kinds(r), call.NoteUnreachable)
			require.Contains(t, strings.Join(r.Summary.NextSteps, "\n"), "send sms")
		}))
	}
	require.ErrorIs(t, &runtime.SMSError{Reason: "x", Err: secret}, secret)
}

func TestATextWithoutWordsIsNotSent(t *testing.T) {
	o := newOffice(t)
	spec := o.front.Spec()
	spec.Instructions = `1. {{action send_sms text="{{link}}"}}`
	_, err := o.ws.SaveJob(t.Context(), o.front.ID(), 1, spec, "")
	require.NoError(t, err)
	sent := 0
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sorry."))
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Zero(t, sent)
	r := end(t, c)
	require.Contains(t, r.Effects[0].Err, "no words")
	require.Equal(t, []call.NoteKind{call.NoteVariable, call.NoteVariable, call.NoteUnreachable}, kinds(r))
}
