package runtime_test

import (
	"context"
	"fmt"
	"iter"
	goruntime "runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// What a turn costs outside of the model: a chat of ten turns, with a model that answers at once. The call
// with actions looks something up in each turn.
func BenchmarkChatOfTenTurns(b *testing.B) {
	o := newOffice(b)
	snapshot, err := o.ws.Snapshot(b.Context(), o.flow.ID())
	require.NoError(b, err)
	for name, reply := range map[string]func(i int) []scripted.Reply{
		"talk": func(int) []scripted.Reply {
			return []scripted.Reply{scripted.Say("[J1.2] Certainly, I can help you with that, one moment please.")}
		},
		"actions": func(i int) []scripted.Reply {
			return []scripted.Reply{
				scripted.Say("[J2.1] One moment please.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": string(rune('0' + i))})),
				scripted.Say("[J2.1] Your order is on its way."),
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			var replies []scripted.Reply
			for i := range 10 {
				replies = append(replies, reply(i)...)
			}
			rt := o.runtime(b, runtime.Config{Model: &loop{replies: replies}})
			b.ReportAllocs()
			for b.Loop() {
				c, err := rt.ChatOn(snapshot, runtime.Incoming{})
				if err != nil {
					b.Fatal(err)
				}
				for range 10 {
					if _, err := tryHear(b.Context(), c, "Where is my order?"); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := c.End(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*10), "ns/turn")
		})
	}
}

// longPrompt is a snapshot of a step with ten jobs of so many characters each.
func longPrompt(t testing.TB, characters int) callflow.Snapshot {
	t.Helper()
	ws := storage.Open(memory.New(), "acme")
	var ids []job.ID
	for i := range 10 {
		text := "This job helps callers.\n1. Ask for the name.\n"
		text += strings.Repeat("Mind what they say. ", (characters-len(text))/20)
		j, err := ws.CreateJob(t.Context(), job.Spec{Name: fmt.Sprintf("Job %d", i), Instructions: text})
		require.NoError(t, err)
		ids = append(ids, j.ID())
	}
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("Desk", "+15550100", callflow.SonaStep{Greeting: "Hello.", Jobs: ids}))
	require.NoError(t, err)
	f, err = ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	s, err := ws.Snapshot(t.Context(), f.ID())
	require.NoError(t, err)
	return s
}

// fortyTurns is a call of forty turns with a model that answers at once.
func fortyTurns(t testing.TB, rt *runtime.Runtime, s callflow.Snapshot) {
	t.Helper()
	c, err := rt.ChatOn(s, runtime.Incoming{})
	require.NoError(t, err)
	for range 40 {
		if _, err := tryHear(t.Context(), c, "Where is my order?"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.End(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func answering(t testing.TB) *runtime.Runtime {
	t.Helper()
	rt, err := runtime.New(runtime.Config{Model: &loop{replies: []scripted.Reply{scripted.Say("[J1.1] Certainly, I can help you with that, one moment please.")}}})
	require.NoError(t, err)
	return rt
}

// What a turn of a call of forty costs outside of the model, with prompts of 2 and 100 thousand characters.
func BenchmarkTurn(b *testing.B) {
	for _, characters := range []int{200, 10_000} {
		b.Run(fmt.Sprintf("prompt=%dk", characters/100), func(b *testing.B) {
			s, rt := longPrompt(b, characters), answering(b)
			fortyTurns(b, rt, s)
			b.ReportAllocs()
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			for b.Loop() {
				fortyTurns(b, rt, s)
			}
			goruntime.ReadMemStats(&after)
			turns := float64(b.N * 40)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/turns, "ns/turn")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/turns, "allocs/turn")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/turns, "B/turn")
		})
	}
}

// A turn allocates the same whatever the prompt's length: the prompt is shared by all calls.
func TestATurnAllocatesTheSameWhateverThePromptsLength(t *testing.T) {
	cost := func(characters int) float64 {
		s, rt := longPrompt(t, characters), answering(t)
		fortyTurns(t, rt, s) // builds the prompt
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		for range 5 {
			fortyTurns(t, rt, s)
		}
		goruntime.ReadMemStats(&after)
		return float64(after.TotalAlloc-before.TotalAlloc) / (5 * 40)
	}
	short, long := cost(200), cost(10_000)
	t.Logf("bytes a turn: %.0f with 2,000 characters of jobs, %.0f with 100,000", short, long)
	require.InDelta(t, short, long, short/2)
}

// loop is a model that gives its replies over and over again.
type loop struct {
	replies []scripted.Reply
	next    atomic.Int64
}

func (l *loop) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	n := int(l.next.Add(1) - 1)
	return scripted.New(l.replies[n%len(l.replies)]).Generate(ctx, r)
}
