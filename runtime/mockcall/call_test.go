package mockcall_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// testRecorder is a test that is expected to fail: it keeps what would be told.
type testRecorder struct {
	testing.TB
	ctx      context.Context //nolint:containedctx // it stands for the test that hands it out
	errors   []string
	logs     []string
	cleanups []func()
}

type failedNow struct{}

func (r *testRecorder) Helper() {}

func (r *testRecorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *testRecorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(failedNow{})
}

func (r *testRecorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *testRecorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *testRecorder) Context() context.Context { return r.ctx }

// record runs a test and returns what it told; lines of files are left out.
func record(t *testing.T, test func(t testing.TB)) *testRecorder {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &testRecorder{TB: t, ctx: ctx}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(failedNow{}) {
				panic(p)
			}
		}()
		test(r)
	}()
	cancel()
	for len(r.cleanups) > 0 {
		last := r.cleanups[len(r.cleanups)-1]
		r.cleanups = r.cleanups[:len(r.cleanups)-1]
		last()
	}
	for _, all := range [][]string{r.errors, r.logs} {
		for i, e := range all {
			all[i] = regexp.MustCompile(`_test\.go:\d+`).ReplaceAllString(e, "_test.go:N")
		}
	}
	return r
}

func (s shop) call(t testing.TB, c mockcall.Config) *mockcall.Call {
	t.Helper()
	c.Flow = s.flow.ID()
	return mockcall.New(t, s.ws, c)
}

func TestACallIsWrittenTurnByTurn(t *testing.T) {
	s := newShop(t)
	c := s.call(t, mockcall.Config{})
	c.Expect().Says("an AI assistant")
	c.Expect().Never().Does(job.TransferCall)
	c.Expect().Once().Does(job.SendSMS)
	c.Expect().Within(4).Says("thank you")
	c.Say("Can I have the price list?")
	c.Expect().Chooses("Text the link").Next().Reaches("Text the link", "1")
	c.Say("Ann")
	c.Expect().Does(job.SendSMS, mockcall.Text("text", "Prices: https://example.com/prices")).After().Chooses("Text the link").Before().Says("Did the text arrive")
	c.Say("Yes, it arrived")
	c.Expect().Ends(call.Ended)
	mockcall.Assert(t, c.Result(), mockcall.Collected("Text the link", "Name", "Ann"), mockcall.Ends(call.Ended))
}

func TestACallByTurnsIsTheCallInOneGo(t *testing.T) {
	s := newShop(t)
	lines := []string{"Can I have the price list?", "Ann", "Yes, it arrived"}
	c := s.call(t, mockcall.Config{})
	c.Talk(mockcall.Script(lines...))
	require.Empty(t, cmp.Diff(s.run(t, mockcall.Config{Caller: mockcall.Script(lines...)}).Transcript(), c.Result().Transcript()))
	first := c.Result()
	require.Same(t, first, c.Result())
}

