// A job cannot stand where a Knowledge page is asked for.
package snippet

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

func attach(ctx context.Context, ws *storage.Workspace, flow callflow.ID, step callflow.StepID, j job.Job, page knowledge.Page) {
	ws.Attach(ctx, flow, step, j.ID())
	ws.AttachPage(ctx, flow, step, page.ID())
	ws.AttachPage(ctx, flow, step, j.ID()) // want error: cannot use j\.ID\(\) .*job\.ID.* as knowledge\.ID value
}
