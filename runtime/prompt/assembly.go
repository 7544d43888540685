package prompt

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// placeholder stands for the nonce wherever people look, and in the fences of snapshots that were made
// by hand, without a workspace: such prompts are for tests and previews.
const placeholder = "NONCE"

// assembly is everything that the stable part is made of.
type assembly struct {
	snapshot    callflow.Snapshot
	step        callflow.StepID
	sona        callflow.SonaStep
	settings    callflow.SettingsSpec
	nonce       string
	profile     Profile
	actions     map[job.ActionName]Tool
	offers      []Tool // the actions that the attached jobs use
	jobs        []*planned
	pages       []knowledge.Page
	uses        []use
	notes       []call.Note
	unavailable bool // a job shows an action that cannot be carried out
}

func newAssembly(s callflow.Snapshot, step callflow.StepID, o Options) (*assembly, error) {
	sona, err := s.SonaStep(step)
	if err != nil {
		return nil, err
	}
	a := &assembly{snapshot: s, step: step, sona: sona, settings: s.Settings().Spec(), nonce: s.Settings().Nonce(),
		profile: o.Profile, pages: s.Pages(step)}
	if a.nonce == "" {
		a.nonce = placeholder
	}
	if a.actions, err = known(o.Actions); err != nil {
		return nil, err
	}
	for i, j := range s.Jobs(step) {
		a.add("J"+strconv.Itoa(i+1), j)
	}
	a.offer()
	a.missing()
	return a, nil
}

// add plans one job: each inline action that can be carried out gets a handle, the others a note.
func (a *assembly) add(handle string, j job.Job) {
	p := plan(handle, j)
	for _, u := range p.outline.Actions {
		if err := a.refuse(u); err != nil {
			a.notes = append(a.notes, call.Note{Kind: call.NoteActionUnavailable, Job: j.ID(), Action: u.Name, Text: err.Error()})
			a.unavailable = true
			continue
		}
		h := fmt.Sprintf("%s.A%d", handle, len(p.offered)+1)
		p.offered[u.Span.Start] = h
		a.uses = append(a.uses, use{h, u})
	}
	a.jobs = append(a.jobs, p)
}

// refuse says why an inline action cannot be carried out in this workspace, or nil.
func (a *assembly) refuse(u job.ActionUse) error {
	if _, ok := a.actions[u.Name]; !ok {
		return fmt.Errorf("the host has no action %q: configure it, or take it out of the job", u.Name)
	}
	if err := u.Problem(); err != nil {
		return err
	}
	if allowed := a.settings.Targets; u.Name == job.TransferCall && len(allowed) > 0 && !slices.Contains(allowed, u.Target) {
		return fmt.Errorf("the workspace's settings allow no transfer to %s: add the target there, or change the job", u.Target)
	}
	return nil
}

// missing notes what the step names and the workspace no longer has.
func (a *assembly) missing() {
	for _, m := range a.snapshot.Missing() {
		switch {
		case m.Step != a.step:
		case m.Job != "":
			a.notes = append(a.notes, call.Note{Kind: call.NoteMissingJob, Job: m.Job, Text: "the job is attached, but was deleted"})
		default:
			a.notes = append(a.notes, call.Note{Kind: call.NoteMissingPage, Page: m.Page, Text: "the page is selected, but was deleted"})
		}
	}
}

// fit writes the best plan that fits the room of the profile and of the workspace behind what stands in
// w, and returns it with its tools and tokens. What fits at once is written once.
func (a *assembly) fit(w *writer) (kind PlanKind, tools []Tool, tokens int, err error) {
	room, start := a.profile.room(a.settings.MaxTokens), len(w.buf)
	least := 0
	for _, kind := range []PlanKind{Full, Index} {
		w.buf = w.buf[:start]
		a.write(w, kind)
		tools := a.tools(kind)
		tokens := a.profile.countBytes(w.buf[start:]) + toolTokens(tools, a.profile.count)
		if tokens <= room {
			return kind, tools, tokens, nil
		}
		if kind == Full || tokens < least { // closing very short jobs saves nothing
			least = tokens
		}
	}
	return "", nil, 0, a.tooLarge(least, room)
}

// tooLarge names the largest parts of the smallest plan.
func (a *assembly) tooLarge(need, have int) error {
	e := &BudgetError{Need: need, Have: have}
	most := 0
	for _, p := range a.jobs {
		w := writer{}
		if p.glance(&w); len(w.buf) > most {
			e.Shrink, most = p.job.ID(), len(w.buf)
		}
	}
	most = 0
	for _, p := range a.pages {
		if n := len(p.Text()); n > most {
			e.Page, most = p.ID(), n
		}
	}
	return e
}

// prompt makes the Prompt of the best plan that fits.
func (a *assembly) prompt() (Prompt, error) {
	w := writer{nonce: a.nonce, naming: true}
	kind, tools, tokens, err := a.fit(&w)
	if err != nil {
		return Prompt{}, err
	}
	p := Prompt{Stable: string(w.buf), Tools: tools, Tokens: tokens, nonce: a.nonce, fixed: tokens, sections: w.sections,
		uses: a.uses, notes: a.notes, count: a.profile.count}
	p.Plan = Plan{Kind: kind, Jobs: make([]PlannedJob, len(a.jobs)), Pages: a.pages}
	for i, j := range a.jobs {
		p.Plan.Jobs[i] = PlannedJob{Handle: j.handle, Job: j.job, Open: kind == Full}
	}
	p.wanted = variables(a.jobs)
	p.Receipt = a.receipt(p)
	return p, nil
}
