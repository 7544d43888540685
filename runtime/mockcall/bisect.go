package mockcall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// BisectConfig says how [Bisect] makes its calls. The zero value replays what the caller said against the rehearsal.
type BisectConfig struct {
	Config Config        // Flow, Step, Candidates and Caller are the call's; Model, Actions, Faults and Values are used
	Caller func() Caller // makes the caller of one run; the recorded words of the caller when nil
	Runs   int           // per state, all of which have to pass; 1 when it is 0. More for a language model
	Since  time.Time     // the call is taken to have been good then; the first version of the flow when zero
}

// Edit is one revision of something that a call runs on.
type Edit struct {
	Ref      storage.Ref
	Revision int
	At       time.Time
	By       string
	Note     string // what the author wrote; of jobs and pages
}

// Culprit is the edit that broke a call.
type Culprit struct {
	Edit    Edit
	Problem string  // what the check says right after the edit
	Good    *Result // right before the edit
	Bad     *Result // right after it
	Edits   int     // that were in question
	States  int     // on which calls were made, both ends included
	Engine  string
}

// String names the edit.
func (c *Culprit) String() string {
	return fmt.Sprintf("%s revision %d, by %s at %s, broke it (%d of %d edits tried, engine %s): %s", c.Edit.Ref, c.Edit.Revision, c.Edit.By,
		c.Edit.At.UTC().Format(time.RFC3339), c.States, c.Edits, c.Engine, c.Problem)
}

var (
	// ErrNotBroken says that the check passes on the texts that the call ran on, so there is nothing to look for: the
	// model, not a text, may have been the reason.
	ErrNotBroken = errors.New("mockcall: the check passes on the texts of the call")
	// ErrNeverGood says that the check fails on the oldest texts, too: no edit in question broke the call.
	ErrNeverGood = errors.New("mockcall: the check fails on the oldest texts, too")
)

