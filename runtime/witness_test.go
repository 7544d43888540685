package runtime_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
)

// witness is a Port that knows what a call looks like from outside: which utterances its line took, and what was
// put in. What the record and the model's requests say has to agree with it.
type witness struct {
	*line
	w          *weather
	utterances []*heardOf
	put        []string // what the caller said, each with its number
	free       bool     // something was put that ends even what must be heard
	over       bool
}

// heardOf is what the line took of an utterance.
type heardOf struct {
	id    runtime.UtteranceID
	text  string
	whole bool // all of it was taken
	must  bool // it must be heard to its end
	at    time.Time
}

func (p *witness) Say(ctx context.Context, s runtime.Speech) error {
	t := p.w.t
	assert.False(t, p.over, "nothing is said after the end")
	assert.NotRegexp(t, `\[J\d`, s.Text)
	if err := p.line.Say(ctx, s); err != nil {
		return err
	}
	if n := len(p.utterances); n == 0 || p.utterances[n-1].id != s.Utterance {
		if n > 0 {
			assert.Greater(t, s.Utterance, p.utterances[n-1].id, "an utterance's number is never used again")
		}
		p.utterances = append(p.utterances, &heardOf{id: s.Utterance, must: s.NoInterrupt, at: time.Now()})
	}
	u := p.utterances[len(p.utterances)-1]
	assert.False(t, u.whole, "nothing follows an utterance's last piece")
	u.text += s.Text
	u.whole = s.Last
	return nil
}

func (p *witness) Flush(ctx context.Context) error {
	t := p.w.t
	assert.False(t, p.over, "nothing is dropped after the end")
	for _, u := range p.utterances {
		heard := time.Since(u.at).Seconds() * 14
		assert.False(t, u.must && !p.free && heard+0.01 < float64(len([]rune(u.text))), "%q had to be heard", u.text)
	}
	return p.line.Flush(ctx)
}

func (p *witness) End(ctx context.Context, o call.Outcome) error {
	assert.False(p.w.t, p.over, "a call ends once")
	p.over = true
	return p.line.End(ctx, o)
}

// says returns something that the caller says, with a number of its own.
func (p *witness) says() string {
	text := p.w.says()
	if strings.TrimSpace(text) == "" {
		return text
	}
	text += " #" + strconv.Itoa(len(p.put))
	p.put = append(p.put, text)
	return text
}

var (
	number = regexp.MustCompile(`#(\d+)`)
	marks  = regexp.MustCompile(`^\[J\d+(\.\w+)*\]\s?`)
)

// check compares what the record and the requests say with what the line was told.
func (p *witness) check(r call.Record) {
	t := p.w.t
	var said []string
	next := 0 // utterance
	for _, turn := range r.Turns {
		if turn.By == call.ByCaller {
			require.NotContains(t, turn.Text, "guess", "a partial transcript is no turn")
			for _, n := range number.FindAllStringSubmatch(turn.Text, -1) {
				said = append(said, n[1])
			}
			continue
		}
		for ; ; next++ {
			require.Less(t, next, len(p.utterances), "a turn that the line never took: %q", turn.Heard())
			u := p.utterances[next]
			if turn.Interrupted && strings.HasPrefix(u.text, turn.Heard()) || !turn.Interrupted && u.whole && u.text == turn.Text {
				next++
				break
			}
		}
	}
	var want []string
	for i := range said {
		want = append(want, strconv.Itoa(i))
	}
	require.Equal(t, want, said, "what the caller said stands there once, in order, and without a gap")

	heard := map[string]bool{"": true}
	for _, turn := range r.Turns {
		heard[strings.TrimRight(turn.Heard(), " ")] = true
	}
	for _, request := range p.w.m.Requests() {
		settled := len(request.Messages) - 1 // what stands before the caller's last words changes no more
		for settled >= 0 && request.Messages[settled].Role != model.User {
			settled--
		}
		for i, m := range request.Messages {
			if m.Role != model.Assistant {
				continue
			}
			text := strings.TrimRight(marks.ReplaceAllString(m.Text, ""), " ")
			require.True(t, i > settled || heard[text], "the model is told what nobody heard: %q", m.Text)
			require.True(t, text == "" || slices.ContainsFunc(p.utterances, func(u *heardOf) bool { return strings.HasPrefix(u.text, text) }),
				"the model is told what the line never took: %q", m.Text)
		}
	}
}
