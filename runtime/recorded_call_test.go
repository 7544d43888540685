package runtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// stage is a recorded call made into one that can be rung: a step whose jobs use the recorded actions, a host that
// has them and answers what was recorded, and a model that says and does what the agent of the recording did. It is
// a Model; so a request that comes twice is answered twice in the same way.
type stage struct {
	t      *testing.T
	call   corpus.ScriptedCall
	nth    int // of the recorded calls
	ends   bool
	atOnce bool // actions that follow each other come in one reply
	store  storage.Storage
	ws     *storage.Workspace
	jobs   []job.Job
	places map[string]placed // of the actions by name
	want   []carried         // in order, each once

	mu       sync.Mutex
	turn     int           // of the recording
	takes    time.Duration // of an action
	carried  []carried
	requests []model.Request
	reworded int           // turns that are spoken in other words
	repeated int           // actions that the model asked for again
	cut      int           // turns that were interrupted
	records  []call.Record // handed to OnRecord
}

// carried is an action that was carried out.
type carried struct {
	name         string
	args, result any
}

// placed is where an action stands in the jobs.
type placed struct {
	job  int
	step string
}

const (
	greeting = "Hello, how can I help?"
	already  = "That was all." // to a request for which nothing was recorded
	perJob   = 2               // actions of a job
)

func newStage(t *testing.T, nth int, c corpus.ScriptedCall) *stage {
	t.Helper()
	last := c.Turns[len(c.Turns)-1]
	s := &stage{t: t, call: c, nth: nth, ends: nth%2 == 0 || last.Agent == "", atOnce: nth%3 == 0, places: map[string]placed{}, takes: 300 * time.Millisecond, store: memory.New()}
	s.ws = storage.Open(s.store, "acme").By("ann")
	var texts []string
	for _, turn := range c.Turns {
		for _, a := range turn.Actions {
			if !slices.ContainsFunc(s.want, func(w carried) bool { return w.name == a.Name && same(w.args, plain(t, a.Args)) }) {
				s.want = append(s.want, carried{a.Name, plain(t, a.Args), plain(t, a.Result)})
			}
			if _, ok := s.places[a.Name]; ok {
				continue
			}
			p := placed{len(s.places) / perJob, fmt.Sprint(len(s.places)%perJob + 1)}
			if p.job == len(texts) {
				texts = append(texts, "This job does a part of what was recorded.")
			}
			texts[p.job] += fmt.Sprintf("\n%s. {{action %s}}", p.step, a.Name)
			s.places[a.Name] = p
		}
	}
	if len(texts) == 0 {
		texts = []string{"This job talks."}
	}
	texts[0] += "\n9. {{action end_call}}"
	step := callflow.SonaStep{Greeting: greeting}
	if c.Turns[0].Caller == "" {
		step.Greeting = c.Turns[0].Agent
	}
	for i, text := range texts {
		j, err := s.ws.CreateJob(t.Context(), job.Spec{Name: fmt.Sprintf("Part %d", i+1), Instructions: text})
		require.NoError(t, err)
		s.jobs, step.Jobs = append(s.jobs, j), append(step.Jobs, j.ID())
	}
	f, err := s.ws.CreateFlow(t.Context(), callflow.Simple("Recorded", "+15550100", step))
	require.NoError(t, err)
	_, err = s.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return s
}

// callers returns the turns in which the caller speaks, and the number of the first.
func (s *stage) callers() (turns []corpus.ScriptedTurn, first int) {
	if s.call.Turns[0].Caller == "" {
		first = 1
	}
	return s.call.Turns[first:], first
}

func (s *stage) runtime() *runtime.Runtime {
	schemas := map[string]*shape{}
	var names []string
	for _, turn := range s.call.Turns {
		for _, a := range turn.Actions {
			if schemas[a.Name] == nil {
				schemas[a.Name] = newShape()
				names = append(names, a.Name)
			}
			schemas[a.Name].add(plain(s.t, a.Args).(map[string]any))
		}
	}
	var actions []runtime.Action
	for _, name := range names {
		actions = append(actions, runtime.Action{
			Spec: job.ActionSpec{Name: job.ActionName(name), Description: "Does what was recorded.", Parameters: schemas[name].schema(s.t)},
			Do: func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
				return s.carry(name, args)
			}})
	}
	var ledger runtime.Ledger // a call does without
	if s.nth%2 == 1 {
		ledger = runtime.StorageLedger(s.store)
	}
	rt, err := runtime.New(runtime.Config{Model: s, Ledger: ledger, Actions: actions, Limits: runtime.Limits{Rounds: 20}, OnRecord: func(_ context.Context, r call.Record) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.records = append(s.records, r)
		return nil
	}})
	require.NoError(s.t, err)
	return rt
}

// carry is the host's service: it writes down what it is asked, and answers what was recorded first.
func (s *stage) carry(name string, args json.RawMessage) (json.RawMessage, error) {
	s.mu.Lock()
	takes, given := s.takes, plain(s.t, args)
	s.mu.Unlock()
	<-time.After(takes)
	i := slices.IndexFunc(s.want, func(w carried) bool { return w.name == name && same(w.args, given) })
	if i < 0 {
		return nil, fmt.Errorf("%s was never asked for %s", name, args)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carried = append(s.carried, carried{name, given, s.want[i].result})
	if s.want[i].result == nil {
		return nil, nil
	}
	return encoded(s.t, s.want[i].result), nil
}

// say tells the model which turn of the recording comes next.
func (s *stage) say(turn int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = turn
}

// Generate does what the agent did next: the actions of the turn that were not answered yet, then its words.
func (s *stage) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	s.mu.Lock()
	r.Messages = slices.Clone(r.Messages)
	s.requests = append(s.requests, r)
	nth := s.turn
	s.mu.Unlock()
	answered, said := 0, false
	for _, m := range r.Messages {
		switch m.Role {
		case model.User:
			answered, said = 0, false
		case model.Tool:
			answered++
		case model.Assistant:
			said = said || len(m.Calls) == 0
		case model.System:
		}
	}
	return scripted.New(s.reply(nth, answered, said)).Generate(ctx, r)
}

func (s *stage) reply(nth, answered int, said bool) scripted.Reply {
	turn := s.call.Turns[nth]
	if left := turn.Actions[min(answered, len(turn.Actions)):]; len(left) > 0 {
		if !s.atOnce {
			left = left[:1]
		}
		r := scripted.Say("")
		for _, a := range left {
			r = r.And(scripted.UseWith(s.jobs[s.places[a.Name].job].ID(), job.ActionName(a.Name), plain(s.t, a.Args).(map[string]any)))
		}
		return r
	}
	if said {
		return scripted.Say(already)
	}
	r := scripted.Say("")
	if turn.Agent != "" {
		p := s.place(nth)
		r = scripted.Follow(s.jobs[p.job].ID(), p.step, turn.Agent)
	}
	if s.ends && nth == len(s.call.Turns)-1 {
		r = r.And(scripted.Use(s.jobs[0].ID(), job.EndCall))
	}
	return r
}

// place is the job and step of the agent's words: that of the latest action, the first before there is one.
func (s *stage) place(turn int) placed {
	p := placed{0, "1"}
	for _, t := range s.call.Turns[:turn+1] {
		for _, a := range t.Actions {
			p = s.places[a.Name]
		}
	}
	return p
}

// plain decodes JSON with its numbers as they are written; nothing is nil.
func plain(t *testing.T, raw json.RawMessage) any {
	t.Helper()
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	return v
}

func encoded(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

// words parts a text at its blanks: where one line ends and the next begins is for the eye.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
