package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestACallerGetsTheIntakeForm(t *testing.T) {
	o := open(t)
	c := o.dial(t, "+15550123")
	end := c.talk(t, []answer{
		{"How can I help", "SAID I am a new patient and need the intake form."},
		{"What full name", "SAID Jane Doe."},
		{"Which service", "SAID A check-up."},
		{"Has the text arrived", "SAID Yes, it did."},
	})
	if end != "END ended hangup" {
		t.Fatalf("the call ended with %q; heard:\n%s", end, strings.Join(c.heard, "\n"))
	}

	if got := o.texts(); !slices.Equal(got, []string{"+15550100 → +15550123: Here is the intake form from our team: https://example.com/intake"}) {
		t.Errorf("text messages: %q", got)
	}

	r := o.record(t, "+15550123")
	if r.Status != call.Completed || r.Outcome.Kind != call.Ended || r.Outcome.Next != "hangup" || r.Test {
		t.Errorf("the record: status %s, outcome %+v, test %t", r.Status, r.Outcome, r.Test)
	}
	done := map[job.ActionName]int{}
	for _, f := range r.Effects {
		if f.Done && f.Err == "" && !f.Dry {
			done[f.Action]++
		}
	}
	if len(r.Effects) != 2 || done[job.SendSMS] != 1 || done[job.EndCall] != 1 {
		t.Errorf("effects: %+v", r.Effects)
	}
	for field, want := range map[string]any{"Full name": "Jane Doe", "Service": "A check-up", "Text arrived": true} {
		if got, _ := r.Summary.Get("Send an intake form", field); got != want {
			t.Errorf("result %q is %v, not %v", field, got, want)
		}
	}
	for _, turn := range r.Turns {
		if turn.Interrupted {
			t.Errorf("cut off, though all of it was sent: %q", turn.Text)
		}
	}
	if r.Summary.Status != call.SummaryCompleted || len(r.Turns) != len(c.heard)+4 {
		t.Errorf("summary %+v, %d turns for %d lines heard", r.Summary, len(r.Turns), len(c.heard))
	}
}

func TestCallersDoNotDisturbEachOther(t *testing.T) {
	o := open(t)
	one, two := o.dial(t, "+15550124"), o.dial(t, "anonymous")

	var both sync.WaitGroup
	var transferred, left string
	both.Go(func() {
		transferred = one.talk(t, []answer{
			{"How can I help", "SAID Let me talk to a real person, please."},
			{"Which person", "SAID The front desk."},
			{"What full name", "SAID Jane Doe."},
			{"What is the topic", "SAID My appointment."},
			{"May I transfer you", "SAID Yes, please."},
		})
	})
	both.Go(func() {
		left = two.talk(t, []answer{
			{"How can I help", "SAID I need the intake form."},
			{"What full name", "HUNGUP"},
		})
	})
	both.Wait()

	if transferred != "END transferred inbox:front-desk" {
		t.Errorf("one: %q; heard:\n%s", transferred, strings.Join(one.heard, "\n"))
	}
	if r := o.record(t, "+15550124"); r.Outcome.Target.String() != "inbox:front-desk" || len(r.Effects) != 1 || r.Effects[0].Action != job.TransferCall {
		t.Errorf("one: outcome %+v, effects %+v", r.Outcome, r.Effects)
	}
	if left != "END hung_up -" {
		t.Errorf("two: %q; heard:\n%s", left, strings.Join(two.heard, "\n"))
	}
	if r := o.record(t, "anonymous"); r.Outcome.Reason != "the caller hung up" || len(r.Effects) != 0 || r.Status != call.Completed {
		t.Errorf("two: outcome %+v, effects %+v, status %s", r.Outcome, r.Effects, r.Status)
	}
	if got := o.texts(); len(got) > 0 {
		t.Errorf("text messages: %q", got)
	}
}

func TestAHostThatStopsEndsItsCalls(t *testing.T) {
	o := open(t)
	c := o.dial(t, "+15550125")
	c.until(t, "How can I help")
	o.stop()
	if end := c.talk(t, nil); end != "END hung_up -" {
		t.Errorf("the call ended with %q", end)
	}
	if r := o.record(t, "+15550125"); r.Status != call.Completed {
		t.Errorf("the record is %s", r.Status)
	}
}

