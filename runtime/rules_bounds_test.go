package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// size estimates the tokens of a conversation as Limits.History counts them.
func size(messages []model.Message) int {
	n := 0
	for _, m := range messages {
		bytes := len(m.Text) + len(m.CallID) + 12
		for _, c := range m.Calls {
			bytes += len(c.ID) + len(c.Name) + len(c.Arguments) + 12
		}
		n += (bytes + 2) / 3
	}
	return n
}

// conversation returns a request's messages without the state note.
func conversation(r model.Request) []model.Message {
	m := r.Messages
	if len(m) > 0 && m[len(m)-1].Role == model.System {
		m = m[:len(m)-1]
	}
	return m
}

const leftOut = "(The beginning of the conversation is left out here.)"

// A call of an hour: 120 exchanges, each with an action, and in each thirtieth one that answers 50 kB.
func TestRule_ALongCallStaysBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const exchanges, most = 120, 8_000
		o := newOffice(t)
		long := `"` + strings.Repeat("x", 50<<10) + `"`
		var replies []scripted.Reply
		for i := range exchanges {
			replies = append(replies, scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(i)}), scripted.Follow(o.order.ID(), "1", strings.Repeat("Found it. ", 20)))
		}
		m := scripted.New(replies...)
		look := lookUp(func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			if strings.Contains(string(args), `"30"`) || strings.Contains(string(args), `"60"`) || strings.Contains(string(args), `"90"`) {
				return json.RawMessage(long), nil
			}
			return args, nil
		})
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{look}, Limits: runtime.Limits{History: most, Silence: -1}})
		for i := range exchanges {
			time.Sleep(29 * time.Second)
			r.put(t, runtime.PlayedOut{}, caller(fmt.Sprintf("Where is my order %d?", i)))
		}
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)

		cuts := 0
		requests := m.Requests()
		for i, request := range requests {
			if i%20 == 0 {
				valid(t, request.Messages)
			}
			messages := conversation(request)
			require.LessOrEqual(t, size(messages), most+30)
			require.LessOrEqual(t, len(note(request)), 360)
			require.Equal(t, requests[0].Prompt.System(), request.Prompt.System(), "the prompt stays as it is")
			require.Contains(t, messages[len(messages)-1].Text+messages[len(messages)-2].Text+messages[max(0, len(messages)-3)].Text, fmt.Sprintf("Where is my order %d?", i/2), "the newest exchange is there")
			if i == 0 {
				continue
			}
			before := conversation(requests[i-1])
			if messages[0].Text == leftOut {
				require.Equal(t, model.User, messages[1].Role, "what is left begins with the caller's words")
			}
			if len(messages) >= len(before) {
				require.True(t, reflect.DeepEqual(before, messages[:len(before)]), "request %d begins as the one before", i)
				continue
			}
			cuts++
			require.Equal(t, leftOut, messages[0].Text)
			require.LessOrEqual(t, size(messages), most/2+30, "half is left, so that the next cut is far")
			require.Empty(t, cmp.Diff(before[len(before)-len(messages)+3:], messages[1:len(messages)-2]), "what is left is what it was")
		}
		require.Greater(t, cuts, 2)
		require.Less(t, cuts, len(requests)/10)

		require.Len(t, record.Turns, 1+2*exchanges, "the record keeps all")
		require.Len(t, record.Effects, exchanges)
		require.JSONEq(t, long, string(record.Effects[30].Result))
	})
}

