package runtime_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
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

// line is a Port: it writes down what it is told, and answers utterances by what they end with.
type line struct {
	s       *runtime.Session
	answers map[string][]runtime.Input // put when an utterance that ends so is whole
	fails   string                     // the method that answers with an error
	panics  string                     // the method that panics

	mu    sync.Mutex
	log   []string
	text  string // of the utterance being said
	began time.Time
	ended []time.Duration
}

var errLine = errors.New("the line is broken")

func newLine(s *runtime.Session) *line { return &line{s: s, began: time.Now()} }

func (l *line) do(method, entry string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, entry)
	if l.panics == method {
		panic("the port's own")
	}
	if l.fails == method {
		return errLine
	}
	return nil
}

func (l *line) Say(_ context.Context, s runtime.Speech) error {
	if err := l.do("Say", "say "+s.Text); err != nil {
		return err
	}
	l.text += s.Text
	if !s.Last {
		return nil
	}
	text := l.text
	l.text = ""
	for end, inputs := range l.answers {
		if strings.HasSuffix(text, end) {
			delete(l.answers, end)
			for _, in := range inputs {
				if err := l.s.Put(in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *line) Flush(context.Context) error {
	l.text = ""
	return l.do("Flush", "flush")
}

func (l *line) End(_ context.Context, o call.Outcome) error {
	l.ended = append(l.ended, time.Since(l.began))
	return l.do("End", "end "+string(o.Kind))
}

// said returns the log with the pieces of one utterance put together.
func (l *line) said() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for i, entry := range l.log {
		text, ok := strings.CutPrefix(entry, "say ")
		if ok && i > 0 && strings.HasPrefix(l.log[i-1], "say ") {
			all[len(all)-1] += text
			continue
		}
		all = append(all, entry)
	}
	return all
}

// running is a session under way in its own goroutine.
type running struct {
	*runtime.Session
	line   *line
	cancel context.CancelFunc
	done   chan struct{}
	record call.Record
	err    error
}

// ring begins a call on a line and lets it greet.
func ring(t *testing.T, o office, c runtime.Config) *running {
	t.Helper()
	s := o.session(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{Session: s, line: newLine(s), cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.record, r.err = s.Run(ctx, r.line)
	}()
	synctest.Wait()
	return r
}

// put hands in what happened and lets the call come to rest.
func (r *running) put(t *testing.T, inputs ...runtime.Input) {
	t.Helper()
	for _, in := range inputs {
		require.NoError(t, r.Put(in))
	}
	synctest.Wait()
}

// over waits until the call is over.
func (r *running) over(t *testing.T) call.Record {
	t.Helper()
	<-r.done
	r.cancel()
	require.NoError(t, r.err)
	return r.record
}

func caller(text string) runtime.Input { return runtime.CallerSaid{Text: text} }

func TestASessionGreetsHearsAnswersAndEndsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("We open at nine."), scripted.Say("Goodbye.").And(scripted.Use(o.front.ID(), job.EndCall)))})
		r.put(t, runtime.PlayedOut{}, caller("When do you open?"))
		r.put(t, runtime.PlayedOut{}, caller("Thanks, bye"))
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, []string{"say Hello.We open at nine.Goodbye.", "end ended"}, r.line.said())
		require.Equal(t, []string{"S: Hello.", "C: When do you open?", "S: We open at nine.", "C: Thanks, bye", "S: Goodbye."}, transcript(record.Turns))
		require.Equal(t, call.Completed, record.Status)
		require.Equal(t, callflow.StepID("hangup"), record.Outcome.Next)
		stored, err := o.ws.Call(t.Context(), r.ID())
		require.NoError(t, err)
		require.Equal(t, record.Outcome, stored.Outcome)

		require.ErrorIs(t, r.Put(runtime.HungUp{}), runtime.ErrOver)
		_, err = r.Run(t.Context(), r.line)
		require.ErrorContains(t, err, "runs once")
		require.Len(t, r.line.ended, 1)
	})
}

