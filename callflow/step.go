package callflow

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/ident"
	"github.com/sonajobs/sona/job"
)

// Limits of a step.
const (
	MaxJobsPerStep = 10    // jobs attached to one Sona step; Seed 14
	MaxGreeting    = 1_000 // characters; our own limit
	MaxPersona     = 500   // characters of tone and of voice; our own limit
)

type (
	// StepID names a step within its flow: 1 to 100 ASCII letters, digits and . _ - /.
	StepID string
	// Kind is what a step is: KindSona, KindVoicemail, KindHangup or KindHost.
	Kind string
	// Exit is a way out of a step.
	Exit string
	// Language is a language that Sona speaks, as an ISO 639-1 code.
	Language string
)

// Sona is the ID of the Sona step that [Simple] makes.
const Sona StepID = "sona"

// The kinds of steps.
const (
	KindSona      Kind = "sona"
	KindVoicemail Kind = "voicemail"
	KindHangup    Kind = "hangup"
	KindHost      Kind = "host"
)

// The exits of the kinds that the library knows.
const (
	ExitTransferred Exit = "transferred" // Sona: the caller went to somebody; nothing follows for this call
	ExitVoicemail   Exit = "voicemail"   // Sona: the caller is to record a message
	ExitEnded       Exit = "ended"       // Sona: the conversation came to its end
	ExitFallback    Exit = "fallback"    // Sona: the agent could not go on (no model, no storage, no room)
	ExitDone        Exit = "done"        // voicemail: the message was recorded
)

// The languages of the product.
const (
	English Language = "en"
	Spanish Language = "es"
	French  Language = "fr"
)

// Step is one station of a flow. It is plain data: a flow checks it when it takes it in.
type Step struct {
	ID   StepID
	Name string // for people; optional, at most 100 characters
	Is   StepKind
	Next map[Exit]StepID // where each exit leads; an exit that is not named ends the call
}

// Exits returns the exits that the step's kind has.
func (s Step) Exits() []Exit {
	if s.Is == nil {
		return nil
	}
	return s.Is.exits()
}

// StepKind is what a step does. The set is closed: [SonaStep], [VoicemailStep], [HangupStep] and
// [HostStep], as values.
type StepKind interface {
	Kind() Kind
	exits() []Exit
	stepKind()
}

// SonaStep is the AI agent: what it says first, how it speaks, which jobs it can do and which
// Knowledge pages it can reach.
type SonaStep struct {
	Greeting string         `json:"greeting,omitempty"` // the first words, verbatim; at most MaxGreeting characters
	Persona  Persona        `json:"persona,omitzero"`
	Jobs     []job.ID       `json:"jobs,omitempty"`    // at most MaxJobsPerStep, in the order of the prompt; a second mention is dropped
	Pages    []knowledge.ID `json:"pages,omitempty"`   // in the order of the prompt; a second mention is dropped
	History  bool           `json:"history,omitempty"` // may look at the caller's earlier conversations
	// HearGreeting is for a greeting that must be heard to its end, such as one with a recording notice: a caller who
	// speaks into it is answered after it.
	HearGreeting bool `json:"hearGreeting,omitempty"`
}

// Persona is how Sona comes across.
type Persona struct {
	Tone      string     `json:"tone,omitempty"`      // in words, for the prompt; at most MaxPersona characters
	Voice     string     `json:"voice,omitempty"`     // the host's name of a voice; at most MaxPersona characters
	Languages []Language `json:"languages,omitempty"` // English when empty; the first is spoken first; a second mention is dropped
}

// VoicemailStep records a message. Exit: ExitDone.
type VoicemailStep struct {
	Greeting string `json:"greeting,omitempty"` // at most MaxGreeting characters
}

// HangupStep ends the call. It has no exits.
type HangupStep struct{}

// HostStep stands for whatever the host runs itself: business hours, ringing people, a phone menu.
type HostStep struct {
	Name   string          `json:"name"` // which of the host's steps it is; required, at most 100 characters
	Exits  []Exit          `json:"exits,omitempty"`
	Config json.RawMessage `json:"config,omitempty"` // the host's own, valid JSON; never read by the library
}

// Kind returns KindSona.
func (SonaStep) Kind() Kind { return KindSona }

// Kind returns KindVoicemail.
func (VoicemailStep) Kind() Kind { return KindVoicemail }

// Kind returns KindHangup.
func (HangupStep) Kind() Kind { return KindHangup }

// Kind returns KindHost.
func (HostStep) Kind() Kind { return KindHost }

func (SonaStep) exits() []Exit {
	return []Exit{ExitTransferred, ExitVoicemail, ExitEnded, ExitFallback}
}
func (VoicemailStep) exits() []Exit { return []Exit{ExitDone} }
func (HangupStep) exits() []Exit    { return nil }
func (h HostStep) exits() []Exit    { return slices.Clone(h.Exits) }

