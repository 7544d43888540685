package runtime_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/prompt"
)

// careless is the rehearsal model with a pen that slips: it knows which job and step it follows, and the marks of
// its replies are left out, ill-formed or those of another job as often as it is told. Each reply has its number, so
// that a turn is known again, and comes in pieces cut anywhere.
type careless struct {
	slips map[slip]int // of a hundred replies

	mu      sync.Mutex
	rand    *rand.Rand
	replies []meant
}

// slip is what is wrong about a mark.
type slip string

const (
	none      slip = "none"
	omitted   slip = "left out"
	illFormed slip = "ill-formed"
	another   slip = "another job's"
)

// meant is what a reply belongs to.
type meant struct {
	job  job.ID
	step string
	slip slip
}

// illForms are marks as they should not be.
var illForms = []string{"[J%d.%s ", "J%d.%s] ", "(J%d.%s) ", "{J%d.%s} ", "[J %d.%s] ", "[job %d, step %s] ", "[J%d,%s] ", "<J%d.%s> ", "[[J%d.%s]] ", "**[J%d.%s]** ", "[J%d99.%s] ", "[J%d.%s]: "}

var wellFormed = regexp.MustCompile(`^\[J(\d+)(?:\.([^\]]*))?\] `)

func (c *careless) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		var text strings.Builder
		var rest []model.Part
		for p, err := range rehearsal.New().Generate(ctx, r) {
			if err != nil {
				yield(nil, err)
				return
			}
			if t, ok := p.(model.Text); ok {
				text.WriteString(string(t))
				continue
			}
			rest = append(rest, p)
		}
		for _, piece := range c.write(r.Prompt, text.String()) {
			if !yield(model.Text(piece), nil) {
				return
			}
		}
		for _, p := range rest {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// write returns a reply in pieces, under its mark or what has become of it.
func (c *careless) write(p prompt.Prompt, text string) []string {
	if text == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found := wellFormed.FindStringSubmatch(text)
	n, _ := strconv.Atoi(found[1])
	m := meant{step: found[2], slip: none}
	if n > 0 {
		m.job = p.Plan.Jobs[n-1].Job.ID()
	}
	mark := found[0]
	dice := c.rand.IntN(100)
	for _, s := range []slip{omitted, illFormed, another} {
		if dice -= c.slips[s]; dice < 0 {
			m.slip = s
			break
		}
	}
	switch m.slip {
	case omitted:
		mark = ""
	case illFormed:
		mark = fmt.Sprintf(illForms[c.rand.IntN(len(illForms))], n, m.step)
	case another:
		mark = fmt.Sprintf("[J%d.1] ", n%len(p.Plan.Jobs)+1)
	case none:
	}
	c.replies = append(c.replies, m)
	text = fmt.Sprintf("%sReply %d. %s", mark, len(c.replies)-1, text[len(found[0]):])
	var pieces []string
	for len(text) > 0 {
		cut := 1 + c.rand.IntN(min(8, len(text)))
		pieces, text = append(pieces, text[:cut]), text[cut:]
	}
	return pieces
}

// rates counts how turns were attributed.
type rates struct {
	turns, right, wrongJob, wrongStep, unknown int
	nowhere                                    int // the job is right, and the step is not known
	slipped                                    int // the mark was not as it should be
	missed                                     int // it was, and the turn is not attributed by it
	lied                                       int // the mark was another job's, and was believed
	spoken                                     int // something of a mark was spoken
	short                                      int // cut off before the reply's number
}

func (r rates) wrong() float64 { return percent(r.wrongJob+r.wrongStep, r.turns) }

func (r rates) String() string {
	return fmt.Sprintf("%d turns, %d of them not marked as they should be: %.2f %% of another job, %.2f %% of another step, %.2f %% unknown, %.2f %% in an unknown step; beside these %.2f %% as a false mark said; of %d turns a mark was heard",
		r.turns, r.slipped, percent(r.wrongJob, r.turns), percent(r.wrongStep, r.turns), percent(r.unknown, r.turns), percent(r.nowhere, r.turns), percent(r.lied, r.turns), r.spoken)
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

var replyNumber = regexp.MustCompile(`^(.*?)Reply (\d+)\.`)

// add compares the turns of a call with what the model meant.
func (r *rates) add(t *testing.T, c *careless, turns []call.Turn) {
	t.Helper()
	for _, turn := range turns {
		if turn.By == call.ByCaller {
			continue
		}
		found := replyNumber.FindStringSubmatch(turn.Heard())
		if found == nil {
			r.short++
			require.True(t, turn.Interrupted, "a reply has lost its number: %q", turn.Text)
			continue
		}
		n, err := strconv.Atoi(found[2])
		require.NoError(t, err)
		if found[1] != "" {
			r.spoken++
		}
		m := c.replies[n]
		switch r.turns++; {
		case m.slip != none:
			r.slipped++
		case turn.Source != call.SourceDeclared || turn.Job != m.job || turn.Step != m.step:
			r.missed++
		}
		switch {
		case turn.Source == call.SourceUnknown:
			r.unknown++
		case m.slip == another:
			r.lied++
		case turn.Job != m.job:
			r.wrongJob++
		case turn.Step == "" && m.step != "":
			r.nowhere++
		case turn.Step != m.step:
			r.wrongStep++
		default:
			r.right++
		}
	}
}

// deskWith is a published step with these jobs.
func deskWith(t *testing.T, specs ...job.Spec) callflow.Snapshot {
	t.Helper()
	var s callflow.SonaStep
	var jobs []job.Job
	for _, spec := range specs {
		j, err := job.New(spec)
		require.NoError(t, err)
		jobs, s.Jobs = append(jobs, j), append(s.Jobs, j.ID())
	}
	f, err := callflow.New(callflow.Simple("Desk", "+15550100", s))
	require.NoError(t, err)
	return callflow.NewSnapshot(f, f.Draft(), jobs, nil, callflow.Settings{})
}

// talk lets a caller speak until the call is over. Every cutsth time they speak over the reply.
func (r *rates) talk(t *testing.T, c *careless, s callflow.Snapshot, says iter.Seq[string], cuts int) {
	t.Helper()
	rt, err := runtime.New(runtime.Config{Model: c, Dry: true, SMS: sms(new(int), nil), Transfer: runtime.Handoff})
	require.NoError(t, err)
	chat, err := rt.ChatOn(s, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	n := 0
	for text := range says {
		if _, over := chat.Over(); over || strings.Contains(lastHeard(chat), "Goodbye") {
			break
		}
		n++
		most := -1
		if n%cuts == 0 {
			most = 1 + n%5
		}
		for _, err := range chat.Hear(t.Context(), text) {
			require.NoError(t, err)
			if most--; most == 0 {
				break
			}
		}
	}
	r.add(t, c, end(t, chat).Turns)
}

func lastHeard(c *runtime.Chat) string {
	turns := c.Turns()
	if len(turns) == 0 {
		return ""
	}
	return turns[len(turns)-1].Heard()
}
