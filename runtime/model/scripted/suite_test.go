package scripted_test

import (
	"testing"
	"time"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func TestAScriptIsAModel(t *testing.T) {
	const (
		reasons = "a script ends for its calls, or with stop"
		ids     = "a script names its calls itself"
		far     = "a script has no far side"
	)
	modeltest.Run(t, func(_ *testing.T, far *modeltest.Far) model.Model {
		var replies []scripted.Reply
		for _, r := range far.Replies() {
			replies = append(replies, script(r))
		}
		return scripted.New(replies...)
	},
		modeltest.Cannot{Case: "A reply ends with one Done and its reason", Why: reasons},
		modeltest.Cannot{Case: "Half a call is none when a limit cuts it", Why: reasons},
		modeltest.Cannot{Case: "A call comes whole", Why: ids},
		modeltest.Cannot{Case: "Parallel calls come in order, each with its own arguments", Why: ids},
		modeltest.Cannot{Case: "Text and calls of one reply both come", Why: ids},
		modeltest.Cannot{Case: "Arguments keep every value", Why: ids},
		modeltest.Cannot{Case: "A call without arguments is one all the same", Why: ids},
		modeltest.Cannot{Case: "A tool that nobody offered is passed on", Why: ids},
		modeltest.Cannot{Case: "Arguments that are no JSON come as they are or are an error, and are never mended", Why: ids},
		modeltest.Cannot{Case: "Half a call is none when the stream is cut", Why: ids},
		modeltest.Cannot{Case: "Calls of one reply are not those of the next", Why: ids},
		modeltest.Cannot{Case: "Many may ask at once, and each gets a reply of its own", Why: ids},
		modeltest.Cannot{Case: "Streams that are read in turns do not mix", Why: ids},
		modeltest.Cannot{Case: "Leaving the loop tells the far side", Why: far},
		modeltest.Cannot{Case: "A context that ends tells the far side", Why: far},
		modeltest.Cannot{Case: "The request is not kept", Why: "requests are kept for whoever wrote the test"},
	)
}

// script is a reply of the suite as a scripted one.
func script(steps modeltest.Reply) scripted.Reply {
	r := scripted.Reply{}
	for _, step := range steps {
		switch s := step.(type) {
		case modeltest.Text:
			r = r.And(scripted.Say(string(s)))
		case modeltest.Call:
			r = r.And(scripted.Call(s.Name, string(s.Arguments)))
		case modeltest.Usage:
			r = r.And(scripted.Count(model.Usage(s)))
		case modeltest.Fault:
			r = r.And(scripted.Fail(&model.Error{Kind: s.Kind, RetryAfter: s.RetryAfter}))
		case modeltest.Cut:
			r = r.And(scripted.Cut())
		case modeltest.Wait:
			r = r.And(scripted.Wait(time.Hour))
		case modeltest.HalfCall, modeltest.Finish: // a script has no pieces of calls, and ends by itself
		}
	}
	return r
}
