package mockcall

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/job"
)

// PartKind is what sort of part of a job is covered.
type PartKind string

// The parts of a job.
const (
	StepPart   PartKind = "step"       // reached when a turn is known to belong to it, or its action was tried
	BranchPart PartKind = "branch"     // reached by a turn under its own number, by an action of its own, or by the jump that only it makes
	RulePart   PartKind = "off_script" // reached when what it speaks of came up: a caller who declines, wants voicemail, asks for an AI; or by an action of its own
	ActionPart PartKind = "action"     // reached when it was tried
	ResultPart PartKind = "result"     // reached when it has a value in the summary
	FaultPart  PartKind = "fault"      // reached when an action that can fail failed
)

// Part is one part of a job and how many calls came to it.
type Part struct {
	Kind   PartKind `json:"kind"`
	Name   string   `json:"name"` // a step's number, the first words of a branch or a rule, the name of an action or a result
	Span   job.Span `json:"span"` // within the instructions; empty for results
	Passed int      `json:"passed"`
	Failed int      `json:"failed"`
}

// Reached reports whether any call came to the part.
func (p Part) Reached() bool { return p.Passed+p.Failed > 0 }

// JobCoverage is one job with its parts in the order of the text.
type JobCoverage struct {
	Job      job.ID `json:"job"`
	Name     string `json:"name"`
	Revision int    `json:"revision"`
	Hash     string `json:"hash"`
	Text     string `json:"text"`
	Parts    []Part `json:"parts"`
}

// Coverage is which parts of jobs a set of calls came to, calls that passed and calls that failed apart. What a call
// does not tell for certain counts as not reached: a turn of unknown job and step covers nothing, and a step that is
// spoken in one breath with the next is covered only if the model said so.
type Coverage struct {
	Engine    string        `json:"engine"`
	Rehearsed bool          `json:"rehearsed"`
	Passed    int           `json:"passed"` // calls
	Failed    int           `json:"failed"`
	Unknown   int           `json:"unknown"` // turns of Sona whose job is not known, the greeting aside
	Jobs      []JobCoverage `json:"jobs"`
}

// Cover tells which parts of the attached jobs the runs of a suite came to. Invalid runs are left out. A run without a
// check is an error, ErrNoChecks: it would cover everything and prove nothing. Calls on different texts of one job are
// kept apart.
func Cover(runs ...SuiteRun) (*Coverage, error) {
	c := &Coverage{}
	byHash := map[string]int{}
	for _, run := range runs {
		if run.Checks == 0 {
			return nil, fmt.Errorf("%w: scenario %q, seed %d", ErrNoChecks, run.Scenario, run.Seed)
		}
		if run.Result == nil || run.Outcome == RunInvalid {
			continue
		}
		passed := run.Outcome == RunPassed
		if passed {
			c.Passed++
		} else {
			c.Failed++
		}
		r := run.Result
		if name := engine(r); c.Engine == "" {
			c.Engine = name
		} else if !slices.Contains(strings.Split(c.Engine, ", "), name) {
			c.Engine += ", " + name
		}
		c.Rehearsed = c.Rehearsed || engine(r) == "rehearsal"
		c.Unknown += unknownTurns(r)
		for _, p := range r.Prompt.Plan.Jobs {
			key := string(p.Job.ID()) + p.Job.Hash()
			at, ok := byHash[key]
			if !ok {
				at = len(c.Jobs)
				byHash[key] = at
				c.Jobs = append(c.Jobs, JobCoverage{Job: p.Job.ID(), Name: p.Job.Name(), Revision: p.Job.Revision(), Hash: p.Job.Hash(),
					Text: p.Job.Spec().Instructions, Parts: partsOf(p.Job)})
			}
			c.Jobs[at].add(r, p.Job, passed)
		}
	}
	return c, nil
}

// Coverage is [Cover] of the report's runs.
func (r *Report) Coverage() (*Coverage, error) { return Cover(r.Runs...) }

