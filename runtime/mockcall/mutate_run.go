package mockcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// ErrBaseline says that a suite does not pass on the jobs as they are, so nothing could be told of mutants.
var ErrBaseline = errors.New("mockcall: the suite has to pass before mutants are tried")

// Fate is what became of a mutant.
type Fate string

// The fates of mutants.
const (
	Caught   Fate = "caught"   // the suite failed on it
	Survived Fate = "survived" // the suite passed: it would not notice this mistake
	// Unseen mutants survived, and on none of the probe calls did the engine say, do or find out anything else than on
	// the job as it is: the engine cannot see this change, so no suite on it could. Told of the rehearsal only.
	Unseen Fate = "the engine cannot see it"
)

// MutantResult is a mutant with its fate.
type MutantResult struct {
	Mutant
	JobName string `json:"job"`
	Fate    Fate   `json:"fate"`
	By      string `json:"by,omitempty"` // the first scenario that failed
}

// Mutation is what [Mutate] found.
type Mutation struct {
	Engine    string         `json:"engine"`
	Rehearsed bool           `json:"rehearsed"`
	Probes    int            `json:"probes"` // calls made on each survivor to see whether the engine can tell it apart
	Mutants   []MutantResult `json:"mutants"`
}

// Count returns how many mutants have a fate.
func (m *Mutation) Count(f Fate) int {
	n := 0
	for _, r := range m.Mutants {
		if r.Fate == f {
			n++
		}
	}
	return n
}

// Rate returns the share of caught mutants among those that the engine can see; 0 when there is none.
func (m *Mutation) Rate() float64 {
	caught, survived := m.Count(Caught), m.Count(Survived)
	if caught+survived == 0 {
		return 0
	}
	return float64(caught) / float64(caught+survived)
}

// String names every mutant that was not caught, with what differs.
func (m *Mutation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "engine: %s\n%d mutants: %d caught, %d survived (%.0f %% caught)", m.Engine, len(m.Mutants), m.Count(Caught), m.Count(Survived), 100*m.Rate())
	if n := m.Count(Unseen); n > 0 {
		fmt.Fprintf(&b, "; %d more the engine cannot see (%d probe calls each)", n, m.Probes)
	}
	b.WriteByte('\n')
	for _, fate := range []Fate{Survived, Unseen} {
		for _, r := range m.Mutants {
			if r.Fate == fate {
				fmt.Fprintf(&b, "\n%s: %s, %s: %s\n%s", fate, r.JobName, r.Kind, r.What, r.Diff)
			}
		}
	}
	if m.Rehearsed {
		b.WriteString("\n" + notProved + "\n")
	}
	return b.String()
}

// JSON returns the result as indented JSON, with the texts of the jobs in the diffs.
func (m *Mutation) JSON() ([]byte, error) { return json.MarshalIndent(m, "", "  ") }

// Mutate runs a suite on every mutant of these jobs, each in place of its job in the draft of c.Flow, and tells which
// the suite catches. n is the runs per scenario: one is enough where the model is deterministic. The suite has to pass
// on the draft as it is, else the error is ErrBaseline; others are those of [Suite]. When ctx ends, the mutants that
// were tried come with its error.
func Mutate(ctx context.Context, w *storage.Workspace, c Config, n int, scenarios []Scenario, jobs ...job.ID) (*Mutation, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	return MutateOn(ctx, s, c, n, scenarios, jobs...)
}

// MutateOn is [Mutate] on a snapshot that the host has.
func MutateOn(ctx context.Context, s callflow.Snapshot, c Config, n int, scenarios []Scenario, jobs ...job.ID) (*Mutation, error) {
	placed, step, err := c.place(s)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	c.Candidates, c.Step = nil, step
	if c.Step == "" {
		if c.Step, err = placed.OnlySonaStep(); err != nil {
			return nil, fmt.Errorf("mockcall: %w", err)
		}
	}
	base, err := SuiteOn(ctx, placed, c, n, scenarios)
	if err != nil {
		return nil, err
	}
	if err := base.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBaseline, err)
	}
	m := &Mutation{Engine: base.Engine, Rehearsed: base.Rehearsed}
	for _, j := range placed.Jobs(c.Step) {
		if len(jobs) > 0 && !slices.Contains(jobs, j.ID()) {
			continue
		}
		panel := newPanel(ctx, placed, c, scenarios, j)
		mutants := Mutants(j)
		results, errs := make([]MutantResult, len(mutants)), make([]error, len(mutants))
		forEach(ctx, len(mutants), func(i int) {
			results[i], errs[i] = c.try(ctx, placed, n, scenarios, mutants[i], panel)
			results[i].JobName = j.Name()
		})
		for i, r := range results {
			if errs[i] == nil && r.Fate != "" {
				m.Mutants = append(m.Mutants, r)
			}
		}
		if err := errors.Join(errors.Join(errs...), ctx.Err()); err != nil {
			return m, err
		}
		m.Probes = max(m.Probes, len(panel.probes))
	}
	return m, nil
}