func TestTheLastWordsAreHeardBeforeTheLineIsLeft(t *testing.T) {
	for _, tt := range []struct {
		name  string
		words string
		then  []runtime.Input
		after time.Duration
	}{
		{"the host tells when", "Goodbye, and thank you for calling.", []runtime.Input{runtime.PlayedOut{}}, 0},
		{"estimated at 14 characters a second", strings.Repeat("x", 28), nil, 3 * time.Second},
		{"never longer than the ceiling", strings.Repeat("x", 1400), nil, 15 * time.Second},
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

func TestTheNewestInputCancelsTheReplyUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		sent := 0
		m := scripted.New(
			scripted.Wait(10*time.Second).And(scripted.Say("Late.")).And(scripted.Use(o.front.ID(), job.SendSMS)),
			scripted.Say("Here."))
		r := ring(t, o, runtime.Config{Model: m, SMS: sms(&sent, nil)})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, caller("Hello?"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{Reason: "bye"})
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Hi", "C: Hello?", "S: Here."}, transcript(record.Turns))
		require.Equal(t, call.Outcome{Kind: call.HungUp, Reason: "bye"}, record.Outcome)
		require.Zero(t, sent)
		require.Equal(t, []string{"say Hello.Here.", "end hung_up"}, r.line.said(), "nothing was being heard, so nothing is flushed")
	})
}

func TestABargeInKeepsWhatWasHeardAndFlushesTheRest(t *testing.T) {
	const words = "One two three four five six." // two seconds
	for _, tt := range []struct {
		name    string
		after   time.Duration
		inputs  []runtime.Input
		want    []string
		flushed bool
	}{
		{"the host knows what was heard", time.Second, []runtime.Input{runtime.Interrupted{Heard: "One two "}}, []string{"S: One two —"}, true},
		{"and names the utterance", time.Second, []runtime.Input{runtime.Interrupted{Utterance: 2, Heard: "One two "}}, []string{"S: One two —"}, true},
		{"the host cannot tell: it is estimated", time.Second, []runtime.Input{runtime.Interrupted{Unknown: true}}, []string{"S: One two three —"}, true},
		{"the host says nothing of it", time.Second, nil, []string{"S: One two three —"}, true},
		{"it said what was heard before", time.Second, []runtime.Input{runtime.PlayedOut{Upto: 4}}, []string{"S: One —"}, true},
		{"nothing was heard", 0, []runtime.Input{runtime.Interrupted{}}, nil, true},
		{"all was heard", time.Second, []runtime.Input{runtime.PlayedOut{Utterance: 2}}, []string{"S: " + words}, false},
		{"time enough to hear it all", time.Minute, nil, []string{"S: " + words}, false},
		{"the host is late: that utterance is long over", time.Second, []runtime.Input{runtime.PlayedOut{}, runtime.Interrupted{Utterance: 1, Heard: "H"}}, []string{"S: " + words}, false},
		{"an utterance that never was", time.Second, []runtime.Input{runtime.PlayedOut{Utterance: 9}, runtime.PlayedOut{}}, []string{"S: " + words}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				m := scripted.New(scripted.Follow(o.front.ID(), "1", words), scripted.Say("Yes?"))
				r := ring(t, o, runtime.Config{Model: m})
				r.put(t, runtime.PlayedOut{}, caller("Hi"))
				time.Sleep(tt.after)
				r.put(t, tt.inputs...)
				r.put(t, caller("Wait"))
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				record := r.over(t)
				require.Equal(t, append(append([]string{"S: Hello.", "C: Hi"}, tt.want...), "C: Wait", "S: Yes?"), transcript(record.Turns))
				require.Equal(t, tt.flushed, strings.Contains(strings.Join(r.line.said(), "|"), "flush"))
				valid(t, m.Requests()[1].Messages)
				heard := ""
				if len(tt.want) > 0 {
					heard = "[J1.1] " + strings.TrimSuffix(strings.TrimPrefix(tt.want[0], "S: "), "—")
				}
				told := m.Requests()[1].Messages[2]
				if heard == "" {
					require.Equal(t, model.User, told.Role, "the model does not remember what nobody heard")
					require.Empty(t, note(m.Requests()[1]), "nor is the job that it declared in hand")
					require.Empty(t, record.Used)
				} else {
					require.Equal(t, heard, told.Text)
				}
			})
		})
	}
}

