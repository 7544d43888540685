package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Use is one Sona step that names a job or a Knowledge page.
type Use struct {
	Flow    callflow.ID
	Name    string // the flow's
	Step    callflow.StepID
	Numbers []callflow.Line // that lead to the flow
	Draft   bool            // the draft names it: it is live after the next publish
	Live    bool            // the published version names it: an edit reaches callers at once
}

// String names the use for messages: flow "Main" step "sona" (draft and live).
func (u Use) String() string {
	where := "draft and live"
	switch {
	case !u.Draft:
		where = "live"
	case !u.Live:
		where = "draft"
	}
	return fmt.Sprintf("flow %q step %q (%s)", u.Name, u.Step, where)
}

// Impact returns every Sona step that an edit of a job reaches, now or after the next publish: ask it before
// saving. The uses come in the order of the flows' names and, in a flow, of its steps. A job that exists and
// is used nowhere has none; one that neither exists nor is named is [ErrNotFound] in a *[RefError]. Flows
// that cannot be read are reported in the error, beside the uses by the others. Seed 23.
func (w *Workspace) Impact(ctx context.Context, id job.ID) ([]Use, error) {
	if _, err := job.ParseID(string(id)); err != nil {
		return nil, err
	}
	uses, err := w.jobUses(ctx, id)
	if err == nil && len(uses) == 0 {
		_, err = w.Job(ctx, id)
	}
	return uses, err
}

// PageImpact is Impact for a Knowledge page.
func (w *Workspace) PageImpact(ctx context.Context, id knowledge.ID) ([]Use, error) {
	if _, err := knowledge.ParseID(string(id)); err != nil {
		return nil, err
	}
	uses, err := w.pageUses(ctx, id)
	if err == nil && len(uses) == 0 {
		_, err = w.Page(ctx, id)
	}
	return uses, err
}

func (w *Workspace) jobUses(ctx context.Context, id job.ID) ([]Use, error) {
	return uses(func(s callflow.SonaStep) bool { return slices.Contains(s.Jobs, id) },
		w.flows(ctx, draftJob(id)), w.flows(ctx, liveJob(id)))
}

func (w *Workspace) pageUses(ctx context.Context, id knowledge.ID) ([]Use, error) {
	return uses(func(s callflow.SonaStep) bool { return slices.Contains(s.Pages, id) },
		w.flows(ctx, draftPage(id)), w.flows(ctx, livePage(id)))
}

// uses collects the steps that name something from lists of the flows that do.
func uses(named func(callflow.SonaStep) bool, lists ...iter.Seq2[callflow.Flow, error]) ([]Use, error) {
	var (
		flows  []callflow.Flow
		seen   = map[callflow.ID]bool{}
		broken []error
	)
	for _, list := range lists {
		for f, err := range list {
			switch {
			case err != nil:
				broken = append(broken, err)
			case !seen[f.ID()]:
				seen[f.ID()] = true
				flows = append(flows, f)
			}
		}
	}
	slices.SortFunc(flows, func(a, b callflow.Flow) int {
		if c := strings.Compare(sortKey(a.Name()), sortKey(b.Name())); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID()), string(b.ID()))
	})
	var found []Use
	for _, f := range flows {
		found = append(found, usesOf(f, named)...)
	}
	return found, distinct(broken)
}

// usesOf lists the steps of one flow: those of the draft in its order, then those that only the published
// version has.
func usesOf(f callflow.Flow, named func(callflow.SonaStep) bool) []Use {
	var found []Use
	use := func(id callflow.StepID) *Use {
		for i := range found {
			if found[i].Step == id {
				return &found[i]
			}
		}
		found = append(found, Use{Flow: f.ID(), Name: f.Name(), Step: id, Numbers: f.Numbers()})
		return &found[len(found)-1]
	}
	for _, s := range f.Draft().Steps() {
		if k, ok := s.Is.(callflow.SonaStep); ok && named(k) {
			use(s.ID).Draft = true
		}
	}
	live, _ := f.Published()
	for _, s := range live.Steps() {
		if k, ok := s.Is.(callflow.SonaStep); ok && named(k) {
			use(s.ID).Live = true
		}
	}
	return found
}

// distinct joins errors, each message once: a flow that cannot be read may stand in two lists.
func distinct(errs []error) error {
	seen := map[string]bool{}
	return errors.Join(slices.DeleteFunc(errs, func(err error) bool {
		again := seen[err.Error()]
		seen[err.Error()] = true
		return again
	})...)
}

// Choice is one job of the library, as the selection list of a Sona step shows it.
type Choice struct {
	Job  job.Job
	On   bool // attached in the draft
	Live bool // attached in what is published
}

// ChoicePage is a part of a step's selection list.
type ChoicePage struct {
	Choices []Choice
	Next    Key         // where the next page goes on; zero when this is the last
	Broken  []*RefError // jobs of this page that cannot be read
}

// JobChoices returns one page of the selection list of a Sona step: every job of the library, with what is
// toggled on for this step. A step that neither the draft nor the published version has as a Sona step is a
// *[callflow.StepError]. Seed 3, 12, 18.
func (w *Workspace) JobChoices(ctx context.Context, flow callflow.ID, step callflow.StepID, q JobQuery) (ChoicePage, error) {
	if _, err := callflow.ParseID(string(flow)); err != nil {
		return ChoicePage{}, err
	}
	f, err := w.Flow(ctx, flow)
	if err != nil {
		return ChoicePage{}, err
	}
	live, _ := f.Published()
	on, inDraft := sonaStep(f.Draft(), step)
	running, inLive := sonaStep(live, step)
	if !inDraft && !inLive {
		return ChoicePage{}, notSona(f, step)
	}
	page, err := w.Jobs(ctx, q)
	if err != nil {
		return ChoicePage{}, err
	}
	choices := make([]Choice, len(page.Jobs))
	for i, j := range page.Jobs {
		choices[i] = Choice{Job: j, On: slices.Contains(on.Jobs, j.ID()), Live: slices.Contains(running.Jobs, j.ID())}
	}
	return ChoicePage{Choices: choices, Next: page.Next, Broken: page.Broken}, nil
}

func sonaStep(v callflow.Version, id callflow.StepID) (callflow.SonaStep, bool) {
	s, _ := v.Step(id)
	k, ok := s.Is.(callflow.SonaStep)
	return k, ok
}

func notSona(f callflow.Flow, id callflow.StepID) error {
	rule := callflow.RuleUnknownStep
	if _, there := f.Draft().Step(id); there {
		rule = callflow.RuleNotSona
	}
	return fmt.Errorf("flow %q: %w", f.Name(), &callflow.StepError{Step: id, Rule: rule})
}
