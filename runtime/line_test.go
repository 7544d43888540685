package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
)

// line is a Port: it writes down what it is told, and answers utterances by what they end with.
type line struct {
	s       *runtime.Session
	answers map[string][]runtime.Input // put when an utterance that ends so is whole
	fails   string                     // the method that answers with an error
	panics  string                     // the method that panics

	mu    sync.Mutex
	log   []string
	text  string   // of the utterance being said
	times []string // when each utterance was whole, and which
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
	l.mu.Lock()
	l.times = append(l.times, fmt.Sprintf("%v %s", time.Since(l.began), text))
	l.mu.Unlock()
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

// at returns when each utterance was whole, and which.
func (l *line) at() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.times)
}

// inBubble runs a subtest in a bubble of fake time, which fails when a goroutine stays behind.
func inBubble(test func(t *testing.T)) func(t *testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
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
	return run(t, o.session(t, c))
}

// run runs a session on a line and lets it greet.
func run(t *testing.T, s *runtime.Session) *running {
	t.Helper()
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
	synctest.Wait()
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

// bargesIn is a Port on which the caller speaks while it takes the first piece of an answer.
type bargesIn struct {
	heardBy
	s *runtime.Session
}

func (b *bargesIn) Say(ctx context.Context, s runtime.Speech) error {
	if strings.TrimSpace(s.Text) == "One" {
		<-time.After(time.Second) // meanwhile the model has said all of it
		if err := b.s.Put(caller("Wait")); err != nil {
			return err
		}
	}
	return b.heardBy.Say(ctx, s)
}

// heardBy is a Port that keeps what it is given.
type heardBy struct{ all []runtime.Speech }

func (h *heardBy) Say(_ context.Context, s runtime.Speech) error {
	h.all = append(h.all, s)
	return nil
}

func (h *heardBy) Flush(context.Context) error { return nil }

func (h *heardBy) End(context.Context, call.Outcome) error { return nil }
