package callflow

import (
	"encoding/json"
	"fmt"
)

// A step's JSON: {"id":…,"name":…,"is":{"kind":"sona",…},"next":{"voicemail":"…"}}. Fields may be added;
// none is ever renamed or dropped.
type stepJSON struct {
	ID   StepID          `json:"id"`
	Name string          `json:"name,omitempty"`
	Is   json.RawMessage `json:"is"`
	Next map[Exit]StepID `json:"next,omitempty"`
}

// MarshalJSON writes the step with its kind.
func (s Step) MarshalJSON() ([]byte, error) {
	var is any
	switch k := s.Is.(type) {
	case nil:
		is = nil
	case SonaStep:
		is = struct {
			Kind Kind `json:"kind"`
			SonaStep
		}{KindSona, k}
	case VoicemailStep:
		is = struct {
			Kind Kind `json:"kind"`
			VoicemailStep
		}{KindVoicemail, k}
	case HangupStep:
		is = struct {
			Kind Kind `json:"kind"`
		}{KindHangup}
	case HostStep:
		is = struct {
			Kind Kind `json:"kind"`
			HostStep
		}{KindHost, k}
	default:
		return nil, &StepError{s.ID, RuleNoKind, fmt.Errorf("%T", k)}
	}
	raw, err := json.Marshal(is)
	if err != nil {
		return nil, &StepError{s.ID, RuleInvalid, err}
	}
	return json.Marshal(stepJSON{s.ID, s.Name, raw, s.Next})
}

// UnmarshalJSON reads what MarshalJSON wrote. An unknown kind is a *[StepError]. What the step holds is
// checked when a flow takes it in.
func (s *Step) UnmarshalJSON(b []byte) error {
	var in stepJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("callflow: step: %w", err)
	}
	var head struct {
		Kind Kind `json:"kind"`
	}
	if len(in.Is) > 0 {
		if err := json.Unmarshal(in.Is, &head); err != nil {
			return &StepError{in.ID, RuleNoKind, err}
		}
	}
	var (
		is  StepKind
		err error
	)
	switch head.Kind {
	case KindSona:
		is, err = decodeKind[SonaStep](in.Is)
	case KindVoicemail:
		is, err = decodeKind[VoicemailStep](in.Is)
	case KindHangup:
		is = HangupStep{}
	case KindHost:
		is, err = decodeKind[HostStep](in.Is)
	default:
		return &StepError{in.ID, RuleNoKind, fmt.Errorf("kind %.40q: use sona, voicemail, hangup or host", head.Kind)}
	}
	if err != nil {
		return &StepError{in.ID, RuleInvalid, err}
	}
	*s = Step{in.ID, in.Name, is, in.Next}
	return nil
}

func decodeKind[K StepKind](raw json.RawMessage) (StepKind, error) {
	var k K
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, err
	}
	return k, nil
}
