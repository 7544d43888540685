package runtime_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

const timeIsUp = "I am sorry, our time is up and I have to end the call here. Goodbye."

func TestRule_ACallThatLastsTooLongIsToldSoThenSaysGoodbyeAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := scripted.New(scripted.Say("One."), scripted.Say("Two."), scripted.Say("Three."))
		r := ring(t, newOffice(t), runtime.Config{Model: m, Limits: runtime.Limits{Call: 10 * time.Minute, Silence: -1}})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		time.Sleep(8*time.Minute + time.Second)
		r.put(t, runtime.PlayedOut{}, caller("And?"))
		time.Sleep(time.Minute)
		r.put(t, runtime.PlayedOut{}, caller("And?"))
		r.put(t, runtime.PlayedOut{})
		require.Empty(t, note(m.Requests()[0]))
		require.Equal(t, "State: The call ends in 1 min at the latest: come to its end.", note(m.Requests()[1]))
		require.Equal(t, "State: The call ends in less than a minute: come to its end.", note(m.Requests()[2]))
		time.Sleep(59 * time.Second)
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, call.Outcome{Kind: call.TimeLimit, Reason: "the call reached 10m0s", Exit: callflow.ExitEnded, Next: "hangup"}, record.Outcome)
		require.Equal(t, "S: "+timeIsUp, transcript(record.Turns)[len(record.Turns)-1])
		require.Equal(t, 10*time.Minute, r.line.ended[0])
	})
}

func TestRule_AtTheLongestDurationWhatIsUnderWayIsFinished(t *testing.T) {
	limits := runtime.Limits{Call: time.Minute, Silence: -1, Filler: -1}
	for _, tt := range []struct {
		name    string
		replies func(o office) []scripted.Reply
		want    []string
		kind    call.OutcomeKind
	}{
		{"a reply", func(office) []scripted.Reply {
			return []scripted.Reply{scripted.Wait(5 * time.Second).And(scripted.Say("At nine."))}
		}, []string{"S: At nine.", "S: " + timeIsUp}, call.TimeLimit},
		{"an action", func(o office) []scripted.Reply {
			return []scripted.Reply{scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})}
		}, []string{"S: " + timeIsUp}, call.TimeLimit},
		{"an end of the model's own", func(o office) []scripted.Reply {
			return []scripted.Reply{scripted.Wait(5 * time.Second).And(scripted.Say("Bye.")).And(scripted.Use(o.front.ID(), job.EndCall))}
		}, []string{"S: Bye."}, call.Ended},
		{"a fault: it is not asked again", func(office) []scripted.Reply {
			return []scripted.Reply{scripted.Wait(5 * time.Second).And(scripted.Cut())}
		}, []string{"S: " + timeIsUp}, call.TimeLimit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				ran := 0
				r := ring(t, o, runtime.Config{Model: scripted.New(tt.replies(o)...), Limits: limits, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}})
				r.put(t, runtime.PlayedOut{})
				time.Sleep(58 * time.Second)
				r.put(t, caller("When?"))
				record := r.over(t)
				require.Equal(t, append([]string{"S: Hello.", "C: When?"}, tt.want...), transcript(record.Turns))
				require.Equal(t, tt.kind, record.Outcome.Kind)
				for _, f := range record.Effects {
					require.True(t, f.Done)
				}
			})
		})
	}
}

func TestRule_NobodySpeaksOverTheLastWords(t *testing.T) {
	bad := scripted.Fail(&model.Error{Kind: model.BadRequest})
	for name, tt := range map[string]struct {
		replies []scripted.Reply
		limits  runtime.Limits
		last    string
		kind    call.OutcomeKind
	}{
		"the time is up":         {nil, runtime.Limits{Call: time.Second}, timeIsUp, call.TimeLimit},
		"the model cannot go on": {[]scripted.Reply{bad, bad}, runtime.Limits{}, cannotGoOn, call.Fallback},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := ring(t, newOffice(t), runtime.Config{Model: scripted.New(tt.replies...), Limits: tt.limits})
				r.put(t, runtime.PlayedOut{})
				for range tt.replies {
					r.put(t, runtime.PlayedOut{}, caller("Hi"))
				}
				time.Sleep(time.Second)
				r.put(t, runtime.Interrupted{Unknown: true}, caller("Wait, what?"))
				record := r.over(t)
				require.NotContains(t, r.line.said(), "flush")
				turns := transcript(record.Turns)
				require.Equal(t, []string{"S: " + tt.last, "C: Wait, what?"}, turns[len(turns)-2:], "what the caller said is kept")
				require.Equal(t, tt.kind, record.Outcome.Kind)
			})
		})
	}
}