func TestALateInterruptionOfAnOldUtteranceDropsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Wait(time.Second).And(scripted.Say("Here.")))})
		r.put(t, runtime.PlayedOut{}, caller("Hi"), runtime.Interrupted{Utterance: 1, Heard: "Hel"})
		time.Sleep(2 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		require.Equal(t, []string{"S: Hello.", "C: Hi", "S: Here."}, transcript(r.over(t).Turns))
	})
}

func TestWhatWasSaidAndNotHeardIsNotKeptWhenItIsRedacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three."), scripted.Say("Yes?")), Redact: strings.ToUpper})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, runtime.Interrupted{Heard: "One two"}, caller("Wait"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		turn := r.over(t).Turns[2]
		require.Equal(t, call.Turn{By: call.ByAgent, Text: "ONE TWO", Spoken: 7, Interrupted: true, Source: call.SourceUnknown, At: turn.At}, turn)
	})
}

func TestWhatWaitsBehindAnInterruptedUtteranceWasNotHeardEither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		first := strings.Repeat("first ", 14) // six seconds
		m := scripted.New(
			scripted.Say(first).And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})),
			scripted.Say("Found your order."), scripted.Say("Yes?"))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(3 * time.Second)
		r.put(t, caller("Wait"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Order 7", "S: " + first[:42] + "—", "C: Wait", "S: Yes?"}, transcript(record.Turns))
		messages := m.Requests()[2].Messages
		valid(t, messages)
		require.Len(t, record.Effects, 1, "what was done is kept")
		require.True(t, record.Effects[0].Done)
		require.Contains(t, note(m.Requests()[2]), "look_up is done.")
	})
}

func TestAnInterruptionCallsAnIntendedEndOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		bye := scripted.Say("Goodbye, and thank you.").And(scripted.Use(o.front.ID(), job.EndCall))
		m := scripted.New(bye, scripted.Say("Sure."), bye)
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Bye"))
		time.Sleep(time.Second)
		r.put(t, caller("Oh, wait"))
		require.Contains(t, m.Requests()[1].Messages[3].Text, "not carried out")
		r.put(t, runtime.PlayedOut{}, caller("Bye now"))
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, call.Ended, record.Outcome.Kind)
		require.Len(t, record.Effects, 1)
	})
}

// bargesIn is a Port on which the caller speaks while it takes the first piece of an answer.
type bargesIn struct {
	heardBy
	s *runtime.Session
}

func (b *bargesIn) Say(ctx context.Context, s runtime.Speech) error {
	if s.Text == "One " {
		<-time.After(time.Second) // meanwhile the model has said all of it
		if err := b.s.Put(caller("Wait")); err != nil {
			return err
		}
	}
	return b.heardBy.Say(ctx, s)
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
			time.Sleep(time.Minute)
			assert.NoError(t, s.Put(runtime.HungUp{}))
		}()
		_, err := s.Run(t.Context(), line)
		require.NoError(t, err)
		var said []string
		for _, speech := range line.all {
			said = append(said, speech.Text)
		}
		require.NotContains(t, said, "two ")
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

func TestANoteOfTheHostIsToldToTheModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.Say("Hi."), scripted.Say("Hi."))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.Note{Key: "plan", Value: "silver"}, runtime.Note{Key: "plan", Value: "gold \"VIP\""}, runtime.PlayedOut{}, caller("Hi"))
		require.Equal(t, `State: The host says: "plan" = "gold \"VIP\"".`, note(m.Requests()[0]))
		r.put(t, runtime.Note{Key: "story", Value: strings.Repeat("é", 500)}, caller("Hi"))
		require.LessOrEqual(t, len(note(m.Requests()[1])), 360)
		require.Contains(t, note(m.Requests()[1]), "é…")
		r.put(t, runtime.HungUp{})
		require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r.over(t)), "what was shortened is said")
	})
}

