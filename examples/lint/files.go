package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// read returns the job in a file: the JSON form of one, or plain text or Markdown, which is all instructions.
func read(name string) (job.Spec, error) {
	data, err := os.ReadFile(name) //nolint:gosec // the files that the user names
	if err != nil {
		return job.Spec{}, err
	}
	s := job.Spec{Name: title(name), Instructions: string(data)}
	if filepath.Ext(name) == ".json" {
		s = job.Spec{}
		if err := json.Unmarshal(data, &s); err != nil {
			return job.Spec{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s, nil
}

// title is what a file is called: opening-hours.md is "opening hours".
func title(name string) string {
	base := filepath.Base(name)
	return strings.NewReplacer("-", " ", "_", " ").Replace(strings.TrimSuffix(base, filepath.Ext(base)))
}

// every is how many jobs lie between two lines of progress.
const every = 1_000

// lintFiles lints each file by itself.
func (c command) lintFiles(ctx context.Context, errs io.Writer) (all lint.Report, err error) {
	x, err := c.context()
	if err != nil {
		return all, err
	}
	for i, name := range c.files {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		s, err := read(name)
		if err != nil {
			return all, err
		}
		if err := s.Check(); err != nil { // what no job can be saved with
			_, _ = fmt.Fprintf(errs, "%s: %v\n", name, err)
		}
		all.Entries = append(all.Entries, lint.NewReport([]lint.Source{{Name: name, Spec: s}}, x, lint.Spec(s, x)).Entries...)
		progress(errs, i+1, len(c.files))
	}
	return all, nil
}

// lintStep lints the files side by side.
func (c command) lintStep() (lint.Report, error) {
	x, err := c.context()
	if err != nil {
		return lint.Report{}, err
	}
	var jobs []job.Job
	var sources []lint.Source
	for _, name := range c.files {
		s, err := read(name)
		if err != nil {
			return lint.Report{}, err
		}
		j, err := job.New(s)
		if err != nil {
			return lint.Report{}, fmt.Errorf("%s: %w", name, err)
		}
		jobs, sources = append(jobs, j), append(sources, lint.Source{Name: name, Job: j.ID(), Spec: s})
	}
	r := lint.NewReport(sources, x, lint.Set(jobs, x))
	for i := range r.Entries {
		c.tidy(&r.Entries[i])
	}
	return r, nil
}

// tidy names the files of pages, and forgets the IDs that were made for this run.
func (c command) tidy(e *lint.Entry) {
	file := func(w *lint.Where) {
		for _, name := range c.pages {
			if w.Source == title(name) {
				w.Source = name
			}
		}
	}
	e.Job = ""
	file(&e.Where)
	for i := range e.Others {
		file(&e.Others[i])
	}
	for i := range e.Also {
		e.Also[i].Job = ""
	}
}

// progress says how far it is, once in a while.
func progress(errs io.Writer, n, of int) {
	if n%every == 0 {
		_, _ = fmt.Fprintf(errs, "%d of %d\n", n, of)
	}
}