func TestRule_AChatNoticesItsLongestDurationWhenTheCallerSpeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := scripted.New(scripted.Say("Hi."))
		c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		require.Equal(t, "Hi.", hear(t, c, "Hi"))
		time.Sleep(time.Hour)
		require.Equal(t, timeIsUp, hear(t, c, "Still there?"))
		require.Equal(t, call.TimeLimit, outcome(t, c).Kind)

		c = newOffice(t).chat(t, runtime.Config{Model: scripted.New(scripted.Say("Yes.")), Limits: runtime.Limits{Call: -1}}, runtime.Incoming{})
		time.Sleep(100 * time.Hour)
		require.Equal(t, "Yes.", hear(t, c, "Still there?"))
		end(t, c)
	})
}

func TestRule_AGreetingThatMustBeHeardIsNotSpokenOver(t *testing.T) {
	const played = time.Duration(6) * time.Second / 14 // Hello.
	for _, tt := range []struct {
		name    string
		inputs  []runtime.Input
		then    []runtime.Input
		want    []string
		heardAt time.Duration
	}{
		{"words wait until it was heard", []runtime.Input{caller("Hi"), caller("I need help")}, []runtime.Input{runtime.PlayedOut{}}, []string{"S: Hello.", "C: Hi", "C: I need help", "S: Yes?"}, 0},
		{"or as it is estimated, with a second for the line", []runtime.Input{caller("Hi")}, nil, []string{"S: Hello.", "C: Hi", "S: Yes?"}, time.Second + played + 1},
		{"nothing stops it", []runtime.Input{runtime.Interrupted{Unknown: true}, runtime.Interrupted{Utterance: 1, Heard: "H"}, runtime.CallerSaid{Text: "Hi", Partial: true}, caller("Hi")},
			[]runtime.Input{runtime.PlayedOut{}}, []string{"S: Hello.", "C: Hi", "S: Yes?"}, 0},
		{"keys wait as well", []runtime.Input{runtime.CallerPressed{Digits: "1#"}, caller("Hi")}, []runtime.Input{runtime.PlayedOut{}}, []string{"S: Hello.", "C: (pressed 1 on the keypad)", "C: Hi", "S: Yes?"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := scripted.New(scripted.Say("Yes?"))
				o := newOffice(t)
				s := o.session(t, runtime.Config{Model: m, HearGreeting: true})
				p := &heardBy{}
				done := make(chan call.Record)
				go func() {
					r, _ := s.Run(t.Context(), p)
					done <- r
				}()
				synctest.Wait()
				put := func(inputs ...runtime.Input) {
					synctest.Wait()
					for _, in := range inputs {
						require.NoError(t, s.Put(in))
					}
					synctest.Wait()
				}
				put(tt.inputs...)
				require.Empty(t, m.Requests(), "nobody answers yet")
				put(tt.then...)
				time.Sleep(tt.heardAt)
				put(runtime.PlayedOut{}, runtime.HungUp{})
				record := <-done
				require.Len(t, m.Requests(), 1, "all of it is answered at once")
				require.Equal(t, tt.want, transcript(record.Turns))
				require.True(t, p.all[0].NoInterrupt, "the line is told")
				require.False(t, p.all[1].NoInterrupt)
			})
		})
	}
	t.Run("a caller who hangs up has spoken all the same", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := ring(t, newOffice(t), runtime.Config{Model: scripted.New(), HearGreeting: true})
			r.put(t, caller("Hi"), runtime.CallerPressed{Digits: "12"}, runtime.HungUp{})
			require.Equal(t, []string{"C: Hi", "C: (pressed 12 on the keypad)"}, transcript(r.over(t).Turns))
		})
	})
	t.Run("a step may have it for itself, once it is published", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			heard := func() bool {
				m := scripted.New(scripted.Say("Yes?"))
				r := ring(t, o, runtime.Config{Model: m})
				r.put(t, caller("Hi"))
				kept := len(m.Requests()) == 0
				r.put(t, runtime.HungUp{})
				r.over(t)
				return kept
			}
			require.False(t, heard())
			f, err := o.ws.EditDraft(t.Context(), o.flow.ID(), o.flow.Revision(), func(d *callflow.Draft) error {
				return d.EditSona(callflow.Sona, func(s *callflow.SonaStep) { s.HearGreeting = true })
			})
			require.NoError(t, err)
			require.False(t, heard())
			_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
			require.NoError(t, err)
			require.True(t, heard())
		})
	})
	t.Run("other greetings are spoken over", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := scripted.New(scripted.Say("Yes?"))
			r := ring(t, newOffice(t), runtime.Config{Model: m})
			r.put(t, caller("Hi"))
			require.Len(t, m.Requests(), 1)
			r.put(t, runtime.HungUp{})
			r.over(t)
		})
	})
}

