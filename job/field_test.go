package job_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func withResults(fields ...job.Field) job.Spec {
	return with(func(s *job.Spec) { s.Results = fields })
}

func TestResultsFollowTheirRules(t *testing.T) {
	choice := func(choices ...string) job.Field {
		return job.Field{Name: "Plan", Type: job.ChoiceField, Choices: choices}
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint("choice ", i)
	}
	for name, c := range map[string]struct {
		fields []job.Field
		want   string // field and rule, empty when all is well
	}{
		"none":                  {nil, ""},
		"no type means text":    {[]job.Field{{Name: "Reason"}}, ""},
		"a question":            {[]job.Field{{Name: "Reason", Ask: strings.Repeat("q", 500)}}, ""},
		"two choices":           {[]job.Field{choice("small", "large")}, ""},
		"fifty choices":         {[]job.Field{choice(many[:50]...)}, ""},
		"a long name":           {[]job.Field{{Name: strings.Repeat("ñ", 100)}}, ""},
		"no name":               {[]job.Field{{Type: job.TextField}}, "results[0].name required"},
		"too long a name":       {[]job.Field{{Name: strings.Repeat("n", 101)}}, "results[0].name max_length"},
		"too long a question":   {[]job.Field{{Name: "a", Ask: strings.Repeat("q", 501)}}, "results[0].ask max_length"},
		"the same name":         {[]job.Field{{Name: "Phone"}, {Name: "Email"}, {Name: "phone"}}, "results[2].name unique"},
		"the same, as NFD":      {[]job.Field{{Name: "Año"}, {Name: "An\u0303o"}}, "results[1].name unique"},
		"no such type":          {[]job.Field{{Name: "a", Type: "colour"}}, "results[0].type one_of"},
		"one choice":            {[]job.Field{choice("only")}, "results[0].choices required"},
		"choices of a text":     {[]job.Field{{Name: "a", Choices: []string{"x", "y"}}}, "results[0].choices format"},
		"51 choices":            {[]job.Field{choice(many...)}, "results[0].choices max_items"},
		"an empty choice":       {[]job.Field{choice("small", " ")}, "results[0].choices[1] required"},
		"a choice twice":        {[]job.Field{choice("Small", "large", "small")}, "results[0].choices[2] unique"},
		"too long a choice":     {[]job.Field{choice("x", strings.Repeat("y", 101))}, "results[0].choices[1] max_length"},
		"no UTF-8 in a name":    {[]job.Field{{Name: "a\xff"}}, "results[0].name utf8"},
		"no UTF-8 in an ask":    {[]job.Field{{Name: "a", Ask: "\xff?"}}, "results[0].ask utf8"},
		"no UTF-8 in a choice":  {[]job.Field{choice("x", "y\xff")}, "results[0].choices[1] utf8"},
		"wrong field named":     {[]job.Field{{Name: "a"}, {Name: ""}}, "results[1].name required"},
		"all types there are":   {allTypes(), ""},
		"names differ in blank": {[]job.Field{{Name: "First name"}, {Name: "Firstname"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := broken(t, withResults(c.fields...))
			if c.want == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Equal(t, c.want, got[0].Field+" "+got[0].Rule)
		})
	}
}

func allTypes() (fields []job.Field) {
	for _, ft := range []job.FieldType{job.TextField, job.NumberField, job.YesNoField, job.PhoneField, job.DateField, job.TimeField, job.EmailField} {
		fields = append(fields, job.Field{Name: string(ft), Type: ft})
	}
	return append(fields, job.Field{Name: "choice", Type: job.ChoiceField, Choices: []string{"a", "b"}})
}

func TestAJobHasAtMostTwentyResults(t *testing.T) {
	fields := make([]job.Field, 21)
	for i := range fields {
		fields[i].Name = fmt.Sprint("field ", i)
	}
	require.NoError(t, withResults(fields[:20]...).Check())
	got := broken(t, withResults(fields...))
	require.Equal(t, "results: 21 fields, at most 20: drop 1", got[0].Message)
	require.Equal(t, job.RuleMaxItems, got[0].Rule)
	require.Equal(t, 20, got[0].Limit)
	require.Equal(t, 21, got[0].Got)
}

// Results are no part of the limit of the instructions.
func TestResultsDoNotCountAsInstructions(t *testing.T) {
	s := withResults(job.Field{Name: "Reason", Ask: strings.Repeat("q", 500)})
	s.Instructions = strings.Repeat("i", 10_000)
	require.NoError(t, s.Check())
}
