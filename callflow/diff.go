package callflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// ChangeKind is what differs between the draft and what is published.
type ChangeKind string

// The kinds of changes.
const (
	StepAdded       ChangeKind = "step_added"   // After: its kind
	StepRemoved     ChangeKind = "step_removed" // Before: its kind
	StepChanged     ChangeKind = "step_changed" // name, kind, voicemail greeting or host configuration
	ExitChanged     ChangeKind = "exit_changed" // Before and After: "exit → step"
	EntryChanged    ChangeKind = "entry_changed"
	JobAttached     ChangeKind = "job_attached"
	JobDetached     ChangeKind = "job_detached"
	JobsReordered   ChangeKind = "jobs_reordered" // Before and After: the jobs of both, in order
	PageAttached    ChangeKind = "page_attached"
	PageDetached    ChangeKind = "page_detached"
	PagesReordered  ChangeKind = "pages_reordered"
	GreetingChanged ChangeKind = "greeting_changed"
	PersonaChanged  ChangeKind = "persona_changed"
	HistoryChanged  ChangeKind = "history_changed"

	HearGreetingChanged ChangeKind = "hear_greeting_changed" // Before and After: "true" or "false"
)

// Change is one difference between what is published and the draft: Before is live, After is not yet.
type Change struct {
	Kind   ChangeKind
	Step   StepID
	Job    job.ID       // of JobAttached and JobDetached
	Page   knowledge.ID // of PageAttached and PageDetached
	Before string
	After  string
}

func (c Change) String() string {
	what := string(c.Job) + string(c.Page)
	if what == "" {
		what = fmt.Sprintf("%q → %q", c.Before, c.After)
	}
	return fmt.Sprintf("step %q: %s: %s", c.Step, strings.ReplaceAll(string(c.Kind), "_", " "), what)
}

// Changes returns what a publish would change for callers, in the order of the steps; none when draft
// and published version are the same. A flow that was never published has everything to change. Edits
// of jobs and pages never show here: they are live already. Seed 21, 24.
func (f Flow) Changes() []Change {
	var live Version
	if f.published != nil {
		live = *f.published
	}
	return diff(live, f.draft)
}

func diff(before, after Version) []Change {
	var d differ
	for _, s := range before.steps {
		if _, ok := after.find(s.ID); !ok {
			d.add(Change{Kind: StepRemoved, Step: s.ID, Before: string(s.Is.Kind())})
		}
	}
	for _, s := range after.steps {
		old, ok := before.find(s.ID)
		if !ok {
			d.add(Change{Kind: StepAdded, Step: s.ID, After: string(s.Is.Kind())})
			old = Step{ID: s.ID, Name: s.Name, Is: s.Is}
			if _, isSona := s.Is.(SonaStep); isSona {
				old.Is = SonaStep{}
			}
		}
		d.step(old, s)
	}
	d.text(EntryChanged, after.entry, string(before.entry), string(after.entry))
	return d.changes
}

// differ collects changes.
type differ struct{ changes []Change }

func (d *differ) add(c Change) { d.changes = append(d.changes, c) }

func (d *differ) text(kind ChangeKind, step StepID, before, after string) {
	if before != after {
		d.add(Change{Kind: kind, Step: step, Before: before, After: after})
	}
}

func (d *differ) step(before, after Step) {
	a, aSona := before.Is.(SonaStep)
	b, bSona := after.Is.(SonaStep)
	if aSona && bSona {
		d.text(StepChanged, after.ID, before.Name, after.Name)
	} else {
		d.text(StepChanged, after.ID, describe(before), describe(after))
	}
	if aSona || bSona {
		d.sona(after.ID, a, b)
	}
	for _, exit := range after.Is.exits() {
		d.text(ExitChanged, after.ID, leads(exit, before.Next), leads(exit, after.Next))
	}
}

func (d *differ) sona(id StepID, before, after SonaStep) {
	d.text(GreetingChanged, id, before.Greeting, after.Greeting)
	d.text(HearGreetingChanged, id, fmt.Sprint(before.HearGreeting), fmt.Sprint(after.HearGreeting))
	d.text(PersonaChanged, id, before.Persona.describe(), after.Persona.describe())
	d.text(HistoryChanged, id, fmt.Sprint(before.History), fmt.Sprint(after.History))

	for _, j := range without(before.Jobs, after.Jobs) {
		d.add(Change{Kind: JobDetached, Step: id, Job: j})
	}
	for _, j := range without(after.Jobs, before.Jobs) {
		d.add(Change{Kind: JobAttached, Step: id, Job: j})
	}
	d.text(JobsReordered, id, list(common(before.Jobs, after.Jobs)), list(common(after.Jobs, before.Jobs)))

	for _, p := range without(before.Pages, after.Pages) {
		d.add(Change{Kind: PageDetached, Step: id, Page: p})
	}
	for _, p := range without(after.Pages, before.Pages) {
		d.add(Change{Kind: PageAttached, Step: id, Page: p})
	}
	d.text(PagesReordered, id, list(common(before.Pages, after.Pages)), list(common(after.Pages, before.Pages)))
}

// describe is everything of a step that is not Sona's and not an exit.
func describe(s Step) string {
	text := s.Name + " (" + string(s.Is.Kind()) + ")"
	switch k := s.Is.(type) {
	case VoicemailStep:
		text += " " + k.Greeting
	case HostStep:
		text += fmt.Sprintf(" %s %q %s", k.Name, k.Exits, k.Config)
	}
	return text
}

func (p Persona) describe() string {
	return fmt.Sprintf("tone %q, voice %q, languages %s", p.Tone, p.Voice, list(p.Languages))
}

func leads(exit Exit, next map[Exit]StepID) string {
	if to, ok := next[exit]; ok {
		return string(exit) + " → " + string(to)
	}
	return string(exit) + " → (end of the call)"
}

func without[T comparable](all, drop []T) (rest []T) {
	for _, v := range all {
		if !slices.Contains(drop, v) {
			rest = append(rest, v)
		}
	}
	return rest
}

func common[T comparable](in, also []T) (both []T) {
	for _, v := range in {
		if slices.Contains(also, v) {
			both = append(both, v)
		}
	}
	return both
}

func list[T ~string](in []T) string {
	texts := make([]string, len(in))
	for i, v := range in {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}
