package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

// lintLibrary lints every job of a library, and what the jobs of each step say together: of the drafts, which are the
// next to be published.
func (c command) lintLibrary(ctx context.Context, errs io.Writer) (all lint.Report, err error) {
	if _, err := os.Stat(c.db); err != nil {
		return all, err // opening would make it
	}
	s, err := sqlite.Open(c.db, sqlite.Options{}) //nolint:contextcheck // opening is not to be interrupted
	if err != nil {
		return all, err
	}
	defer func() { err = errors.Join(err, s.Close()) }() //nolint:contextcheck // nor is closing
	ws := storage.Open(s, storage.WorkspaceID(c.workspace))
	settings, err := ws.Settings(ctx)
	if err != nil {
		return all, err
	}
	x := lint.Context{Ignore: append(c.ignored(), settings.Spec().Ignore...)}
	n := 0
	for j, err := range ws.AllJobs(ctx) {
		if err != nil {
			return all, err
		}
		all.Entries = append(all.Entries, lint.NewReport(lint.Sources(j), x, named(lint.Spec(j.Spec(), x), j)).Entries...)
		if n++; n%every == 0 {
			_, _ = fmt.Fprintf(errs, "%d jobs\n", n)
		}
	}
	for f, err := range ws.Flows(ctx) {
		if err != nil {
			return all, err
		}
		snapshot, err := ws.DraftSnapshot(ctx, f.ID())
		if err != nil {
			return all, err
		}
		for _, step := range snapshot.Version().SonaSteps() {
			more, err := c.lintStepOf(snapshot, step)
			if err != nil {
				return all, err
			}
			all.Entries = append(all.Entries, more.Entries...)
		}
	}
	return all, nil
}

// lintStepOf returns what the jobs of a step say together; what each says by itself was said before.
func (c command) lintStepOf(s callflow.Snapshot, step callflow.StepID) (lint.Report, error) {
	x, err := prompt.LintContext(s, step, prompt.Options{})
	if err != nil {
		return lint.Report{}, err
	}
	x.Ignore = append(x.Ignore, c.ignored()...)
	for _, r := range lint.Rules() {
		if !r.Set {
			x.Ignore = append(x.Ignore, string(r.ID))
		}
	}
	jobs := s.Jobs(step)
	return lint.NewReport(lint.Sources(jobs...), x, lint.Set(jobs, x)), nil
}

// named tells the findings whose they are.
func named(all []lint.Finding, j job.Job) []lint.Finding {
	for i := range all {
		all[i].Job = j.ID()
	}
	return all
}
