// Saving a job names the revision that the text was made from.
package snippet

import (
	"context"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

func save(ctx context.Context, ws *storage.Workspace, id job.ID, base int, spec job.Spec) {
	ws.SaveJob(ctx, id, base, spec, "note")
	ws.SaveJob(ctx, id, spec, "note") // want error: not enough arguments in call to ws\.SaveJob
}
