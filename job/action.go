package job

import (
	"encoding/json"
	"fmt"
	"maps"
)

// ActionName names what Sona can do besides speaking: a built-in action or one of the host's own.
// A name is 1 to 64 lower-case letters, digits and underscores, a letter first.
type ActionName string

// The built-in actions, as they are written inside instructions:
//
//	{{action send_sms text="Here is the link: …"}}
//	{{action transfer_call to="inbox:support"}}
//	{{action voicemail}}
//	{{action end_call}}
const (
	SendSMS      ActionName = "send_sms"
	TransferCall ActionName = "transfer_call"
	Voicemail    ActionName = "voicemail"
	EndCall      ActionName = "end_call"
)

// ActionUse is one inline action: the point of the instructions where Sona should act. Treat Args as
// read-only.
type ActionUse struct {
	Name   ActionName        `json:"name"`
	Args   map[string]string `json:"args,omitempty"`  // what the author fixed; the model can never change it
	Target Target            `json:"target,omitzero"` // of a transfer_call whose "to" could be read, else zero
	Span   Span              `json:"span"`
}

// Problem returns nil, or a *[FieldError] that says why the action cannot be carried out as it is
// written: a text message without text, a transfer without a readable target. Lint shows it to the
// author; a call goes on without the action.
func (u ActionUse) Problem() error {
	switch u.Name {
	case SendSMS:
		if blank(u.Args["text"]) {
			return &FieldError{Field: "text", Rule: RuleRequired, Message: `text: send_sms needs the words to send: {{action send_sms text="…"}}`}
		}
	case TransferCall:
		if u.Target.IsZero() {
			_, err := ParseTarget(u.Args["to"])
			return err
		}
	default: // the other built-in actions take nothing, and the host checks its own
	}
	return nil
}

func (u ActionUse) clone() ActionUse {
	u.Args = maps.Clone(u.Args)
	return u
}

// ActionSpec declares an action: what lint, prompt, runtime and editors need to know of it.
type ActionSpec struct {
	Name        ActionName      `json:"name"`
	Description string          `json:"description"`          // for the model, one sentence
	Parameters  json.RawMessage `json:"parameters,omitempty"` // JSON Schema of what the model fills in; none when empty
	Terminal    bool            `json:"terminal,omitempty"`   // Sona's part of the call is over after it
}

// BuiltinActions returns the four actions that every Sona step has. None of them takes anything from
// the model: texts and targets stand in the job.
func BuiltinActions() []ActionSpec {
	return []ActionSpec{
		{Name: SendSMS, Description: "Send the caller of this call a text message with the words that the job fixed."},
		{Name: TransferCall, Description: "Transfer the caller, after they agreed, and leave the call.", Terminal: true},
		{Name: Voicemail, Description: "Leave the conversation so that the caller can record a voicemail.", Terminal: true},
		{Name: EndCall, Description: "End the call after saying goodbye.", Terminal: true},
	}
}

// ParseActionName checks the name of a host's own action. The error is a *[FieldError] on the field
// name; the built-in names are taken.
func ParseActionName(s string) (ActionName, error) {
	for _, b := range BuiltinActions() {
		if string(b.Name) == s {
			return "", &FieldError{Field: "name", Rule: RuleUnique, Message: fmt.Sprintf("name: %q is a built-in action: choose another name", s)}
		}
	}
	if !identifier(s) {
		return "", &FieldError{Field: "name", Rule: RuleFormat, Limit: maxIdentifier, Got: len(s), Message: fmt.Sprintf(
			"name: %q is no name of an action: 1 to %d lower-case letters, digits and underscores, a letter first", short(s), maxIdentifier)}
	}
	return ActionName(s), nil
}

const maxIdentifier = 64

func identifier(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || i > 0 && (c == '_' || c >= '0' && c <= '9')) {
			return false
		}
	}
	return s != "" && len(s) <= maxIdentifier
}