func TestWhatWasExpectedAndDidNotHappenIsShownWhereItWasExpected(t *testing.T) {
	s := newShop(t)
	for _, tt := range []struct {
		name string
		test func(c *mockcall.Call)
		want string
	}{
		{"the next thing is another", func(c *mockcall.Call) {
			c.Say("Can I have the price list?")
			c.Expect().Asks("phone number")
		}, `mockcall: call_test.go:N: expected next: Sona asks "phone number"; instead: Sona (Text the link, step 1): What is your name?
in hand: job "Text the link", step 1
  Sona: Hello, this is Sona, an AI assistant.
  caller: Can I have the price list?
  job "Text the link" in hand
> Sona (Text the link, step 1): What is your name?
`},
		{"an action with another argument", func(c *mockcall.Call) {
			c.Say("Can I have the price list?")
			c.Say("Ann")
			c.Expect().Does(job.SendSMS, mockcall.Text("text", "Hi"))
		}, `mockcall: call_test.go:N: expected next: send_sms is done with the arguments that are expected; instead: send_sms {"text":"Prices: https://example.com/prices"}; argument text is "Prices: https://example.com/prices", not Hi
in hand: job "Text the link", step 2
  job "Text the link" in hand
  Sona (Text the link, step 1): What is your name?
  caller: Ann
  Sona (Text the link, step 2): I am sending you a text message now.
> send_sms {"text":"Prices: https://example.com/prices"}
  Sona (Text the link, step 2): Did the text arrive?
`},
		{"nothing of the kind", func(c *mockcall.Call) {
			c.Expect().Does(job.SendSMS).Says("chains break at their first failure")
		}, `mockcall: call_test.go:N: expected next: send_sms is done; nothing of the kind happened
no job is known to be in hand
> Sona: Hello, this is Sona, an AI assistant.
`},
		{"never", func(c *mockcall.Call) {
			c.Expect().Never().Does(job.SendSMS)
			c.Say("Can I have the price list?")
			c.Say("Ann")
		}, `mockcall: call_test.go:N: expected never: send_sms is done
in hand: job "Text the link", step 2
  job "Text the link" in hand
  Sona (Text the link, step 1): What is your name?
  caller: Ann
  Sona (Text the link, step 2): I am sending you a text message now.
> send_sms {"text":"Prices: https://example.com/prices"}
  Sona (Text the link, step 2): Did the text arrive?
`},
		{"once, and not at all", func(c *mockcall.Call) {
			c.Expect().Once().Does(job.SendSMS)
			c.Hangup()
		}, `mockcall: call_test.go:N: expected once: send_sms is done; it did not happen
no job is known to be in hand
  Sona: Hello, this is Sona, an AI assistant.
  caller: (hangs up)
> over: hung_up 
`},
		{"within turns that are over", func(c *mockcall.Call) {
			c.Expect().Within(2).Does(job.SendSMS)
			c.Say("Can I have the price list?")
			c.Say("Ann")
		}, `mockcall: call_test.go:N: expected within 2 turns: send_sms is done
in hand: job "Text the link", step 2
  caller: Can I have the price list?
  job "Text the link" in hand
  Sona (Text the link, step 1): What is your name?
  caller: Ann
> Sona (Text the link, step 2): I am sending you a text message now.
  send_sms {"text":"Prices: https://example.com/prices"}
  Sona (Text the link, step 2): Did the text arrive?
`},
		{"the other order", func(c *mockcall.Call) {
			c.Say("Can I have the price list?")
			c.Say("Ann")
			c.Expect().Does(job.SendSMS).Before().Asks("your name")
		}, `mockcall: call_test.go:N: expected: send_sms {"text":"Prices: https://example.com/prices"}, before: Sona asks "your name"
in hand: job "Text the link", step 1
  Sona: Hello, this is Sona, an AI assistant.
  caller: Can I have the price list?
  job "Text the link" in hand
> Sona (Text the link, step 1): What is your name?
  caller: Ann
  Sona (Text the link, step 2): I am sending you a text message now.
  send_sms {"text":"Prices: https://example.com/prices"}
  Sona (Text the link, step 2): Did the text arrive?
`},
		{"a caller who talks to nobody", func(c *mockcall.Call) {
			c.Expect().Says("hello")
			c.Hangup()
			c.Say("Hello?")
		}, `mockcall: call_test.go:N: the call is over: the caller cannot say Hello?
no job is known to be in hand
  Sona: Hello, this is Sona, an AI assistant.
  caller: (hangs up)
> over: hung_up 
`},
		{"a call that nobody looks at", func(c *mockcall.Call) { c.Hangup() },
			`mockcall: call_test.go:N: nothing was expected of this call, and its result was not looked at: such a test cannot fail`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := record(t, func(tb testing.TB) { tt.test(s.call(tb, mockcall.Config{})) })
			require.Len(t, r.errors, 1, "%v", r.errors)
			require.Empty(t, cmp.Diff(tt.want, r.errors[0]))
		})
	}
}

func TestACallThatATestForgotIsEndedAndSaid(t *testing.T) {
	s := newShop(t)
	r := record(t, func(tb testing.TB) { s.call(tb, mockcall.Config{}).Expect().Says("hello") })
	require.Empty(t, r.errors)
	require.Equal(t, []string{"mockcall: call_test.go:N: the test ended before its call: it was hung up; Hangup or Result end it"}, r.logs)
}

func TestACallThatCannotBeginEndsTheTest(t *testing.T) {
	s := newShop(t)
	r := record(t, func(tb testing.TB) { mockcall.New(tb, s.ws, mockcall.Config{Flow: "flow_x"}) })
	require.Len(t, r.errors, 1)
	require.Contains(t, r.errors[0], "not found")
}

func TestACallEndsWithTheContextOfItsTest(t *testing.T) {
	s := newShop(t)
	r := record(t, func(tb testing.TB) {
		rec := tb.(*testRecorder)
		ctx, cancel := context.WithCancel(rec.ctx)
		rec.ctx = ctx
		c := s.call(tb, mockcall.Config{})
		cancel()
		c.Say("Hello?")
	})
	require.NotEmpty(t, r.errors)
	require.Contains(t, strings.Join(r.errors, "\n"), "call_test.go:N: the ")
}

func TestACallerSpeaksIntoWhatSonaSays(t *testing.T) {
	s := newShop(t)
	m := scripted.New(scripted.Say("We are open until six. On Sundays we are closed."), scripted.Say("Of course."))
	c := s.call(t, mockcall.Config{Model: m})
	c.Say("When are you open?")
	c.Interrupt("until six.", "And the prices?")
	c.Expect().Next().Says("of course")
	r := c.Result()
	require.Equal(t, "We are open until six.", r.Record.Turns[2].Heard())
	require.True(t, r.Record.Turns[2].Interrupted)

	failed := record(t, func(tb testing.TB) {
		c := s.call(tb, mockcall.Config{})
		c.Expect().Says("hello")
		c.Interrupt("the prices", "Wait")
	})
	require.Len(t, failed.errors, 1)
	require.Contains(t, failed.errors[0], `Sona does not say "the prices" now: nothing to interrupt`)
}

