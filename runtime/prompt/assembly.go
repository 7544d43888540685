package prompt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// noNonce marks the fences of snapshots that were made by hand, without a workspace. Such prompts are for
// tests and previews.
const noNonce = "PREVIEW"

// assembly is everything that the stable part is made of.
type assembly struct {
	snapshot callflow.Snapshot
	step     callflow.StepID
	sona     callflow.SonaStep
	nonce    string
	options  Options
	actions  map[job.ActionName]job.ActionSpec
	jobs     []plannedJob
	pages    []knowledge.Page
	uses     []use
	left     []call.Note
}

// plannedJob is an attached job with what its text holds.
type plannedJob struct {
	handle  string
	job     job.Job
	spec    job.Spec
	outline job.Outline
	actions map[int]string // start of an inline action in the instructions → its handle; none when it cannot be carried out
}

func newAssembly(s callflow.Snapshot, step callflow.StepID, o Options) (*assembly, error) {
	sona, err := s.SonaStep(step)
	if err != nil {
		return nil, err
	}
	a := &assembly{snapshot: s, step: step, sona: sona, nonce: s.Settings().Nonce(), options: o, pages: s.Pages(step),
		actions: map[job.ActionName]job.ActionSpec{}}
	if a.nonce == "" {
		a.nonce = noNonce
	}
	for _, spec := range append(job.BuiltinActions(), o.Actions...) {
		if _, err := parameters(spec); err != nil {
			return nil, err
		}
		a.actions[spec.Name] = spec
	}
	for i, j := range s.Jobs(step) {
		a.add("J"+strconv.Itoa(i+1), j)
	}
	a.missing()
	return a, nil
}

// add plans one job: each inline action that can be carried out gets a handle, the others a note.
func (a *assembly) add(handle string, j job.Job) {
	p := plannedJob{handle: handle, job: j, spec: j.Spec(), outline: j.Outline(), actions: map[int]string{}}
	for _, u := range p.outline.Actions {
		if err := a.unavailable(u); err != nil {
			a.left = append(a.left, call.Note{Kind: call.NoteActionUnavailable, Job: j.ID(), Action: u.Name, Text: err.Error()})
			continue
		}
		h := fmt.Sprintf("%s.A%d", handle, len(p.actions)+1)
		p.actions[u.Span.Start] = h
		a.uses = append(a.uses, use{h, u})
	}
	a.jobs = append(a.jobs, p)
}

// unavailable says why an inline action cannot be carried out in this workspace, or nil.
func (a *assembly) unavailable(u job.ActionUse) error {
	if _, ok := a.actions[u.Name]; !ok {
		return fmt.Errorf("the host has no action %q: configure it, or take it out of the job", u.Name)
	}
	if err := u.Problem(); err != nil {
		return err
	}
	if allowed := a.snapshot.Settings().Spec().Targets; u.Name == job.TransferCall && len(allowed) > 0 {
		for _, t := range allowed {
			if t == u.Target {
				return nil
			}
		}
		return fmt.Errorf("the workspace's settings allow no transfer to %s", u.Target)
	}
	return nil
}

func (a *assembly) missing() {
	for _, m := range a.snapshot.Missing() {
		switch {
		case m.Step != a.step:
		case m.Job != "":
			a.left = append(a.left, call.Note{Kind: call.NoteMissingJob, Job: m.Job, Text: "the job is attached, but was deleted"})
		default:
			a.left = append(a.left, call.Note{Kind: call.NoteMissingPage, Page: m.Page, Text: "the page is selected, but was deleted"})
		}
	}
}

// prompt makes the Prompt of the best plan that fits.
func (a *assembly) prompt() (Prompt, error) {
	kind, err := a.choose()
	if err != nil {
		return Prompt{}, err
	}
	w := writer{nonce: a.nonce}
	a.write(&w, kind)
	p := Prompt{Stable: string(w.buf), Tools: a.tools(kind), nonce: a.nonce, sections: w.sections, uses: a.uses,
		tokens: a.options.Profile.count(), left: a.left}
	p.Plan = Plan{Kind: kind, Jobs: make([]PlannedJob, len(a.jobs)), Pages: a.pages}
	for i, j := range a.jobs {
		p.Plan.Jobs[i] = PlannedJob{Handle: j.handle, Job: j.job, Open: kind == Full}
	}
	p.variables(a.jobs)
	p.Tokens = p.tokens(p.Stable) + toolTokens(p.Tools, p.tokens)
	p.Receipt = a.receipt(p)
	return p, nil
}

// choose returns the best plan that fits the room of the profile and of the workspace.
func (a *assembly) choose() (PlanKind, error) {
	room := a.options.Profile.room(a.snapshot.Settings().Spec().MaxTokens)
	need := 0
	for _, kind := range []PlanKind{Full, Index} {
		w := writer{nonce: a.nonce}
		a.write(&w, kind)
		need = a.options.Profile.count()(string(w.buf)) + toolTokens(a.tools(kind), a.options.Profile.count())
		if need <= room {
			return kind, nil
		}
	}
	return "", &BudgetError{Need: need, Have: room, Shrink: a.largest()}
}

// largest returns the job whose part of an index is the largest, by its characters.
func (a *assembly) largest() job.ID {
	var id job.ID
	most := 0
	for _, j := range a.jobs {
		if n := len(j.spec.Name) + len(j.overview()); n > most {
			id, most = j.job.ID(), n
		}
	}
	return id
}

// overview says in one line when the job applies: its intent, else its goal, else its description.
func (j plannedJob) overview() string {
	for _, text := range []string{j.spec.CallerIntent, j.outline.Goal, j.spec.Description} {
		if strings.TrimSpace(text) != "" {
			return bare(text)
		}
	}
	return ""
}

func toolTokens(tools []Tool, count func(string) int) int {
	n := 0
	for _, t := range tools {
		n += count(t.Name) + count(t.Description) + count(string(t.Parameters))
	}
	return n
}
