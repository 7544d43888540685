// What Published returns is a copy: it cannot be assigned to.
package snippet

import "github.com/sonajobs/sona/callflow"

func assign(flow callflow.Flow, v callflow.Version) {
	v, _ = flow.Published()
	flow.Published() = v // want error: assignment mismatch|cannot assign to|multiple-value
}
