// The published version of a flow has no door but Publish.
package snippet

import "github.com/sonajobs/sona/callflow"

func assign(flow callflow.Flow, v callflow.Version) {
	v, _ = flow.Published()
	flow.published = v // want error: has no field or method published, but does have method Published
}
