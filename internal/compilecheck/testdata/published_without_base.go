// Publishing names the revision of the flow that the author looked at.
package snippet

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/storage"
)

func publish(ctx context.Context, ws *storage.Workspace, id callflow.ID, base int) {
	ws.Publish(ctx, id, base)
	ws.Publish(ctx, id) // want error: not enough arguments in call to ws\.Publish
}
