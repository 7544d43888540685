package mockcall

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
)

// dry replaces everything that acts outside by doubles that do nothing, or fail as Config.Faults says; the actions of
// a World touch nothing outside, and run. The effects of the record are the ledger of what would have happened.
func (c Config) dry(config *runtime.Config) {
	config.Dry = true
	config.SMS = runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { return c.Faults[job.SendSMS] })
	config.Transfer = runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error { return c.Faults[job.TransferCall] })
	config.Actions = make([]runtime.Action, len(c.Actions))
	for i, a := range c.Actions {
		config.Actions[i] = runtime.Action{Spec: a.Spec, Do: func(ctx context.Context, info runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			if err := c.Faults[a.Spec.Name]; err != nil {
				return nil, err
			}
			if c.World.has(a.Spec.Name) {
				return a.Do(ctx, info, args)
			}
			return json.RawMessage(`{"dry":true}`), nil
		}}
	}
}

// checkFaults refuses a fault that could never come about, such as one of an action whose name is misspelt.
func (c Config) checkFaults(s callflow.Snapshot, step callflow.StepID) error {
	if c.Live || len(c.Faults) == 0 {
		return nil
	}
	if step == "" {
		only, err := s.OnlySonaStep()
		if err != nil {
			return nil //nolint:nilerr // the runtime says it in its own words
		}
		step = only
	}
	known := map[job.ActionName]bool{}
	for _, a := range c.actions() {
		known[a.Spec.Name] = true
	}
	for _, j := range s.Jobs(step) {
		for _, u := range j.Outline().Actions {
			if u.Name == job.SendSMS || u.Name == job.TransferCall {
				known[u.Name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Faults)) {
		if !known[name] {
			return fmt.Errorf("fault of %.80q: no such action can fail here: the actions are %q", name, slices.Sorted(maps.Keys(known)))
		}
	}
	return nil
}
