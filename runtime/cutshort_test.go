package runtime_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// endsWith gives its model's replies, with a reason of its own for each while there are any.
type endsWith struct {
	*scripted.Model
	reasons []model.Reason
}

func (m *endsWith) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		for p, err := range m.Model.Generate(ctx, r) {
			if _, done := p.(model.Done); done && len(m.reasons) > 0 {
				p, m.reasons = model.Done{Reason: m.reasons[0]}, m.reasons[1:]
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

const goOn = "Your last reply was cut off by a limit: end its last sentence, shortly."

func TestRule_AReplyThatALimitCutIsGoneOnWithOnce(t *testing.T) {
	for _, tt := range []struct {
		name    string
		replies []scripted.Reply
		reasons []model.Reason
		want    string
		asked   int // requests
		notes   int
		goesOn  bool // the second request says so
	}{
		{"in the middle of a sentence", []scripted.Reply{scripted.Say("We have Tuesday, Wednesday and "), scripted.Say("Friday.")}, []model.Reason{model.Length}, "We have Tuesday, Wednesday and Friday.", 2, 1, true},
		{"once, and no more", []scripted.Reply{scripted.Say("We have Tuesday "), scripted.Say("and Wednesday "), scripted.Say("and Friday.")}, []model.Reason{model.Length, model.Length}, "We have Tuesday and Wednesday ", 2, 2, true},
		{"not behind a whole sentence", []scripted.Reply{scripted.Say("We have Tuesday. (Or “Friday.”)")}, []model.Reason{model.Length}, "We have Tuesday. (Or “Friday.”)", 1, 1, false},
		{"before its first word it is asked for again", []scripted.Reply{scripted.Say(""), scripted.Say("Friday.")}, []model.Reason{model.Length}, "Friday.", 2, 0, false},
		{"and going on may fail", []scripted.Reply{scripted.Say("We have "), scripted.Fail(&model.Error{Kind: model.BadRequest}), scripted.Say("No.")}, []model.Reason{model.Length}, "We have " + sayAgain, 2, 2, true},
		{"what was not cut is let alone", []scripted.Reply{scripted.Say("We have Tuesday and")}, []model.Reason{model.Stop}, "We have Tuesday and", 1, 0, false},
	} {
		t.Run(tt.name, inBubble(func(t *testing.T) {
			m := &endsWith{scripted.New(append(tt.replies, scripted.Say("More."))...), tt.reasons}
			c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
			require.Equal(t, tt.want, hear(t, c, "When?"))
			require.Len(t, m.Requests(), tt.asked)
			hear(t, c, "Fine")
			for i, r := range m.Requests() {
				valid(t, r.Messages)
				require.Equal(t, i == 1 && tt.goesOn, strings.Contains(note(r), goOn), "request %d: %s", i, note(r))
			}
			r := end(t, c)
			require.Len(t, r.Notes, tt.notes)
			for _, k := range kinds(r) {
				require.Equal(t, call.NoteModel, k)
			}
		}))
	}
}

func TestRule_ACallerWhoSpeaksIsAnsweredInPlaceOfTheRestOfAReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &endsWith{scripted.New(scripted.Say("We have "), scripted.Wait(1e9).And(scripted.Say("Friday.")), scripted.Say("Goodbye.")), []model.Reason{model.Length}}
		r := ring(t, newOffice(t), runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("When?"))
		require.Len(t, m.Requests(), 2)
		r.put(t, runtime.PlayedOut{}, caller("Never mind"))
		require.NotContains(t, note(m.Requests()[2]), goOn)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		require.Equal(t, []string{"S: Hello.", "C: When?", "S: We have ", "C: Never mind", "S: Goodbye."}, transcript(r.over(t).Turns))
	})
}

func TestRule_CallsOfAReplyThatALimitCutRunAndThoseOfAFilteredOneNever(t *testing.T) {
	for _, tt := range []struct {
		reason model.Reason
		want   string
		sent   int
	}{
		{model.Length, "I text you Sent.", 1},
		{model.Filtered, "I text you " + sayAgain, 0},
	} {
		t.Run(string(tt.reason), inBubble(func(t *testing.T) {
			o := newOffice(t)
			sent := 0
			m := &endsWith{scripted.New(scripted.Say("I text you ").And(scripted.Use(o.front.ID(), job.SendSMS)), scripted.Say("Sent.")), []model.Reason{tt.reason}}
			c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{})
			require.Equal(t, tt.want, hear(t, c, "Text me"))
			require.Equal(t, tt.sent, sent)
			r := end(t, c)
			require.Equal(t, []call.NoteKind{call.NoteModel}, kinds(r))
			require.Len(t, r.Effects, tt.sent)
		}))
	}
}

func TestRule_WhatAFilterWithholdsIsNotAskedForAgainAndTwiceIsTheEnd(t *testing.T) {
	m := &endsWith{scripted.New(scripted.Say(""), scripted.Say("I will not ")), []model.Reason{model.Filtered, model.Filtered}}
	c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	require.Equal(t, sayAgain, hear(t, c, "Something"))
	require.Equal(t, "I will not "+cannotGoOn, hear(t, c, "Something"))
	require.Equal(t, call.Fallback, outcome(t, c).Kind)
	require.Len(t, m.Requests(), 2)
	r := end(t, c)
	require.Contains(t, r.Notes[0].Text, "the provider's filter withheld the reply")
}
