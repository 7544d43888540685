package mockcall

import (
	"context"
	"encoding/json"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
)

// dry replaces everything that acts outside by doubles that do nothing, or fail as Config.Faults says. The
// effects of the record are the ledger of what would have happened.
func (c Config) dry(config *runtime.Config) {
	config.Dry = true
	config.SMS = runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { return c.Faults[job.SendSMS] })
	config.Transfer = runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error { return c.Faults[job.TransferCall] })
	config.Actions = make([]runtime.Action, len(c.Actions))
	for i, a := range c.Actions {
		config.Actions[i] = runtime.Action{Spec: a.Spec, Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			if err := c.Faults[a.Spec.Name]; err != nil {
				return nil, err
			}
			return json.RawMessage(`{"dry":true}`), nil
		}}
	}
}