// Whoever types takes their time.
func TestNobodyIsAskedWhetherTheyAreStillThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ws := storage.Open(memory.New(), "acme")
		if err := publish(t.Context(), ws); err != nil {
			t.Fatal(err)
		}
		h, err := newHost(ws, func(context.Context, runtime.CallInfo, string) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		hosts, callers := net.Pipe()
		var both sync.WaitGroup
		both.Go(func() { h.answer(t.Context(), hosts) })
		var heard []string
		both.Go(func() {
			for in := bufio.NewScanner(callers); in.Scan(); {
				heard = append(heard, in.Text())
			}
		})
		send := func(line string) {
			if _, err := fmt.Fprintln(callers, line); err != nil {
				t.Error(err)
			}
			time.Sleep(20 * time.Minute)
		}
		send("CALL +15550126")
		send("SAID I need the intake form.")
		send("HUNGUP")
		both.Wait()
		if len(heard) != 3 || heard[2] != "END hung_up -" {
			t.Errorf("heard:\n%s", strings.Join(heard, "\n"))
		}
	})
}

func TestAConnectionThatIsNoCallIsClosed(t *testing.T) {
	o := open(t)
	c := o.connect(t)
	c.send(t, "GET / HTTP/1.1")
	if c.in.Scan() {
		t.Errorf("was answered %q", c.in.Text())
	}
}

// office is a host that runs, and what it did.
type office struct {
	workspace *storage.Workspace
	address   net.Addr
	stop      func() // and wait until all calls are over

	mu   sync.Mutex
	sent []string
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{workspace: storage.Open(memory.New(), "acme")}
	if err := publish(t.Context(), o.workspace); err != nil {
		t.Fatal(err)
	}
	h, err := newHost(o.workspace, func(_ context.Context, i runtime.CallInfo, text string) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sent = append(o.sent, fmt.Sprintf("%s → %s: %s", i.Number, i.Caller.Number, text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = listener.Addr()

	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- h.serve(ctx, listener) }()
	o.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("the host: %v", err)
		}
	})
	t.Cleanup(o.stop)
	return o
}

func (o *office) texts() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.sent)
}

// record returns the stored record of the call that came from an address.
func (o *office) record(t *testing.T, from call.Address) call.Record {
	t.Helper()
	for r, err := range o.workspace.Calls(t.Context(), storage.CallQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Caller.Number == from {
			stored, err := o.workspace.Call(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			return stored
		}
	}
	t.Fatalf("no record of a call from %s", from)
	return call.Record{}
}

// caller is the other end of a line.
type caller struct {
	conn  net.Conn
	in    *bufio.Scanner
	heard []string
}

// answer is what a caller does when they hear certain words.
type answer struct{ hears, does string }

func (o *office) connect(t *testing.T) *caller {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", o.address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil { // so that a test that fails ends
		t.Fatal(err)
	}
	return &caller{conn: conn, in: bufio.NewScanner(conn)}
}

func (o *office) dial(t *testing.T, from string) *caller {
	t.Helper()
	c := o.connect(t)
	c.send(t, "CALL "+from)
	return c
}

func (c *caller) send(t *testing.T, line string) {
	t.Helper()
	if _, err := fmt.Fprintln(c.conn, line); err != nil {
		t.Error(err)
	}
}

// talk gives the answers, each when its words are heard, and returns the last line before the connection is
// closed: by then the record is stored.
func (c *caller) talk(t *testing.T, answers []answer) (last string) {
	t.Helper()
	for c.in.Scan() {
		last = c.in.Text()
		if word, said, _ := strings.Cut(last, " "); word == "SAY" {
			c.heard = append(c.heard, said)
		}
		if len(answers) > 0 && strings.Contains(last, answers[0].hears) {
			c.send(t, answers[0].does)
			answers = answers[1:]
		}
	}
	if len(answers) > 0 {
		t.Errorf("never heard %q", answers[0].hears)
	}
	return last
}

// until listens until certain words are heard.
func (c *caller) until(t *testing.T, words string) {
	t.Helper()
	for c.in.Scan() {
		if strings.Contains(c.in.Text(), words) {
			return
		}
	}
	t.Fatalf("never heard %q", words)
}
