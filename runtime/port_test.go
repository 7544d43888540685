package runtime_test

import (
	"context"
	"iter"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage/memory"
)

func TestRule_TheLastWordsAreHeardBeforeTheLineIsLeft(t *testing.T) {
	for _, tt := range []struct {
		name  string
		words string
		then  []runtime.Input
		after time.Duration
	}{
		{"the host tells when", "Goodbye, and thank you for calling.", []runtime.Input{runtime.PlayedOut{}}, 0},
		{"estimated at 14 characters a second", strings.Repeat("x", 28), nil, 3 * time.Second},
		{"as long as a long goodbye takes", strings.Repeat("x", 420), nil, 31 * time.Second},
		{"never longer than the ceiling", strings.Repeat("x", 1400), nil, time.Minute},
		{"a part that was heard shortens the estimate", strings.Repeat("x", 28), []runtime.Input{runtime.PlayedOut{Upto: 14}}, 2 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say(tt.words).And(scripted.Use(o.front.ID(), job.EndCall)))})
				r.put(t, runtime.PlayedOut{}, caller("Bye"))
				r.put(t, tt.then...)
				record := r.over(t)
				require.Equal(t, []time.Duration{tt.after}, r.line.ended)
				require.Equal(t, tt.words, record.Turns[2].Heard())
			})
		})
	}
}

func TestWhatTheCallerDoesComesBeforeWhatTheModelSaidMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := o.session(t, runtime.Config{Model: scripted.New(scripted.Say("One two three."), scripted.Say("Yes?"))})
		line := &bargesIn{s: s}
		go func() {
			for _, in := range []runtime.Input{runtime.PlayedOut{}, caller("Hi")} {
				assert.NoError(t, s.Put(in))
			}
			time.Sleep(5 * time.Second)
			assert.NoError(t, s.Put(runtime.HungUp{}))
		}()
		_, err := s.Run(t.Context(), line)
		require.NoError(t, err)
		var said []string
		for _, speech := range line.all {
			said = append(said, strings.TrimSpace(speech.Text))
		}
		require.NotContains(t, said, "two")
		require.Contains(t, said, "Yes?")
	})
}

func TestInputsThatAskForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.Say("Yes?"))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, runtime.CallerSaid{Text: "Hel", Partial: true}, runtime.CallerSaid{Text: " "}, runtime.CallerPressed{},
			runtime.TransferStatus{State: runtime.TransferFailed}, runtime.TransferStatus{State: runtime.TransferConnected}, runtime.TransferStatus{State: "ringing"}, runtime.Interrupted{})
		require.Empty(t, m.Requests())
		r.put(t, runtime.CallerPressed{Digits: "42"})
		time.Sleep(3 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		require.Equal(t, []string{"S: Hello.", "C: (pressed 42 on the keypad)", "S: Yes?"}, transcript(r.over(t).Turns))
	})
}

func TestAnInputIsAValueOfThePackage(t *testing.T) {
	s := newOffice(t).session(t, runtime.Config{Model: scripted.New()})
	require.ErrorContains(t, s.Put(&runtime.CallerSaid{Text: "Hi"}), "not as a pointer")
	require.ErrorContains(t, s.Put(nil), "Input is one of")
	require.NoError(t, s.Put(runtime.HungUp{}))
}

func TestWhatIsPutBeforeRunIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := o.session(t, runtime.Config{Model: scripted.New(scripted.Say("Yes?"))})
		require.NoError(t, s.Put(runtime.PlayedOut{}))
		require.NoError(t, s.Put(caller("Hi")))
		l := newLine(s)
		l.answers = map[string][]runtime.Input{"Yes?": {runtime.PlayedOut{}, runtime.HungUp{}}}
		record, err := s.Run(t.Context(), l)
		require.NoError(t, err)
		require.Equal(t, []string{"S: Hello.", "C: Hi", "S: Yes?"}, transcript(record.Turns))
		require.Equal(t, s.Prompt().Receipt, record.Receipt)
	})
}

func TestRule_AFailingLineLeavesARecord(t *testing.T) {
	for _, tt := range []struct {
		name   string
		breaks func(*line)
		kind   call.OutcomeKind
		want   string
	}{
		{"Say", func(l *line) { l.fails = "Say" }, call.Failed, "the line is broken"},
		{"Say panics", func(l *line) { l.panics = "Say" }, call.Failed, "panic: the port's own"},
		{"Flush", func(l *line) { l.fails = "Flush" }, call.Failed, "the line is broken"},
		{"End", func(l *line) { l.fails = "End" }, call.HungUp, "the line is broken"},
		{"End panics", func(l *line) { l.panics = "End" }, call.HungUp, "panic: the port's own"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				s := o.session(t, runtime.Config{Model: scripted.New(scripted.Say("One two three four."))})
				l := newLine(s)
				tt.breaks(l)
				for _, in := range []runtime.Input{runtime.Interrupted{Heard: "Hel"}, runtime.HungUp{}} {
					require.NoError(t, s.Put(in))
				}
				record, err := s.Run(t.Context(), l)
				require.ErrorContains(t, err, tt.want)
				require.Equal(t, tt.kind, record.Outcome.Kind)
				require.Len(t, l.ended, 1, "End is called once, whatever failed before")
				stored, err := o.ws.Call(t.Context(), s.ID())
				require.NoError(t, err)
				require.Equal(t, record.Status, stored.Status)
				if tt.kind == call.Failed {
					require.Equal(t, call.Broken, record.Status)
					require.Equal(t, callflow.ExitFallback, record.Outcome.Exit)
				}
			})
		})
	}
}