func TestRule_KeysAreOneEntry(t *testing.T) {
	press := func(keys string) runtime.Input { return runtime.CallerPressed{Digits: keys} }
	for _, tt := range []struct {
		name   string
		inputs []runtime.Input // a second apart
		want   []string        // what the caller said
		takes  time.Duration
	}{
		{"until nothing more comes", []runtime.Input{press("4"), press("1"), press("2")}, []string{"C: (pressed 412 on the keypad)"}, 4 * time.Second},
		{"until a hash", []runtime.Input{press("4"), press("1#")}, []string{"C: (pressed 41 on the keypad)"}, time.Second},
		{"a hash alone", []runtime.Input{press("#")}, []string{"C: (pressed # on the keypad)"}, 0},
		{"a star", []runtime.Input{press("*1")}, []string{"C: (pressed *1 on the keypad)"}, 2 * time.Second},
		{"with the words that follow", []runtime.Input{press("41"), caller("is my number")}, []string{"C: (pressed 41 on the keypad) is my number"}, time.Second},
		{"one after the other", []runtime.Input{press("1#"), press("2#")}, []string{"C: (pressed 1 on the keypad)", "C: (pressed 2 on the keypad)"}, time.Second},
		{"two in one", []runtime.Input{press("1#2")}, []string{"C: (pressed 1 on the keypad)", "C: (pressed 2 on the keypad)"}, 2 * time.Second},
		{"what is no key is dropped", []runtime.Input{press("1-x?\x00"), press("")}, []string{"C: (pressed 1 on the keypad)"}, 2 * time.Second},
		{"64 of them", []runtime.Input{press("1234567890123456789012345678901234567890"), press("1234567890123456789012345678901234567890#")},
			[]string{"C: (pressed 1234567890123456789012345678901234567890123456789012345678901234 on the keypad)"}, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := scripted.New(scripted.Wait(5*time.Second), scripted.Wait(5*time.Second))
				r := ring(t, newOffice(t), runtime.Config{Model: m})
				r.put(t, runtime.PlayedOut{})
				began := time.Now()
				for i, in := range tt.inputs {
					if i > 0 {
						time.Sleep(time.Second)
					}
					r.put(t, in)
				}
				for n := len(m.Requests()); n < len(tt.want); n = len(m.Requests()) {
					time.Sleep(time.Second)
					synctest.Wait()
				}
				require.Equal(t, tt.takes, time.Since(began))
				r.put(t, runtime.HungUp{})
				require.Equal(t, append([]string{"S: Hello."}, tt.want...), transcript(r.over(t).Turns))
				require.Contains(t, last(m.Requests()[0]).Text, "on the keypad)")
			})
		})
	}
	t.Run("whoever holds a key down fills nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := ring(t, newOffice(t), runtime.Config{Model: scripted.New()})
			for range 1000 {
				r.put(t, press(strings.Repeat("5", 100)))
				time.Sleep(time.Second)
			}
			r.put(t, press("#"), runtime.HungUp{})
			record := r.over(t)
			require.Equal(t, "(pressed "+strings.Repeat("5", 64)+" on the keypad)", record.Turns[len(record.Turns)-1].Text)
		})
	})
	t.Run("the first key stops Sona", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := ring(t, newOffice(t), runtime.Config{Model: scripted.New()})
			r.put(t, press("1"))
			require.Contains(t, r.line.said(), "flush")
			r.put(t, runtime.HungUp{})
			require.Equal(t, []string{"C: (pressed 1 on the keypad)"}, transcript(r.over(t).Turns), "what was pressed is kept")
		})
	})
}

func TestRule_ATransferHasFourStates(t *testing.T) {
	for _, tt := range []struct {
		state string
		kind  call.OutcomeKind // "" = the conversation goes on
		done  bool
		told  string
		note  string
	}{
		{runtime.TransferConnected, call.Transferred, true, "", ""},
		{runtime.TransferAccepted, call.Transferred, true, "", ""}, // when the words before it were heard
		{runtime.TransferFailed, "", true, `{"ok":false,"note":"the transfer failed: no answer"}`, "transfer_call failed."},
		{runtime.TransferUnknown, "", false, `{"ok":false,"note":"it is not known what became of the transfer, so it is not done again: no answer"}`, "transfer_call: whether it was done is not known; do not repeat it."},
	} {
		t.Run(tt.state, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, m := transferring(t, runtime.Handoff, scripted.Say("Shall I try to transfer you again?"),
					scripted.Call("transfer_call", `{"sona_action":"J1.A2"}`), scripted.Say("Sorry."))
				r.put(t, runtime.TransferStatus{State: tt.state, Reason: "no answer"})
				if tt.kind != "" {
					record := r.over(t)
					require.Equal(t, tt.kind, record.Outcome.Kind)
					require.Equal(t, tt.done, record.Effects[0].Done)
					return
				}
				require.JSONEq(t, tt.told, last(m.Requests()[2]).Text)
				require.Contains(t, note(m.Requests()[2]), tt.note)
				r.put(t, runtime.PlayedOut{}, caller("Yes"))
				if tt.done {
					record := r.over(t)
					require.Len(t, record.Effects, 2, "with the caller's agreement a failed one is tried again")
					require.Equal(t, call.Transferred, record.Outcome.Kind)
					return
				}
				require.Contains(t, last(m.Requests()[4]).Text, "it is not known what became of the transfer", "it is never tried again")
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				record := r.over(t)
				require.Len(t, record.Effects, 1)
				require.False(t, record.Effects[0].Done)
			})
		})
	}
}
