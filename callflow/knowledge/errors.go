package knowledge

import (
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// pageError is a *job.ValidationError whose message says that it is about a page.
type pageError struct{ fields *job.ValidationError }

func (e pageError) Error() string {
	texts := make([]string, len(e.fields.Fields))
	for i, f := range e.fields.Fields {
		texts[i] = f.Message
	}
	return "page: " + strings.Join(texts, "; ")
}

func (e pageError) Unwrap() error { return e.fields }

// invalid returns the error for broken rules, nil for none.
func invalid(fields ...job.FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return pageError{&job.ValidationError{Fields: fields}}
}

// quote shows a foreign text in a message, shortened so that the message stays one.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
