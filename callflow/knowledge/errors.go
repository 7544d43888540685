package knowledge

import (
	"strconv"

	"github.com/sonajobs/sona/job"
)

// invalid returns the error for broken rules, nil for none.
func invalid(fields ...job.FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &job.ValidationError{Fields: fields, Noun: "page"}
}

// quote shows a foreign text in a message, shortened so that the message stays one.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