// try runs the suite on one mutant, scenario by scenario, until one of them fails.
func (c Config) try(ctx context.Context, s callflow.Snapshot, n int, scenarios []Scenario, m Mutant, p *panel) (MutantResult, error) {
	r := MutantResult{Mutant: m, Fate: Survived}
	mutated, err := s.WithJob(c.Step, m.Job)
	if err != nil {
		return r, fmt.Errorf("mockcall: %w", err)
	}
	c.Progress = nil
	for _, sc := range scenarios {
		for _, seed := range suiteSeeds(n) {
			run := runScenario(ctx, mutated, c, sc, seed)
			if err := ctx.Err(); err != nil {
				return r, err
			}
			if run.Outcome == RunFailed {
				r.Fate, r.By = Caught, sc.Name
				return r, nil
			}
		}
	}
	if c.rehearsed() && !p.tells(ctx, mutated) {
		r.Fate = Unseen
	}
	return r, ctx.Err()
}

// panel is a set of callers who try a job from many sides, and what the job as it is did with each. They tell mutants
// that behave otherwise from those that the engine cannot see.
type panel struct {
	probes []func() Config
	was    []string
}

const panelWalks = 40 // random callers, besides those of the suite

// newPanel takes the callers of the suite, and random ones who answer, decline, agree, refuse, ask and hurry, with and
// without actions that fail.
func newPanel(ctx context.Context, s callflow.Snapshot, c Config, scenarios []Scenario, j job.Job) *panel {
	p := &panel{}
	if !c.rehearsed() {
		return p
	}
	for _, sc := range scenarios {
		p.probes = append(p.probes, func() Config {
			mine := c
			if sc.With != nil {
				sc.With(1, &mine)
			}
			mine.Caller = sc.Caller(1)
			return mine
		})
	}
	for seed := range uint64(panelWalks) {
		p.probes = append(p.probes, func() Config {
			mine := c
			mine.Caller = wanderer(seed, j)
			mine.MaxTurns = 40
			if seed%3 == 2 {
				mine.Faults = allFaults(c, s)
			}
			return mine
		})
	}
	for _, probe := range p.probes {
		p.was = append(p.was, p.run(ctx, s, probe))
	}
	return p
}

func (p *panel) run(ctx context.Context, s callflow.Snapshot, probe func() Config) (seen string) {
	defer func() {
		if v := recover(); v != nil {
			seen = "panic" // of a caller or a host's action: the same on both sides says nothing
		}
	}()
	c := probe()
	r, err := RunOn(ctx, s, c)
	if err != nil && !errors.Is(err, ErrEndless) {
		return err.Error()
	}
	return behaviour(r)
}

// tells reports whether any probe behaves otherwise on s than on the job as it was.
func (p *panel) tells(ctx context.Context, s callflow.Snapshot) bool {
	for i, probe := range p.probes {
		if p.run(ctx, s, probe) != p.was[i] {
			return true
		}
	}
	return false
}

// wanderer is a caller who answers at random. A seed below 12 answers everything in the same way.
func wanderer(seed uint64, j job.Job) Caller {
	spec := j.Spec()
	says := []string{
		"Yes, please.", "No.", "It is 555 010 1234.", "Something else.", "I would rather not say.", "I don't have one.",
		"Four.", "ann@example.com", "No, that is wrong.", "Can I use the voicemail?", "Are you a robot?", "I am in a hurry.",
		"No, thank you.", "What does that mean?", "I want a person.", "Just call me back.", "No, it is 555 010 9999.",
	}
	for _, f := range spec.Results {
		says = append(says, f.Choices...)
	}
	random := rand.New(rand.NewPCG(seed, 8)) //nolint:gosec // repeatable, and nothing is to be kept secret
	return CallerFunc(func(_ context.Context, heard []call.Turn) (string, bool, error) {
		last, said := "", 0
		for _, t := range heard {
			if t.By == call.ByCaller {
				said++
				continue
			}
			last = t.Heard()
		}
		switch {
		case said == 0 && spec.CallerIntent != "":
			return spec.CallerIntent, false, nil
		case said == 0:
			return spec.Name, false, nil
		case strings.Contains(last, "Goodbye"):
			return "", true, nil
		case strings.Contains(last, "anything else"):
			return "No, that is all.", false, nil
		case seed < 12:
			return says[seed], false, nil
		}
		for _, f := range spec.Results {
			if f.Ask != "" && strings.Contains(last, f.Ask) && random.IntN(3) > 0 {
				return fitting(f, random), false, nil
			}
		}
		return says[random.IntN(len(says))], false, nil
	})
}

// fitting answers the question for a result.
func fitting(f job.Field, random *rand.Rand) string {
	switch f.Type {
	case job.PhoneField:
		return "It is 555 010 1234."
	case job.EmailField:
		return "ann@example.com"
	case job.NumberField:
		return "Four."
	case job.YesNoField:
		return []string{"Yes.", "No."}[random.IntN(2)]
	case job.ChoiceField:
		return f.Choices[random.IntN(len(f.Choices))]
	case job.TextField, job.DateField, job.TimeField:
	}
	return "Something about " + strings.ToLower(f.Name) + "."
}

// allFaults lets every action fail that can.
func allFaults(c Config, s callflow.Snapshot) map[job.ActionName]error {
	down := errors.New("out of order")
	faults := map[job.ActionName]error{}
	for _, a := range c.Actions {
		faults[a.Spec.Name] = down
	}
	for _, j := range s.Jobs(c.Step) {
		for _, u := range j.Outline().Actions {
			if u.Name == job.SendSMS || u.Name == job.TransferCall {
				faults[u.Name] = down
			}
		}
	}
	return faults
}
