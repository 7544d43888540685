package job

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// What FieldError.Rule can say.
const (
	RuleRequired  = "required"   // the text is missing or blank
	RuleMaxLength = "max_length" // more characters than Limit
	RuleMaxItems  = "max_items"  // more entries than Limit
	RuleUTF8      = "utf8"       // bytes that are no UTF-8; Got is the position of the first
	RuleUnique    = "unique"     // the same name twice
	RuleOneOf     = "one_of"     // not one of the values that the field knows
	RuleFormat    = "format"     // not of the shape that the field needs
)

// FieldError says which field broke which rule.
type FieldError struct {
	Field   string `json:"field"`           // as in JSON: name, callerIntent, instructions, results[0].name
	Rule    string `json:"rule"`            // one of the Rule constants
	Limit   int    `json:"limit,omitempty"` // what is allowed, in characters or entries; 0 where it does not apply
	Got     int    `json:"got,omitempty"`   // what was there, in the same unit
	Message string `json:"message"`         // one sentence for the author, naming field, limit and length
}

func (e *FieldError) Error() string { return e.Message }

// ValidationError holds every broken rule of one text. It is what [Spec.Check], [New], [Restore] and
// decoding return; errors.As finds it, and its first *[FieldError], through any wrapping.
type ValidationError struct {
	Fields []FieldError `json:"fields"` // at least one, in the order of the form
	Noun   string       `json:"-"`      // what breaks them, such as job or page; the message begins with it
}

func (e *ValidationError) Error() string {
	texts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		texts[i] = f.Message
	}
	text := strings.Join(texts, "; ")
	if e.Noun == "" {
		return text
	}
	return e.Noun + ": " + text
}

// Unwrap gives the single errors.
func (e *ValidationError) Unwrap() []error {
	errs := make([]error, len(e.Fields))
	for i := range e.Fields {
		errs[i] = &e.Fields[i]
	}
	return errs
}

// noun is what this package's errors are about.
const noun = "job"

// checker collects broken rules. Each rule of this package is stated in one of its methods.
type checker struct{ found []FieldError }

func (c *checker) err() error {
	if len(c.found) == 0 {
		return nil
	}
	return &ValidationError{Fields: c.found, Noun: noun}
}

func (c *checker) addf(field, rule string, limit, got int, format string, args ...any) {
	c.found = append(c.found, FieldError{field, rule, limit, got, field + ": " + fmt.Sprintf(format, args...)})
}

func (c *checker) utf8(field, raw string) {
	if utf8.ValidString(raw) {
		return
	}
	at := strings.IndexFunc(raw, func(r rune) bool { return r == utf8.RuneError })
	for at >= 0 { // a real U+FFFD in the text is no fault
		if _, size := utf8.DecodeRuneInString(raw[at:]); size == 1 {
			break
		}
		next := strings.IndexFunc(raw[at+3:], func(r rune) bool { return r == utf8.RuneError })
		at += 3 + next
	}
	c.addf(field, RuleUTF8, 0, at, "byte %d is no UTF-8 text: save the text as UTF-8 and try again", at)
}

func (c *checker) required(field, text string) {
	if blank(text) {
		c.addf(field, RuleRequired, 0, 0, "is required and must not be blank")
	}
}

func (c *checker) atMost(field string, got, limit int) {
	if got > limit {
		c.addf(field, RuleMaxLength, limit, got, "%d characters, at most %d: shorten it by %d", got, limit, got-limit)
	}
}

// instructions is the one place of the rule that intent and instructions share a limit. Seed 7.
func (c *checker) instructions(intent, instructions int) {
	sum := intent + instructions
	switch {
	case sum <= MaxInstructions:
	case intent == 0:
		c.atMost("instructions", sum, MaxInstructions)
	default:
		c.addf("instructions", RuleMaxLength, MaxInstructions, sum,
			"%d characters (%d of instructions and %d of caller intent), at most %d together: shorten by %d",
			sum, instructions, intent, MaxInstructions, sum-MaxInstructions)
	}
}