func TestAGoodbyeThatIsInterruptedIsNoEnd(t *testing.T) {
	s := newShop(t)
	c := s.call(t, mockcall.Config{})
	c.Say("Can I have the price list?")
	c.Say("Ann")
	c.Say("Yes, it arrived")
	c.Interrupt("Thank you", "One more thing!")
	c.Expect().Never().Ends(call.Ended)
	c.Hangup()
	mockcall.Assert(t, c.Result(), mockcall.Ends(call.HungUp), mockcall.Never(job.EndCall))
}

func TestSilenceAndKeysAreThoseOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		c := s.call(t, mockcall.Config{})
		c.Press("12")
		c.Silence(11 * time.Second)
		c.Expect().Next().Says("still there")
		c.Silence(time.Minute)
		c.Expect().Ends(call.NoInput)
		require.Contains(t, c.Result().Transcript(), "Caller: (pressed 12 on the keypad)\n")
	})
}

func TestAModelThatTakesItsTimeIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		c := s.call(t, mockcall.Config{Model: scripted.New(scripted.Wait(5 * time.Second).And(scripted.Say("Here I am.")))})
		began := time.Now()
		c.Say("Hello?")
		c.Expect().Says("here I am")
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

func TestCallsRunSideBySide(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := s.call(t, mockcall.Config{})
			c.Talk(mockcall.Script("Can I have the price list?", "Ann", "Yes, it arrived"))
			mockcall.Assert(t, c.Result(), mockcall.Ends(call.Ended))
		})
	}
}

func TestSeveralCandidatesAreTriedAtOnce(t *testing.T) {
	s := newShop(t)
	var both []job.Job
	for _, what := range []string{"weather", "traffic"} {
		j, err := job.New(job.Spec{Name: "Tell the " + what, CallerIntent: "The caller asks about the " + what + ".", Instructions: "1. Say \"The " + what + " is fine.\""})
		require.NoError(t, err)
		both = append(both, j)
	}
	c := s.call(t, mockcall.Config{Candidates: both})
	c.Say("How about the traffic today?")
	c.Expect().Chooses("Tell the traffic").Says("the traffic is fine")
	c.Say("And, by the way, how about the weather today?")
	c.Expect().Chooses("Tell the weather")
	c.Hangup()
}

func TestAnActionThatFailsCanBeExpected(t *testing.T) {
	s := newShop(t)
	c := s.call(t, mockcall.Config{Faults: map[job.ActionName]error{job.SendSMS: errors.New("down")}})
	c.Say("Can I have the price list?")
	c.Say("Ann")
	c.Expect().Fails(job.SendSMS).Says("could not be sent")
	c.Expect().Never().Does(job.SendSMS)
	c.Expect().Ends(call.Ended)
}

func TestACallerWhoCannotGoOnEndsTheTest(t *testing.T) {
	s := newShop(t)
	broken := mockcall.CallerFunc(func(context.Context, []call.Turn) (string, bool, error) { return "", false, errors.New("out of words") })
	endless := mockcall.CallerFunc(func(context.Context, []call.Turn) (string, bool, error) { return "Hm.", false, nil })
	for want, talk := range map[string]func(c *mockcall.Call){
		"caller: out of words": func(c *mockcall.Call) { c.Talk(broken) },
		"mockcall: the call did not end within 2 things that the caller said": func(c *mockcall.Call) { c.Talk(endless) },
		"Say without words":                                        func(c *mockcall.Call) { c.Say(" ") },
		"nobody is there to interrupt":                             func(c *mockcall.Call) { c.Hangup(); c.Interrupt("", "Wait") },
		"nothing was found that could stand before":                func(c *mockcall.Call) { c.Expect().Before().Says("hello"); c.Hangup() },
		"expected after send_sms is done, but that did not happen": func(c *mockcall.Call) { c.Expect().Says("hello").After().Does(job.SendSMS); c.Hangup() },
		"expected next: step 9 of job":                             func(c *mockcall.Call) { c.Expect().Reaches("Text the link", "9"); c.Hangup() },
		"it happened twice":                                        func(c *mockcall.Call) { c.Expect().Once().Says("hello"); c.Say("Hello?"); c.Say("Hello?"); c.Hangup() },
	} {
		t.Run(want, func(t *testing.T) {
			m := scripted.New(scripted.Say("Hello."), scripted.Say("Hello again."))
			r := record(t, func(tb testing.TB) {
				c := s.call(tb, mockcall.Config{MaxTurns: 2, Model: m})
				_ = c.Expect()
				talk(c)
			})
			require.Contains(t, strings.Join(r.errors, "\n"), want)
		})
	}
}

func TestATransferIsAgreedToAndEndsTheCall(t *testing.T) {
	s := newShop(t)
	j, err := job.New(job.Spec{Name: "Pass on", CallerIntent: "The caller wants to speak to sales.", Instructions: "This job passes the caller on to sales.\n1. {{action transfer_call to=\"inbox:sales\"}}"})
	require.NoError(t, err)
	c := s.call(t, mockcall.Config{Candidates: []job.Job{j}})
	c.Say("I want to speak to sales, please.")
	c.Expect().Asks("transfer")
	c.Say("Yes, please.")
	c.Expect().Does(job.TransferCall, mockcall.To("inbox:sales")).Ends(call.Transferred)
}