func TestFinishEndsTheCallAtOnce(t *testing.T) {
	for _, tt := range []struct {
		in   call.Outcome
		want call.Outcome
	}{
		{call.Outcome{}, call.Outcome{Kind: call.Ended, Exit: callflow.ExitEnded, Next: "hangup"}},
		{call.Outcome{Kind: call.Voicemail, Reason: "shutting down"}, call.Outcome{Kind: call.Voicemail, Reason: "shutting down", Exit: callflow.ExitVoicemail, Next: "voicemail"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three four.").And(scripted.Wait(time.Hour)))})
			r.put(t, runtime.PlayedOut{}, caller("Hi"))
			time.Sleep(time.Second)
			r.put(t, runtime.Finish{Outcome: tt.in})
			record := r.over(t)
			require.Equal(t, tt.want, record.Outcome)
			require.Equal(t, []string{"S: Hello.", "C: Hi", "S: One two three —"}, transcript(record.Turns)[:3])
			require.Equal(t, []string{"say Hello.One two three four.", "flush", "end " + string(tt.want.Kind)}, r.line.said())
		})
	}
}

func TestAFailingLineLeavesARecord(t *testing.T) {
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

func TestAContextThatEndsLeavesARecordToo(t *testing.T) {
	for _, fails := range []string{"", "Flush"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three four.").And(scripted.Wait(time.Hour)))})
			r.put(t, runtime.PlayedOut{}, caller("Hi"))
			r.line.fails = fails
			r.cancel()
			<-r.done
			require.ErrorIs(t, r.err, context.Canceled)
			require.Equal(t, fails != "", errors.Is(r.err, errLine))
			require.Equal(t, call.HungUp, r.record.Outcome.Kind)
			require.Equal(t, call.Completed, r.record.Status)
			require.Equal(t, []string{"S: Hello.", "C: Hi"}, transcript(r.record.Turns))
		})
	}
}

func TestEverybodyWhoLooksSeesTheWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.Follow(o.order.ID(), "1", "One moment.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}})
		watch := func(ctx context.Context) chan []runtime.Event {
			seen := make(chan []runtime.Event, 1)
			go func() {
				var all []runtime.Event
				for ev := range r.Events(ctx) {
					all = append(all, ev)
				}
				seen <- all
			}()
			return seen
		}
		early := watch(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		left := watch(ctx)
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		cancel()
		require.NotContains(t, <-left, runtime.Over{}, "a look ends with its context")
		r.put(t, runtime.HungUp{})
		record := r.over(t)

		all := <-early
		require.Empty(t, cmp.Diff(all, <-watch(t.Context())), "whoever comes late sees it from the beginning")
		require.Equal(t, runtime.Over{Outcome: record.Outcome}, all[len(all)-1], "Over is the last event")
		acted, ok := all[len(all)-2].(runtime.Acted)
		require.True(t, ok, "the action that came back after the caller had left")
		require.True(t, acted.Effect.Done)
		for range r.Events(t.Context()) {
			break
		}
	})
}

// transferring is a session whose caller has agreed to be transferred while Sona says so.
func transferring(t *testing.T, transfer runtime.Transferer, more ...scripted.Reply) (*running, *scripted.Model) {
	t.Helper()
	o := newOffice(t)
	m := scripted.New(append([]scripted.Reply{scripted.Say("Shall I transfer you?"),
		scripted.Say("I am connecting you to the desk now.").And(scripted.Use(o.front.ID(), job.TransferCall))}, more...)...)
	r := ring(t, o, runtime.Config{Model: m, Transfer: transfer})
	r.put(t, runtime.PlayedOut{}, caller("A person please"))
	r.put(t, runtime.PlayedOut{}, caller("Yes"))
	return r, m
}