// Bisect finds which edit broke a recorded call: of a job, a page, the settings, or the published flow. It goes back
// through the history of the workspace, makes the call again on the texts as they stood, and halves the edits in question
// until one is left: about log2 of them are tried. Edits of drafts are none, since no caller meets them.
//
// It takes one edit to be the reason. Where a call broke, was mended and broke again, it finds one of the edits that broke
// it. The errors are storage's (ErrNotFound: no such call, or it ran on a draft), [ErrNotBroken], [ErrNeverGood], those of
// [RunOn], and ctx's. Texts that were erased are missing in the states that had them.
func Bisect(ctx context.Context, w *storage.Workspace, id call.ID, check Check, b BisectConfig) (*Culprit, error) {
	r, err := w.Call(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	h, err := readHistory(ctx, w, r, b.Since)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	c := &Culprit{Edits: len(h.edits), Engine: b.Config.engine()}
	// State i stands after the first i edits in question.
	bad, err := b.try(ctx, w, h, len(h.edits), check, c)
	if err != nil {
		return nil, err
	}
	if bad.problem == nil {
		return nil, ErrNotBroken
	}
	if len(h.edits) == 0 {
		return nil, fmt.Errorf("%w: there is no edit: %w", ErrNeverGood, bad.problem)
	}
	good, err := b.try(ctx, w, h, 0, check, c)
	if err != nil {
		return nil, err
	}
	if good.problem != nil {
		return nil, fmt.Errorf("%w: %w", ErrNeverGood, good.problem)
	}
	low, high := 0, len(h.edits)
	for high-low > 1 {
		middle := (low + high) / 2
		found, err := b.try(ctx, w, h, middle, check, c)
		if err != nil {
			return nil, err
		}
		if found.problem != nil {
			high, bad = middle, found
		} else {
			low, good = middle, found
		}
	}
	c.Edit, c.Good, c.Bad, c.Problem = h.edits[high-1], good.result, bad.result, bad.problem.Error()
	c.Edit.Note = noteOf(ctx, w, c.Edit)
	return c, nil
}

// tried is a call on one state: its result, and what the check says of it.
type tried struct {
	result  *Result
	problem error
}

// try makes the call on a state.
func (b BisectConfig) try(ctx context.Context, w *storage.Workspace, h *history, i int, check Check, c *Culprit) (tried, error) {
	s, err := h.state(ctx, w, i)
	if err != nil {
		return tried{}, fmt.Errorf("mockcall: %w", err)
	}
	c.States++
	var last tried
	for range max(1, b.Runs) {
		config := b.Config
		config.Candidates, config.Step = nil, h.record.Step
		config.To, config.From = h.record.Number, h.record.Caller
		if config.From.Number.Withheld() {
			config.From = call.Caller{}
		}
		config.Caller = Script(h.words...)
		if b.Caller != nil {
			config.Caller = b.Caller()
		}
		r, err := RunOn(ctx, s, config)
		if ctx.Err() != nil {
			return tried{}, ctx.Err()
		}
		if err != nil && !errors.Is(err, ErrEndless) {
			return tried{}, err
		}
		last = tried{r, check(r)}
		if last.problem != nil {
			break
		}
	}
	return last, nil //nolint:nilerr // a call without an end is a result like any other
}

// history is what a call's texts went through, from a known beginning on.
type history struct {
	record call.Record
	words  []string
	start  states
	edits  []Edit // oldest first
}

// states are the newest revisions of everything at one moment.
type states struct {
	version  int
	jobs     map[job.ID]int
	pages    map[knowledge.ID]int
	settings int
}

func (s states) with(e Edit) states {
	switch e.Ref.Kind {
	case storage.KindFlow:
		s.version = e.Revision
	case storage.KindSettings:
		s.settings = e.Revision
	case storage.KindJob:
		s.jobs[job.ID(e.Ref.ID)] = e.Revision
	case storage.KindPage:
		s.pages[knowledge.ID(e.Ref.ID)] = e.Revision
	case storage.KindCall: // no text
	}
	return s
}

// readHistory reads the feed of the workspace up to the call. Of jobs and pages those count that any version of the flow
// names; edits before the first version, or before since, make the state that the search starts from.
func readHistory(ctx context.Context, w *storage.Workspace, r call.Record, since time.Time) (*history, error) {
	h := &history{record: r, start: states{jobs: map[job.ID]int{}, pages: map[knowledge.ID]int{}}}
	for _, t := range r.Turns {
		if t.By == call.ByCaller {
			h.words = append(h.words, t.Text)
		}
	}
	if r.Version < 1 {
		return nil, &storage.RefError{Ref: storage.Ref{Kind: storage.KindCall, ID: string(r.ID)}, Err: storage.ErrNotFound}
	}
	versions := make([]callflow.Version, r.Version)
	named := map[storage.Ref]bool{}
	for i := range versions {
		s, err := w.SnapshotOf(ctx, call.Record{Flow: r.Flow, Version: i + 1})
		if err != nil {
			return nil, err
		}
		versions[i] = s.Version()
		jobs, pages := versions[i].Names()
		for _, id := range jobs {
			named[storage.Ref{Kind: storage.KindJob, ID: string(id)}] = true
		}
		for _, id := range pages {
			named[storage.Ref{Kind: storage.KindPage, ID: string(id)}] = true
		}
	}
	begin := versions[0].At()
	if since.After(begin) {
		begin = since
	}
	var all []Edit
	for i, v := range versions {
		all = append(all, Edit{Ref: storage.Ref{Kind: storage.KindFlow, ID: string(r.Flow)}, Revision: i + 1, At: v.At(), By: v.By()})
	}
	edits, err := textEdits(ctx, w, r, named)
	if err != nil {
		return nil, err
	}
	all = append(all, edits...)
	slices.SortStableFunc(all, func(a, b Edit) int { return a.At.Compare(b.At) })
	for _, e := range all {
		if !e.At.After(begin) {
			h.start = h.start.with(e)
			continue
		}
		h.edits = append(h.edits, e)
	}
	return h, nil
}

// textEdits returns the revisions of jobs, pages and settings that were there when the call began, in the order in which
// they were saved.
func textEdits(ctx context.Context, w *storage.Workspace, r call.Record, named map[storage.Ref]bool) ([]Edit, error) {
	var edits []Edit
	for after := storage.Seq(0); ; {
		changes, err := w.Changes(ctx, after, storage.MaxChanges)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			after = c.Seq
			switch {
			case c.Deleted, c.Ref.Kind != storage.KindSettings && !named[c.Ref]:
				continue
			case c.Ref.Kind == storage.KindSettings && c.Revision > r.Settings,
				c.Ref.Kind == storage.KindJob && tooNew(r.Jobs, job.ID(c.Ref.ID), c.Revision),
				c.Ref.Kind == storage.KindPage && tooNew(r.Pages, knowledge.ID(c.Ref.ID), c.Revision),
				c.At.After(r.StartedAt):
				continue
			}
			edits = append(edits, Edit{Ref: c.Ref, Revision: c.Revision, At: c.At, By: c.By})
		}
		if len(changes) < storage.MaxChanges {
			return edits, nil
		}
	}
}

// tooNew reports whether a call had an older revision than this one.
func tooNew[ID comparable](had map[ID]int, id ID, revision int) bool {
	known, ok := had[id]
	return ok && revision > known
}

// state joins the texts as they stood after the first n edits in question.
func (h *history) state(ctx context.Context, w *storage.Workspace, n int) (callflow.Snapshot, error) {
	s := states{h.start.version, maps.Clone(h.start.jobs), maps.Clone(h.start.pages), h.start.settings}
	for _, e := range h.edits[:n] {
		s = s.with(e)
	}
	return w.SnapshotOf(ctx, call.Record{Flow: h.record.Flow, Step: h.record.Step, Version: s.version, Jobs: s.jobs, Pages: s.pages, Settings: s.settings})
}

func noteOf(ctx context.Context, w *storage.Workspace, e Edit) string {
	switch e.Ref.Kind {
	case storage.KindJob:
		if j, err := w.JobRevision(ctx, job.ID(e.Ref.ID), e.Revision); err == nil {
			return j.Stamp().Note
		}
	case storage.KindPage:
		if p, err := w.PageRevision(ctx, knowledge.ID(e.Ref.ID), e.Revision); err == nil {
			return p.Stamp().Note
		}
	case storage.KindFlow, storage.KindSettings, storage.KindCall: // have none
	}
	return ""
}
