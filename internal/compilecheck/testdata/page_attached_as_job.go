// A Knowledge page cannot stand where a job is asked for.
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
	ws.Attach(ctx, flow, step, page.ID()) // want error: cannot use page\.ID\(\) .*knowledge\.ID.* as job\.ID value
}