func (SonaStep) stepKind()      {}
func (VoicemailStep) stepKind() {}
func (HangupStep) stepKind()    {}
func (HostStep) stepKind()      {}

func (s Step) clone() Step {
	s.Next = maps.Clone(s.Next)
	switch k := s.Is.(type) {
	case SonaStep:
		s.Is = k.clone()
	case HostStep:
		k.Exits, k.Config = slices.Clone(k.Exits), slices.Clone(k.Config)
		s.Is = k
	}
	return s
}

func (s SonaStep) clone() SonaStep {
	s.Jobs, s.Pages = slices.Clone(s.Jobs), slices.Clone(s.Pages)
	s.Persona.Languages = slices.Clone(s.Persona.Languages)
	return s
}

// checked returns s cleaned, or a *StepError or *TooManyJobsError. It is the one place of the rules for
// what stands inside a step; how steps hang together is checked by their version.
func (s Step) checked() (Step, error) {
	if err := ident.Check(string(s.ID)); err != nil {
		return Step{}, &StepError{s.ID, RuleInvalid, fmt.Errorf("id %w", err)}
	}
	s = s.clone()
	if len(s.Next) == 0 {
		s.Next = nil // as it is read back
	}
	var broken []job.FieldError
	text := func(field string, p *string, required bool, limit int, clean func(string) string) {
		broken = append(broken, job.CheckText(field, *p, required, limit)...)
		*p = clean(*p)
	}
	text("name", &s.Name, false, job.MaxName, job.CleanLine)
	switch k := s.Is.(type) {
	case SonaStep:
		text("greeting", &k.Greeting, false, MaxGreeting, job.Clean)
		text("persona.tone", &k.Persona.Tone, false, MaxPersona, job.Clean)
		text("persona.voice", &k.Persona.Voice, false, MaxPersona, job.CleanLine)
		broken = append(broken, k.Persona.check()...)
		broken = append(broken, k.checkIDs()...)
		k.Jobs, k.Pages, k.Persona.Languages = unique(k.Jobs), unique(k.Pages), unique(k.Persona.Languages)
		if len(k.Jobs) > MaxJobsPerStep {
			return Step{}, &TooManyJobsError{s.ID, k.Jobs[MaxJobsPerStep], MaxJobsPerStep}
		}
		s.Is = k
	case VoicemailStep:
		text("greeting", &k.Greeting, false, MaxGreeting, job.Clean)
		s.Is = k
	case HangupStep:
	case HostStep:
		text("host.name", &k.Name, true, job.MaxName, job.CleanLine)
		broken = append(broken, k.check()...)
		k.Exits = unique(k.Exits)
		if len(k.Config) > 0 && len(broken) == 0 {
			if raw, err := json.Marshal(k.Config); err == nil { // as it is stored, so that a saved step equals itself
				k.Config = raw
			}
		}
		s.Is = k
	default: // nil, or a pointer to a kind, which would be shared
		return Step{}, &StepError{s.ID, RuleNoKind, nil}
	}
	if len(broken) > 0 {
		return Step{}, &StepError{s.ID, RuleInvalid, &job.ValidationError{Fields: broken}}
	}
	return s, nil
}

func (p Persona) check() (broken []job.FieldError) {
	for _, l := range p.Languages {
		if l != English && l != Spanish && l != French {
			broken = append(broken, job.FieldError{Field: "persona.languages", Rule: job.RuleOneOf,
				Message: fmt.Sprintf("persona.languages: %q is not spoken: use en, es or fr", l)})
		}
	}
	return broken
}

func (s SonaStep) checkIDs() (broken []job.FieldError) {
	for _, id := range s.Jobs {
		if _, err := job.ParseID(string(id)); err != nil {
			broken = append(broken, job.FieldError{Field: "jobs", Rule: job.RuleFormat, Message: "jobs: " + err.Error()})
		}
	}
	for _, id := range s.Pages {
		if _, err := knowledge.ParseID(string(id)); err != nil {
			broken = append(broken, job.FieldError{Field: "pages", Rule: job.RuleFormat, Message: "pages: " + err.Error()})
		}
	}
	return broken
}

func (h HostStep) check() (broken []job.FieldError) {
	for _, x := range h.Exits {
		if err := ident.Check(string(x)); err != nil {
			broken = append(broken, job.FieldError{Field: "host.exits", Rule: job.RuleFormat, Message: "host.exits: " + err.Error()})
		}
	}
	if len(h.Config) > 0 && !(json.Valid(h.Config) && utf8.Valid(h.Config)) {
		broken = append(broken, job.FieldError{Field: "host.config", Rule: job.RuleFormat, Message: "host.config: is no valid JSON"})
	}
	return broken
}

// unique keeps the first of equal values, in order.
func unique[T comparable](in []T) []T {
	var out []T
	for _, v := range in {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
