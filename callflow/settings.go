package callflow

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
)

// Limits of the workspace's settings, which are our own: the vendor names none.
const (
	MaxGuardrails = 50    // rules for all jobs
	MaxGuardrail  = 500   // characters of one rule
	MaxTargets    = 1_000 // transfer targets that the workspace allows
)

// SettingsSpec holds the rules for all jobs of a workspace. They apply at once, like job edits.
type SettingsSpec struct {
	Guardrails []string     `json:"guardrails,omitempty"` // rules that stand above every job
	Ignore     []string     `json:"ignore,omitempty"`     // lint findings that the workspace does not want to see
	Targets    []job.Target `json:"targets,omitempty"`    // where calls may be transferred to; any target when empty
	MaxTokens  int          `json:"maxTokens,omitempty"`  // most tokens of the stable prompt; 0 = what the model's profile allows
}

// Settings are checked rules of a workspace, with what storage added: which workspace, which revision,
// and the nonce of its fences. The zero Settings are a workspace without rules.
type Settings struct {
	workspace string
	nonce     string
	stamp     job.Stamp
	spec      SettingsSpec
	hash      string // of spec; empty in the zero Settings
}

// NewSettings checks s. The error is a *[job.ValidationError].
func NewSettings(s SettingsSpec) (Settings, error) {
	var broken []job.FieldError
	tooMany := func(field string, got, limit int) {
		if got > limit {
			broken = append(broken, job.FieldError{Field: field, Rule: job.RuleMaxItems, Limit: limit, Got: got,
				Message: fmt.Sprintf("%s: %d entries, at most %d", field, got, limit)})
		}
	}
	tooMany("guardrails", len(s.Guardrails), MaxGuardrails)
	tooMany("targets", len(s.Targets), MaxTargets)
	s = s.clone()
	for i, g := range s.Guardrails {
		broken = append(broken, job.CheckText(fmt.Sprintf("guardrails[%d]", i), g, true, MaxGuardrail)...)
		s.Guardrails[i] = job.CleanLine(g)
	}
	for i, t := range s.Targets {
		if back, err := job.ParseTarget(t.String()); err != nil || back != t {
			broken = append(broken, job.FieldError{Field: fmt.Sprintf("targets[%d]", i), Rule: job.RuleFormat,
				Message: fmt.Sprintf("targets[%d]: %.80q is no transfer target: make it with job.ParseTarget", i, t)})
		}
	}
	if s.MaxTokens < 0 {
		broken = append(broken, job.FieldError{Field: "maxTokens", Rule: job.RuleFormat, Got: s.MaxTokens,
			Message: fmt.Sprintf("maxTokens: %d is negative: use 0 for no limit of the workspace's own", s.MaxTokens)})
	}
	if len(broken) > 0 {
		return Settings{}, &job.ValidationError{Fields: broken, Noun: "settings"}
	}
	return Settings{spec: s, hash: hashSettings(s)}, nil
}

// hashSettings hashes the JSON form, without the escapes that are meant for web pages: receipts that are kept hold
// such hashes.
func hashSettings(s SettingsSpec) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { //nolint:musttag // a job.Target encodes itself, as a text
		panic("callflow: plain data always encodes: " + err.Error())
	}
	return digest.Of(strings.TrimSuffix(b.String(), "\n"))
}

// NewNonce returns a random nonce for [Settings.Stamped]: storage makes one per workspace, once.
func NewNonce() string { return rand.Text()[:12] }

// Stamped returns s as the settings of a workspace; it is the door for storage.
func (s Settings) Stamped(workspace, nonce string, at job.Stamp) Settings {
	s.workspace, s.nonce, s.stamp = workspace, nonce, at
	return s
}

// Spec returns the rules. The copy is the caller's.
func (s Settings) Spec() SettingsSpec { return s.spec.clone() }

// Hash returns the hash of the rules (64 hexadecimal digits): equal rules have equal hashes, whatever their
// workspace and revision.
func (s Settings) Hash() string {
	if s.hash == "" {
		return noRules
	}
	return s.hash
}

var noRules = hashSettings(SettingsSpec{})

// MaxTokens is [SettingsSpec.MaxTokens], without a copy of the rest.
func (s Settings) MaxTokens() int { return s.spec.MaxTokens }

// Allows reports whether calls may be transferred to t: every target is allowed where the rules name none.
func (s Settings) Allows(t job.Target) bool {
	return len(s.spec.Targets) == 0 || slices.Contains(s.spec.Targets, t)
}

// Workspace is the workspace that the settings belong to; empty before storage stamped them.
func (s Settings) Workspace() string { return s.workspace }

// Revision returns which saved revision s is; 0 when the workspace never saved any.
func (s Settings) Revision() int { return s.stamp.Revision }

// Stamp returns who saved the settings, and when.
func (s Settings) Stamp() job.Stamp { return s.stamp }

// Nonce is the random text that marks the workspace's fences in prompts. Keep it on the server: show
// and log a placeholder instead.
func (s Settings) Nonce() string { return s.nonce }

// String names the settings without the nonce.
func (s Settings) String() string {
	return fmt.Sprintf("settings of workspace %q, revision %d", s.workspace, s.stamp.Revision)
}

// GoString keeps the nonce out of %#v.
func (s Settings) GoString() string { return s.String() }

func (s SettingsSpec) clone() SettingsSpec {
	s.Guardrails, s.Ignore, s.Targets = slices.Clone(s.Guardrails), slices.Clone(s.Ignore), slices.Clone(s.Targets)
	return s
}