func unknownTurns(r *Result) int {
	n := 0
	for i, t := range r.Record.Turns {
		if i > 0 && t.By == call.ByAgent && (t.Job == "" || t.Source == call.SourceUnknown) {
			n++
		}
	}
	return n
}

// partsOf lists what can be covered of a job.
func partsOf(j job.Job) []Part {
	o, s := j.Outline(), j.Spec()
	var parts []Part
	steps := o.Steps()
	for i, it := range steps {
		parts = append(parts, Part{Kind: StepPart, Name: stepName(it, i), Span: it.Span})
	}
	rules := (&mutator{spec: s, outline: o}).ruleSpans()
	for _, it := range o.Items {
		isStep := slices.ContainsFunc(steps, func(x job.Item) bool { return x.Span == it.Span })
		isRule := slices.ContainsFunc(rules, func(x job.Span) bool { return x.Start < it.Span.End && it.Span.Start < x.End })
		if !isStep && !isRule && it.Kind != job.ItemHeading && conditionHead.MatchString(it.Span.In(s.Instructions)) {
			parts = append(parts, Part{Kind: BranchPart, Name: firstWords(it.Span.In(s.Instructions), 8), Span: it.Span})
		}
	}
	for _, span := range rules {
		parts = append(parts, Part{Kind: RulePart, Name: firstWords(span.In(s.Instructions), 8), Span: span})
	}
	for _, u := range o.Actions {
		parts = append(parts, Part{Kind: ActionPart, Name: string(u.Name), Span: u.Span})
		if u.Name != job.EndCall && u.Name != job.Voicemail {
			parts = append(parts, Part{Kind: FaultPart, Name: string(u.Name) + " fails", Span: u.Span})
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return a.Span.Start - b.Span.Start })
	for _, f := range s.Results {
		parts = append(parts, Part{Kind: ResultPart, Name: f.Name})
	}
	return parts
}

// add counts one call.
func (c *JobCoverage) add(r *Result, j job.Job, passed bool) {
	reached := reachedParts(r, j, c.Parts)
	for i := range c.Parts {
		switch {
		case !reached[i]:
		case passed:
			c.Parts[i].Passed++
		default:
			c.Parts[i].Failed++
		}
	}
}

func reachedParts(r *Result, j job.Job, parts []Part) []bool {
	reached := make([]bool, len(parts))
	tried, failed := usesTried(r, j)
	steps := stepsOf(r, j)
	said := saidInJob(r, j)
	text := j.Spec().Instructions
	for i, p := range parts {
		own := func(s job.Span) bool { return p.Span.Start <= s.Start && s.End <= p.Span.End }
		switch p.Kind {
		case StepPart:
			reached[i] = slices.Contains(steps, p.Name) || slices.ContainsFunc(tried, own)
		case BranchPart:
			reached[i] = slices.ContainsFunc(tried, own) || jumps(steps, p, parts, text)
		case RulePart:
			reached[i] = slices.ContainsFunc(tried, own) || cameUp(p.Span.In(text), said)
		case ActionPart:
			reached[i] = slices.Contains(tried, p.Span)
		case FaultPart:
			reached[i] = slices.Contains(failed, p.Span)
		case ResultPart:
			v, ok := r.Record.Summary.Get(j.Name(), p.Name)
			reached[i] = ok && v != nil
		}
	}
	return reached
}

// usesTried returns the places of the job's actions that were tried, and those that failed. Where a job has an action
// twice and nothing tells which of them it was, neither counts.
func usesTried(r *Result, j job.Job) (tried, failed []job.Span) {
	for _, e := range r.Record.Effects {
		if e.Job != j.ID() {
			continue
		}
		var fit []job.Span
		for _, u := range j.Outline().Actions {
			if u.Name == e.Action && u.Target == e.Target && argsFit(u, e) {
				fit = append(fit, u.Span)
			}
		}
		if len(fit) != 1 {
			continue
		}
		tried = append(tried, fit[0])
		if e.Err != "" {
			failed = append(failed, fit[0])
		}
	}
	return tried, failed
}