func TestRule_ALongAnswerOfAnActionIsToldInPart(t *testing.T) {
	for _, tt := range []struct {
		name       string
		bytes      int
		told, kept bool // in part
	}{{"8 KiB", 8 << 10, false, false}, {"a byte more", 8<<10 + 1, true, false}, {"50 kB", 50 << 10, true, false}, {"a megabyte", 1 << 20, true, true}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				result := json.RawMessage(`"` + strings.Repeat("é", (tt.bytes-2)/2) + strings.Repeat("x", tt.bytes%2) + `"`)
				m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("Found."))
				c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
					return result, nil
				})}}, runtime.Incoming{})
				require.Equal(t, "Found.", hear(t, c, "Order 7"))
				var told struct {
					OK     bool   `json:"ok"`
					Result string `json:"result"`
					Note   string `json:"note"`
				}
				require.NoError(t, json.Unmarshal([]byte(last(m.Requests()[1]).Text), &told))
				require.True(t, told.OK)
				require.LessOrEqual(t, len(last(m.Requests()[1]).Text), 9<<10)
				require.Equal(t, tt.told, strings.HasPrefix(told.Note, "the result is too long: this is its beginning, 819"), told.Note)
				r := end(t, c)
				require.True(t, json.Valid(r.Effects[0].Result))
				require.LessOrEqual(t, len(r.Effects[0].Result), 257<<10)
				require.Equal(t, !tt.kept, string(result) == string(r.Effects[0].Result))
				require.Equal(t, tt.kept, slices.Contains(kinds(r), call.NoteDegraded), "the record says so")
			})
		})
	}
}

// The newest exchange is never left out; the answers of its oldest actions are, when it is too long by itself.
func TestRule_AnExchangeThatIsTooLongByItselfLosesOldAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var replies []scripted.Reply
		for i := range 7 {
			replies = append(replies, scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(i)}))
		}
		m := scripted.New(append(replies, scripted.Say("Found."))...)
		c := o.chat(t, runtime.Config{Model: m, Limits: runtime.Limits{History: 6_000}, Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`"` + strings.Repeat("x", 7000) + `"`), nil
		})}}, runtime.Incoming{})
		require.Equal(t, "Found.", hear(t, c, "Orders 0 to 6"))
		for _, r := range m.Requests() {
			valid(t, r.Messages)
			require.LessOrEqual(t, size(conversation(r)), 6_000)
		}
		final := m.Requests()[7].Messages
		require.Contains(t, final[2].Text, "the answer is left out here")
		require.Contains(t, last(m.Requests()[7]).Text, "xxx", "the newest is there")
		end(t, c)
	})
}

func TestRule_NobodyFillsACallWithoutEnd(t *testing.T) {
	t.Run("a caller's words", inBubble(func(t *testing.T) {
		m := scripted.New(scripted.Say("Well."))
		c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		hear(t, c, strings.Repeat("é", 1<<20)+"\xff")
		require.Len(t, last(m.Requests()[0]).Text, 16<<10+len("…"))
		r := end(t, c)
		require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r))
	}))
	t.Run("a reply's calls", inBubble(func(t *testing.T) {
		o := newOffice(t)
		many := scripted.Say("One moment.")
		for i := range 100 {
			many = many.And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(i)}))
		}
		ran := 0
		m := scripted.New(many, scripted.Say("Found."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			ran++
			return nil, nil
		})}}, runtime.Incoming{})
		require.Equal(t, "One moment.Found.", hear(t, c, "All of them"))
		require.Equal(t, 16, ran)
		valid(t, m.Requests()[1].Messages)
		require.Equal(t, []call.NoteKind{call.NoteModel}, kinds(end(t, c)))
	}))
	t.Run("a call's arguments", inBubble(func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": strings.Repeat("7", 65<<10)}), scripted.Say("Sorry."))
		c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		require.Equal(t, "Sorry.", hear(t, c, "Order 7"))
		require.Contains(t, last(m.Requests()[1]).Text, "too long")
		require.Less(t, size(conversation(m.Requests()[1])), 100)
		require.Empty(t, end(t, c).Effects)
	}))
	t.Run("a call's actions and their answers", inBubble(func(t *testing.T) {
		o := newOffice(t)
		snapshot, err := o.ws.Snapshot(t.Context(), o.flow.ID())
		require.NoError(t, err)
		var replies []scripted.Reply
		for i := range 63 { // 16 each
			reply := scripted.Say("One moment.")
			for k := range 16 {
				reply = reply.And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(i, k)}))
			}
			replies = append(replies, reply, scripted.Say("Found."))
		}
		ran := 0
		large, small := json.RawMessage(`"`+strings.Repeat("x", 250<<10)+`"`), json.RawMessage(`{"found":true}`)
		rt := o.runtime(t, runtime.Config{Model: scripted.New(replies...), Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			if ran++; ran > 20 {
				return small, nil
			}
			return large, nil
		})}})
		c, err := rt.ChatOn(snapshot, runtime.Incoming{})
		require.NoError(t, err)
		for range 63 {
			require.Equal(t, "One moment.Found.", hear(t, c, "All of them"))
		}
		require.Equal(t, 1000, ran)
		r := end(t, c)
		require.Len(t, r.Effects, 1000)
		bytes := 0
		for _, f := range r.Effects {
			bytes += len(f.Result)
		}
		require.Greater(t, bytes, 4<<20-250<<10)
		require.Less(t, bytes, 4<<20+20*9<<10)
		require.Contains(t, kinds(r), call.NoteDegraded)
	}))
	t.Run("what the host learns", inBubble(func(t *testing.T) {
		m := scripted.New(scripted.Say("Well."))
		r := ring(t, newOffice(t), runtime.Config{Model: m})
		for i := range 1000 {
			require.NoError(t, r.Put(runtime.Note{Key: fmt.Sprint(i), Value: strings.Repeat("x", 1000)}))
		}
		r.put(t, runtime.PlayedOut{}, caller("Hi"), runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.LessOrEqual(t, len(record.Notes), 201)
		require.LessOrEqual(t, len(note(m.Requests()[0])), 360)
		require.Contains(t, note(m.Requests()[0]), `"999"`, "the newest is told")
	}))
}

