package prompt

import (
	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job/lint"
)

// LintContext returns what lint has to know of a Sona step: the step's pages and greeting; the workspace's guardrails, targets, size and what
// it ignores; the host's actions and variables. Targets are checked where the workspace names some, sizes where it has a limit. The error is a
// *[callflow.StepError].
//
//	c, err := prompt.LintContext(s, step, o)
//	found := lint.Set(s.Jobs(step), c)
func LintContext(s callflow.Snapshot, step callflow.StepID, o Options) (lint.Context, error) {
	sona, err := s.SonaStep(step)
	if err != nil {
		return lint.Context{}, err
	}
	rules := s.Settings().Spec()
	c := lint.Context{
		Actions: o.Actions, Variables: o.Variables,
		Greeting: sona.Greeting, Guardrails: rules.Guardrails, Ignore: rules.Ignore, MaxTokens: rules.MaxTokens,
	}
	if len(rules.Targets) > 0 {
		c.Targets = rules.Targets
	}
	for _, p := range s.Pages(step) {
		c.Pages = append(c.Pages, lint.Page{ID: string(p.ID()), Title: p.Title(), Text: p.Text()})
	}
	return c, nil
}

// NewFindings returns what an edit brings one Sona step, as lint sees it: findings on its jobs and on how they go
// together that the snapshot before has not. It is the part of an edit's impact that takes milliseconds a step, so [Impact]
// leaves it to who shows that step. Where there was no such Sona step before, all findings are new; the error is a
// *[callflow.StepError] where there is none after.
func NewFindings(before, after callflow.Snapshot, step callflow.StepID, o Options) ([]lint.Finding, error) {
	c, err := LintContext(after, step, o)
	if err != nil {
		return nil, err
	}
	is := lint.Set(after.Jobs(step), c)
	old, err := LintContext(before, step, o)
	if err != nil {
		return is, nil //nolint:nilerr // there was no such step: nothing was found in it
	}
	return lint.Added(lint.Set(before.Jobs(step), old), is), nil
}
