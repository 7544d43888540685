package storage

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// JobConflictError says that a job was saved by somebody else since the revision that a save was made
// from. Nothing was written and nothing typed is lost: the error holds all three texts. It matches
// [ErrConflict]. Seed 25.
//
//	if conflict, ok := errors.AsType[*storage.JobConflictError](err); ok {
//		merged, clashes := conflict.Merge()
//		// no clashes: save merged from conflict.Theirs.Revision(); else show the author merged and clashes
//	}
type JobConflictError struct {
	Base   job.Job  // the revision that the save named; zero when there is none, or it has no text
	Theirs job.Job  // the newest revision; the last text of a deleted job, when it was to be restored
	Mine   job.Spec // what was to be saved, cleaned; of a delete, which types nothing, the text of Base
}

// Error returns a message that starts with the job and says whose revision is in the way.
func (e *JobConflictError) Error() string {
	return conflictMessage(fmt.Sprintf("job %q (%s)", e.Theirs.Name(), e.Theirs.ID()), e.Base.Revision(), e.Theirs.Stamp())
}

// Unwrap gives ErrConflict.
func (e *JobConflictError) Unwrap() error { return ErrConflict }

// Merge puts both edits together, the instructions line by line, the other fields each as a whole, the
// results by their names. What only one side changed is taken over; so is what both changed alike. Where
// they changed the same thing differently there is a [Clash], and merged keeps what was typed: of the
// instructions both versions, theirs first; of a whole field mine.
//
// Without clashes merged can be saved as it is, from Theirs.Revision(). With clashes it is a proposal for
// the author to read. It may break a limit that neither side broke; saving tells.
func (e *JobConflictError) Merge() (merged job.Spec, clashes []Clash) {
	var m merger
	base, theirs := e.Base.Spec(), e.Theirs.Spec()
	merged = job.Spec{
		Name:         m.whole("name", base.Name, e.Mine.Name, theirs.Name),
		Description:  m.whole("description", base.Description, e.Mine.Description, theirs.Description),
		CallerIntent: m.whole("callerIntent", base.CallerIntent, e.Mine.CallerIntent, theirs.CallerIntent),
		Instructions: m.lines("instructions", base.Instructions, e.Mine.Instructions, theirs.Instructions),
		Results:      m.results(base.Results, e.Mine.Results, theirs.Results),
	}
	return merged, m.clashes
}

// PageConflictError is a [JobConflictError] about a Knowledge page.
type PageConflictError struct {
	Base   knowledge.Page
	Theirs knowledge.Page
	Mine   knowledge.Spec
}

// Error returns a message that starts with the page and says whose revision is in the way.
func (e *PageConflictError) Error() string {
	return conflictMessage(fmt.Sprintf("page %q (%s)", e.Theirs.Title(), e.Theirs.ID()), e.Base.Revision(), e.Theirs.Stamp())
}

// Unwrap gives ErrConflict.
func (e *PageConflictError) Unwrap() error { return ErrConflict }

// Merge puts both edits together: the text line by line, title and source each as a whole. See
// [JobConflictError.Merge].
func (e *PageConflictError) Merge() (merged knowledge.Spec, clashes []Clash) {
	var m merger
	base, theirs := e.Base.Spec(), e.Theirs.Spec()
	merged = knowledge.Spec{
		Title:  m.whole("title", base.Title, e.Mine.Title, theirs.Title),
		Text:   m.lines("text", base.Text, e.Mine.Text, theirs.Text),
		Source: whole(&m, "source", base.Source, e.Mine.Source, theirs.Source),
	}
	return merged, m.clashes
}

// SettingsConflictError is a [JobConflictError] about the settings of the workspace.
type SettingsConflictError struct {
	Base   callflow.Settings
	Theirs callflow.Settings
	Mine   callflow.SettingsSpec
}

// Error returns a message that says whose revision is in the way.
func (e *SettingsConflictError) Error() string {
	return conflictMessage("settings", e.Base.Revision(), e.Theirs.Stamp())
}

// Unwrap gives ErrConflict.
func (e *SettingsConflictError) Unwrap() error { return ErrConflict }

// Merge puts both edits together: the lists entry by entry, as [JobConflictError.Merge] does with lines.
func (e *SettingsConflictError) Merge() (merged callflow.SettingsSpec, clashes []Clash) {
	var m merger
	base, theirs := e.Base.Spec(), e.Theirs.Spec()
	merged = callflow.SettingsSpec{
		Guardrails: m.list("guardrails", base.Guardrails, e.Mine.Guardrails, theirs.Guardrails),
		Ignore:     m.list("ignore", base.Ignore, e.Mine.Ignore, theirs.Ignore),
		MaxTokens:  whole(&m, "maxTokens", base.MaxTokens, e.Mine.MaxTokens, theirs.MaxTokens),
	}
	known := map[string]job.Target{}
	for _, targets := range [][]job.Target{base.Targets, e.Mine.Targets, theirs.Targets} {
		for _, t := range targets {
			known[t.String()] = t
		}
	}
	for _, t := range m.list("targets", targetNames(base.Targets), targetNames(e.Mine.Targets), targetNames(theirs.Targets)) {
		merged.Targets = append(merged.Targets, known[t])
	}
	return merged, m.clashes
}

func targetNames(targets []job.Target) []string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.String()
	}
	return names
}

func conflictMessage(what string, base int, theirs job.Stamp) string {
	var b strings.Builder
	b.WriteString(what)
	if base > 0 {
		fmt.Fprintf(&b, ": the edit was made from revision %d, but %d is the newest", base, theirs.Revision)
	} else {
		fmt.Fprintf(&b, ": the edit names no revision that it was made from; %d is the newest", theirs.Revision)
	}
	if theirs.By != "" {
		fmt.Fprintf(&b, ", by %q", theirs.By)
	}
	fmt.Fprintf(&b, ": merge with it and save again from revision %d", theirs.Revision)
	return b.String()
}

// Clash is one place where two authors changed the same thing differently.
type Clash struct {
	Field  string `json:"field"`          // as in JSON: name, instructions, results
	Base   string `json:"base"`           // what both started from; empty where both added something
	Mine   string `json:"mine"`           // what the refused save holds there; empty where it removed something
	Theirs string `json:"theirs"`         // what the newest revision holds there
	Line   int    `json:"line,omitempty"` // where theirs, then mine, begins in the merged text or list, from 1; 0 for a whole field
}

// InUseError says that a job or a page is still named by call flows. Nothing was deleted. It matches
// [ErrInUse].
type InUseError struct {
	Ref  Ref
	Name string // the job's name or the page's title
	Uses []Use  // at least one
}

// Error returns a message that names the steps to detach it from.
func (e *InUseError) Error() string {
	const most = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q (%s): cannot be deleted while it is used by ", e.Ref.Kind, e.Name, e.Ref.ID)
	for i, u := range e.Uses {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(e.Uses)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s", u)
	}
	b.WriteString(": detach it there and publish")
	return b.String()
}

// Unwrap gives ErrInUse.
func (e *InUseError) Unwrap() error { return ErrInUse }
