package runtime_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
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

// loop is a model that gives its replies over and over again.
type loop struct {
	replies []scripted.Reply
	next    int
}

func (l *loop) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	l.next++
	return scripted.New(l.replies[(l.next-1)%len(l.replies)]).Generate(ctx, r)
}