// argsFit reports whether an effect may be one of this use: what the author fixed without variables stands in it.
func argsFit(u job.ActionUse, e call.Effect) bool {
	var args map[string]any
	if json.Unmarshal(e.Args, &args) != nil {
		return true
	}
	for name, want := range u.Args {
		got, isText := args[name].(string)
		if isText && got != want && !strings.Contains(want, "{{") {
			return false
		}
	}
	return true
}

// stepsOf returns the steps of the job that turns are known to belong to, in order.
func stepsOf(r *Result, j job.Job) []string {
	var steps []string
	for _, t := range r.Record.Turns {
		if t.By == call.ByAgent && t.Job == j.ID() && t.Source != call.SourceUnknown && t.Step != "" {
			steps = append(steps, t.Step)
		}
	}
	return steps
}

var goToStep = regexp.MustCompile(`(?i)\bgo to step (\d+(?:\.\d+)*)`)

// jumps reports whether the call went from the branch's step to the step that the branch names. It has to be a step that
// does not follow anyway, and no other branch of the same step may lead there.
func jumps(steps []string, p Part, parts []Part, text string) bool {
	from, next, target := branchWay(p, parts, text)
	if from == "" || target == "" || target == next {
		return false
	}
	for _, other := range parts {
		if other.Kind != BranchPart || other.Span == p.Span {
			continue
		}
		if f, _, t := branchWay(other, parts, text); f == from && t == target {
			return false
		}
	}
	for i := 1; i < len(steps); i++ {
		if steps[i-1] == from && steps[i] == target {
			return true
		}
	}
	return false
}

// branchWay returns the step that a branch stands in, the step that follows it and the one that the branch leads to.
func branchWay(p Part, parts []Part, text string) (from, next, target string) {
	for _, s := range parts {
		if s.Kind != StepPart {
			continue
		}
		if s.Span.Start > p.Span.Start {
			next = s.Name
			break
		}
		from = s.Name
	}
	if m := goToStep.FindStringSubmatch(p.Span.In(text)); m != nil {
		target = m[1]
	}
	return from, next, target
}

// saidInJob returns what the caller said directly after turns that are known to belong to the job.
func saidInJob(r *Result, j job.Job) []string {
	var said []string
	mine := false
	for _, t := range r.Record.Turns {
		if t.By == call.ByAgent {
			mine = t.Job == j.ID() && t.Source != call.SourceUnknown
		} else if mine {
			said = append(said, t.Text)
		}
	}
	return said
}

var (
	ruleDeclines  = regexp.MustCompile(`(?i)\b(declin\w*|refus\w*|will not answer|won't answer|rather not|keeps? an answer|does not (want to )?(say|answer|tell)|leaves a question)`)
	ruleVoicemail = regexp.MustCompile(`(?i)\bvoicemail\b`)
	ruleMachine   = regexp.MustCompile(`(?i)\b(an AI|a robot|a machine|real person|a person is)\b`)
	ruleHurry     = regexp.MustCompile(`(?i)\b(hurry|short of time|no time|time is short|pressed for time|must go|has to leave)\b`)
	saysMachine   = regexp.MustCompile(`(?i)\b(AI|robot|machine|bot|computer|real person|human)\b`)
	saysHurry     = regexp.MustCompile(`(?i)\b(hurry|rush|no time|short of time|have to go|must go|got to go|be quick)\b`)
)

// cameUp reports whether callers said what a rule is about. A rule about anything else cannot be told from words alone.
func cameUp(rule string, said []string) bool {
	for _, s := range said {
		switch {
		case ruleDeclines.MatchString(rule) && assent.Declines(s),
			ruleVoicemail.MatchString(rule) && ruleVoicemail.MatchString(s),
			ruleMachine.MatchString(rule) && saysMachine.MatchString(s) && strings.Contains(s, "?"),
			ruleHurry.MatchString(rule) && saysHurry.MatchString(s):
			return true
		}
	}
	return false
}