func TestWhatAFailedLineDidNotTakeWasNotHeard(t *testing.T) {
	o := newOffice(t)
	s := o.session(t, runtime.Config{Model: scripted.New()})
	l := newLine(s)
	l.fails = "Say"
	record, err := s.Run(t.Context(), l)
	require.ErrorIs(t, err, errLine)
	require.Empty(t, record.Turns)
}

func TestSpeechSaysItsUtteranceAndLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOfficeIn(t, memory.New(), callflow.Persona{Languages: []callflow.Language{callflow.French, callflow.English}})
		s, err := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Say("Non."), scripted.Say("Oui."))}).Begin(t.Context(), o.ws, runtime.Incoming{Flow: o.flow.ID()})
		require.NoError(t, err)
		p := &heardBy{}
		go func() {
			for _, in := range []runtime.Input{runtime.PlayedOut{}, caller("Un"), runtime.Interrupted{}, caller("Deux"), runtime.HungUp{}} {
				synctest.Wait()
				assert.NoError(t, s.Put(in))
			}
		}()
		record, err := s.Run(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, []string{"S: Hello.", "C: Un", "C: Deux"}, transcript(record.Turns))
		require.Equal(t, []runtime.Speech{
			{Utterance: 1, Text: "Hello.", Lang: callflow.French, Last: true},
			{Utterance: 2, Text: "Non.", Lang: callflow.French}, {Utterance: 2, Lang: callflow.French, Last: true},
			{Utterance: 3, Text: "Oui.", Lang: callflow.French}, {Utterance: 3, Lang: callflow.French, Last: true},
		}, p.all, "an utterance's number is never used again")
	})
}

func TestPutMayComeFromAnywhere(t *testing.T) {
	o := newOffice(t)
	m := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		reply := scripted.Say("Yes, and so on.")
		if last(r).Role == model.User {
			reply = reply.And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})).And(scripted.Say(" Done."))
		}
		return scripted.New(reply).Generate(ctx, r)
	})
	s := o.session(t, runtime.Config{Model: m})
	var hosts sync.WaitGroup
	for range 8 {
		hosts.Go(func() {
			for _, in := range []runtime.Input{caller("Hi"), runtime.Interrupted{Unknown: true}, runtime.PlayedOut{}, runtime.Note{Key: "a"}, caller("And?")} {
				_ = s.Put(in)
			}
		})
	}
	go func() {
		hosts.Wait()
		_ = s.Put(runtime.HungUp{})
	}()
	for range 2 {
		go func() {
			for range s.Events(t.Context()) {
			}
		}()
	}
	record, err := s.Run(t.Context(), &heardBy{})
	require.NoError(t, err)
	require.Equal(t, call.HungUp, record.Outcome.Kind)
	require.LessOrEqual(t, len(record.Effects), 1)
}

// sender is a Port of a text host: what it sends is heard.
type sender struct {
	heardBy
	s     *runtime.Session
	tells bool
}

func (p *sender) Say(ctx context.Context, s runtime.Speech) error {
	if p.tells {
		if err := p.s.Put(runtime.PlayedOut{Utterance: s.Utterance}); err != nil {
			return err
		}
	}
	if s.Last { // the answer is there at once
		switch s.Utterance {
		case 1:
			_ = p.s.Put(caller("Hi"))
		case 2:
			_ = p.s.Put(caller("And?"))
		case 3:
			_ = p.s.Put(runtime.HungUp{})
		}
	}
	return p.heardBy.Say(ctx, s)
}

func TestATextHostTellsThatWhatItSentWasHeard(t *testing.T) {
	for name, tt := range map[string]struct {
		tells bool
		want  []string
	}{
		"it tells": {true, []string{"S: Hello.", "C: Hi", "S: One two three.", "C: And?", "S: Four."}},
		"it does not: an answer within the time to speak is an interruption": {false, []string{"C: Hi", "C: And?"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				s := o.session(t, runtime.Config{Model: scripted.New(scripted.Say("One two three."), scripted.Say("Four."))})
				record, err := s.Run(t.Context(), &sender{s: s, tells: tt.tells})
				require.NoError(t, err)
				require.Equal(t, tt.want, transcript(record.Turns))
			})
		})
	}
}

// early is a Port that looks at the record that is stored when it is told how the call ended.
type early struct {
	heardBy
	look func() call.Record
	seen call.Record
}

func (p *early) End(context.Context, call.Outcome) error {
	p.seen = p.look()
	return nil
}

func TestTheLineIsToldBeforeTheRecordIsFinal(t *testing.T) {
	o := newOffice(t)
	s := o.session(t, runtime.Config{Model: scripted.New()})
	require.NoError(t, s.Put(runtime.HungUp{}))
	p := &early{look: func() call.Record {
		r, err := o.ws.Call(t.Context(), s.ID())
		require.NoError(t, err)
		return r
	}}
	final, err := s.Run(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, call.InProgress, p.seen.Status)
	require.Equal(t, call.Completed, final.Status)
	require.Equal(t, call.SummaryCompleted, final.Summary.Status)
}
