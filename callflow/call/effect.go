package call

import (
	"encoding/json"
	"time"

	"github.com/sonajobs/sona/job"
)

// Effect is one action that was carried out, or begun. It is written down before it runs, so that a
// killed host leaves a trace: an effect that is not Done has an unknown result and never runs again.
type Effect struct {
	Key    string          `json:"key"` // the same for the same call, action and arguments: runs once
	Job    job.ID          `json:"job"`
	Action job.ActionName  `json:"action"`
	Args   json.RawMessage `json:"args,omitempty"` // what it ran with
	Target job.Target      `json:"target,omitzero"`
	Result json.RawMessage `json:"result,omitempty"`
	Err    string          `json:"err,omitempty"` // why it failed; empty when it did not
	Done   bool            `json:"done"`          // it came back, with Result or Err
	Dry    bool            `json:"dry,omitempty"` // a mock call: nothing happened outside
	At     time.Time       `json:"at,omitzero"`
}