func TestATransferIsCompleteWhenTheWordsBeforeItWereHeard(t *testing.T) {
	for name, inputs := range map[string][]runtime.Input{
		"after the words":                         nil,
		"when they were played":                   {runtime.PlayedOut{}},
		"when the line says that it is connected": {runtime.TransferStatus{State: runtime.TransferConnected}},
		"when the line goes with the transfer":    {runtime.HungUp{}},
		"also when the caller speaks into it":     {caller("Thanks")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, m := transferring(t, runtime.Handoff)
				r.put(t, inputs...)
				record := r.over(t)
				require.Equal(t, call.Transferred, record.Outcome.Kind)
				require.Equal(t, job.Target{Kind: job.TargetInbox, ID: "desk"}, record.Outcome.Target)
				require.Len(t, m.Requests(), 2)
			})
		})
	}
}

func TestATransferThatFailsOnTheLineGoesOnAndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m := transferring(t, runtime.Handoff, scripted.Say("Nobody answers there."), scripted.Say("Sure."))
		r.put(t, runtime.TransferStatus{Key: "of another", State: runtime.TransferFailed})
		require.Len(t, m.Requests(), 2)
		r.put(t, runtime.TransferStatus{State: runtime.TransferFailed, Reason: "no answer"})
		require.Contains(t, last(m.Requests()[2]).Text, `"ok":false,"note":"the transfer failed: no answer"`)
		require.Contains(t, note(m.Requests()[2]), "transfer_call failed.")
		valid(t, m.Requests()[2].Messages)
		r.put(t, runtime.PlayedOut{}, caller("Take a message then"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, call.HungUp, record.Outcome.Kind)
		require.Equal(t, "the transfer failed: no answer", record.Effects[0].Err)
		require.Equal(t, []call.NoteKind{call.NoteUnreachable}, kinds(record))
		require.Equal(t, "S: Nobody answers there.", transcript(record.Turns)[5])
	})
}

func TestATransferThatFailsBeforeItsServiceComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
			time.Sleep(5 * time.Second)
			return nil
		})
		r, _ := transferring(t, slow, scripted.Say("Nobody answers there."))
		r.put(t, runtime.TransferStatus{State: runtime.TransferFailed, Reason: "busy"})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, call.HungUp, record.Outcome.Kind)
		require.Equal(t, "the transfer failed: busy", record.Effects[0].Err)
		require.True(t, record.Effects[0].Done)
	})
}

func TestALineThatGoesBeforeTheTransferIsConfirmedWasTransferred(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want call.OutcomeKind
	}{{nil, call.Transferred}, {errors.New("busy"), call.HungUp}} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := transferring(t, runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
				time.Sleep(5 * time.Second)
				return tt.err
			}))
			r.put(t, runtime.HungUp{})
			record := r.over(t)
			require.Equal(t, tt.want, record.Outcome.Kind)
			require.Equal(t, []time.Duration{5 * time.Second}, r.line.ended, "End tells how it ended")
			require.True(t, record.Effects[0].Done)
		})
	}
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

// heardBy is a Port that keeps what it is given.
type heardBy struct{ all []runtime.Speech }

func (h *heardBy) Say(_ context.Context, s runtime.Speech) error {
	h.all = append(h.all, s)
	return nil
}
func (h *heardBy) Flush(context.Context) error             { return nil }
func (h *heardBy) End(context.Context, call.Outcome) error { return nil }

func TestASessionOnASnapshotIsStoredNowhere(t *testing.T) {
	o := newOffice(t)
	snap, err := o.ws.Snapshot(t.Context(), o.flow.ID())
	require.NoError(t, err)
	s, err := o.runtime(t, runtime.Config{Model: scripted.New()}).BeginOn(snap, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	require.NoError(t, s.Put(runtime.HungUp{}))
	record, err := s.Run(t.Context(), newLine(s))
	require.NoError(t, err)
	require.False(t, record.Test)
	_, err = o.ws.Call(t.Context(), record.ID)
	require.Error(t, err)
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
