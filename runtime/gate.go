package runtime

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// PromptGate returns a gate for SaveJob, SavePage, RestoreJob, RestorePage and Publish that asks [prompt.Check]: an
// edit is refused while callers would meet a step that has no room in the model's profile, or that the host's
// actions make impossible. The author then gets a *[prompt.BudgetError] that names jobs and pages, their sizes and
// the cheapest of them to take out; nothing was saved, and callers go on with what was live. With
// [prompt.Options.Variables] a job is refused, too, whose variables nobody gives a value: *[prompt.VariableError].
//
//	gate := runtime.PromptGate(r.PromptOptions())
//	saved, err := ws.SaveJob(ctx, id, base, spec, note, gate)
//
// It judges what would be live, not what changed: of a step that has no room already, only an edit that makes it fit
// passes. Settings take no gates; what they or a smaller model leave without room, [prompt.Check] finds. It may be
// used from many goroutines at once.
func PromptGate(o prompt.Options) storage.Gate {
	if o.Parts == nil {
		o.Parts = new(prompt.Parts) // flows share jobs
	}
	return func(ctx context.Context, s callflow.Snapshot) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return prompt.Check(s, o)
	}
}