// The state note is at most 120 tokens, comes last, and says what is certain, whatever happens on the call.
func TestRule_TheStateNoteIsShortAndCertain(t *testing.T) {
	hand := regexp.MustCompile(`In hand: job J[12](, step [\d.]+)?\.`)
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 2))
			var tries atomic.Int64
			o := newOffice(t)
			var replies []scripted.Reply
			for range 400 {
				reply := scripted.Say([]string{"[J1.1] Yes. ", "[J2.3.3.3.3.3.3.3.3.3.3.3] Yes. ", "[J2." + strings.Repeat("9", 25) + "] Yes. ", "[J0] No. ", "[J9] No. ", "Shall I transfer you? "}[rnd.IntN(6)])
				for range rnd.IntN(3) {
					reply = reply.And([]scripted.Reply{
						scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(rnd.IntN(30))}),
						scripted.Use(o.front.ID(), job.SendSMS),
						scripted.Use(o.front.ID(), job.TransferCall),
					}[rnd.IntN(3)])
				}
				replies = append(replies, reply)
			}
			m := scripted.New(replies...)
			fails := func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
				return nil, []error{nil, context.Canceled}[tries.Add(1)%2]
			}
			r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(fails)}, Transfer: connects(new([]job.Target), context.Canceled), Limits: runtime.Limits{Call: time.Minute, Warning: 30 * time.Second}})
			for range 40 {
				in := []runtime.Input{
					runtime.Note{Key: strings.Repeat([]string{"k", "é", `"`, "\n", "\xff"}[rnd.IntN(5)], rnd.IntN(400)), Value: strings.Repeat([]string{"v", "漢", `\`}[rnd.IntN(3)], rnd.IntN(400))},
					caller("Yes"), caller("No, what are your hours?"), runtime.PlayedOut{},
				}[rnd.IntN(4)]
				if r.Put(in) != nil {
					break
				}
				time.Sleep(time.Duration(rnd.IntN(2000)) * time.Millisecond)
			}
			_ = r.Put(runtime.HungUp{})
			r.over(t)
			requests := m.Requests()
			valid(t, requests[len(requests)-1].Messages)
			for _, request := range requests {
				require.LessOrEqual(t, (len(note(request))+2)/3, 120)
				require.False(t, slices.ContainsFunc(conversation(request), func(m model.Message) bool { return m.Role == model.System }), "there is one, and it comes last")
				require.Equal(t, strings.Contains(note(request), "In hand:"), hand.MatchString(note(request)))
			}
		})
	}
}
