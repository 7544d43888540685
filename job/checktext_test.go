package job_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestCheckText(t *testing.T) {
	for _, c := range []struct {
		what, raw string
		required  bool
		want      []job.FieldError
	}{
		{"a text within its limit passes", "four", true, nil},
		{"the cleaned text is counted", "e\u0301\u200bfou", true, nil},
		{"one character more does not", "fives", true, []job.FieldError{{Field: "title", Rule: job.RuleMaxLength, Limit: 4, Got: 5,
			Message: "title: 5 characters, at most 4: shorten it by 1"}}},
		{"blank is missing", " \u200b", true, []job.FieldError{{Field: "title", Rule: job.RuleRequired, Message: "title: is required and must not be blank"}}},
		{"what is not required may be missing", "", false, nil},
		{"bytes that are no text are refused", "a\xff", false, []job.FieldError{{Field: "title", Rule: job.RuleUTF8, Got: 1,
			Message: "title: byte 1 is no UTF-8 text: save the text as UTF-8 and try again"}}},
		{"all that is wrong is said", strings.Repeat("\xff", 5), true, []job.FieldError{
			{Field: "title", Rule: job.RuleUTF8, Message: "title: byte 0 is no UTF-8 text: save the text as UTF-8 and try again"},
			{Field: "title", Rule: job.RuleMaxLength, Limit: 4, Got: 5, Message: "title: 5 characters, at most 4: shorten it by 1"},
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			if diff := cmp.Diff(c.want, job.CheckText("title", c.raw, c.required, 4)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCleanLineKeepsTheNumberOfCharacters(t *testing.T) {
	require.Equal(t, "a b c d", job.CleanLine("a\tb\r\nc\u2028d\u200b"))
}
