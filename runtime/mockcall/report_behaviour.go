package mockcall

import (
	"encoding/json"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
)

// behaviour returns a hash of what can be told of a call from outside: what was said by whom and in which step, what
// was done, how it ended and what was found out. Times, IDs of calls and keys are no part of it.
func behaviour(r *Result) string {
	if r == nil {
		return ""
	}
	type turn struct {
		By         call.Speaker
		Text, Step string
		Job        job.ID
		Cut        bool
	}
	type effect struct {
		Job    job.ID
		Action job.ActionName
		Args   json.RawMessage
		Target job.Target
		Err    string
		Done   bool
	}
	var seen struct {
		Turns   []turn
		Effects []effect
		Notes   []call.NoteKind
		Kind    call.OutcomeKind
		Target  job.Target
		Found   []call.JobResult
	}
	for _, t := range r.Record.Turns {
		seen.Turns = append(seen.Turns, turn{t.By, t.Heard(), t.Step, t.Job, t.Interrupted})
	}
	for _, f := range r.Record.Effects {
		seen.Effects = append(seen.Effects, effect{f.Job, f.Action, f.Args, f.Target, f.Err, f.Done})
	}
	for _, n := range r.Record.Notes {
		seen.Notes = append(seen.Notes, n.Kind)
	}
	seen.Kind, seen.Target, seen.Found = r.Record.Outcome.Kind, r.Record.Outcome.Target, r.Record.Summary.Jobs
	raw, err := json.Marshal(seen) //nolint:musttag // hashed and forgotten
	if err != nil {
		return err.Error()
	}
	return digest.Of(string(raw))
}
