package job

import (
	"slices"
	"strings"
)

// Limits of what an author types, in characters (see [Count]). Seed 5, 6, 7, 8.
const (
	MaxName         = 100    // a job's name; required
	MaxDescription  = 500    // a job's description; optional
	MaxInstructions = 10_000 // instructions and caller intent together
	MaxCallerIntent = 500    // the caller intent alone; optional
)

// Spec is what an author types into a job. Any Spec may exist, also one that breaks the rules (a
// half-typed form); only one that passes [Spec.Check] becomes a [Job].
type Spec struct {
	// Name is required: at most [MaxName] characters, one line.
	Name string `json:"name"`
	// Description is optional: at most [MaxDescription] characters. Authors see it; the overview of
	// the prompt falls back on it.
	Description string `json:"description,omitempty"`
	// CallerIntent says when the job applies ("the caller wants to book a table"). Optional, at most
	// [MaxCallerIntent] characters, and part of the limit of the instructions.
	CallerIntent string `json:"callerIntent,omitempty"`
	// Instructions are required and not blank; with the caller intent at most [MaxInstructions] characters.
	Instructions string `json:"instructions"`
	// Results are the typed values that the job collects; optional, at most [MaxResults]. They are
	// no part of the limit of the instructions.
	Results []Field `json:"results,omitempty"`
}

// Clean returns s with every text cleaned: line ends become LF; control, format and invisible
// characters go (LF and TAB stay); then NFC. Fields of one line (name, result names) have their line
// breaks and tabs turned into spaces. Cleaning is idempotent and trims nothing.
func (s Spec) Clean() Spec {
	s.Name = cleanLine(s.Name)
	s.Description = Clean(s.Description)
	s.CallerIntent = Clean(s.CallerIntent)
	s.Instructions = Clean(s.Instructions)
	s.Results = cleanFields(s.Results)
	return s
}

// Check returns nil when the cleaned s may become a job, else a *[ValidationError] that holds every
// broken rule at once.
func (s Spec) Check() error {
	return s.check(s.Clean())
}

// check is Check for a caller that has cleaned s already. The raw text is still needed: bytes that
// are no UTF-8 are refused, not silently replaced.
func (s Spec) check(clean Spec) error {
	var c checker
	c.utf8("name", s.Name)
	c.utf8("description", s.Description)
	c.utf8("callerIntent", s.CallerIntent)
	c.utf8("instructions", s.Instructions)

	c.required("name", clean.Name)
	c.atMost("name", count(clean.Name), MaxName)
	c.atMost("description", count(clean.Description), MaxDescription)
	c.atMost("callerIntent", count(clean.CallerIntent), MaxCallerIntent)
	c.required("instructions", clean.Instructions)
	c.instructions(count(clean.CallerIntent), count(clean.Instructions))
	c.fields(s.Results, clean.Results)
	return c.err()
}

// Equal reports whether s and t hold the same text.
func (s Spec) Equal(t Spec) bool {
	return s.Name == t.Name && s.Description == t.Description && s.CallerIntent == t.CallerIntent &&
		s.Instructions == t.Instructions && slices.EqualFunc(s.Results, t.Results, Field.equal)
}

func (s Spec) clone() Spec {
	s.Results = cloneFields(s.Results)
	return s
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
