package job_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// valid is a small job that every rule accepts; tests change one thing of it.
func valid() job.Spec {
	return job.Spec{Name: "Take a message", Instructions: "Ask for the caller's name."}
}

// with returns the small job with one thing changed.
func with(change func(*job.Spec)) job.Spec {
	s := valid()
	change(&s)
	return s
}

// broken returns the rules that s breaks.
func broken(t *testing.T, s job.Spec) []job.FieldError {
	t.Helper()
	err := s.Check()
	if err == nil {
		return nil
	}
	var invalid *job.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.NotEmpty(t, invalid.Fields)
	return invalid.Fields
}

func TestSeed_05_NameOver100IsRefusedNamingFieldLimitAndLength(t *testing.T) {
	require.NoError(t, with(func(s *job.Spec) { s.Name = strings.Repeat("n", 100) }).Check())

	long := with(func(s *job.Spec) { s.Name = strings.Repeat("n", 101) })
	want := job.FieldError{
		Field: "name", Rule: job.RuleMaxLength, Limit: 100, Got: 101,
		Message: "name: 101 characters, at most 100: shorten it by 1",
	}
	require.Empty(t, cmp.Diff([]job.FieldError{want}, broken(t, long)))

	_, err := job.New(long)
	require.EqualError(t, err, "job: "+want.Message)
}

func TestSeed_05_NameIsRequired(t *testing.T) {
	for _, name := range []string{"", " ", "\t\n", "\u00a0", "\u200b"} {
		s := with(func(s *job.Spec) { s.Name = name })
		want := job.FieldError{Field: "name", Rule: job.RuleRequired, Message: "name: is required and must not be blank"}
		require.Empty(t, cmp.Diff([]job.FieldError{want}, broken(t, s)), "%q", name)
	}
}

// A character is one code point of the cleaned text, whatever it takes in bytes or on the screen.
func TestSeed_05_NameIsCountedInCharactersOfTheCleanedText(t *testing.T) {
	for name, unit := range map[string]string{
		"two bytes":                  "é",
		"three bytes":                "語",
		"emoji":                      "🙂",
		"accent that NFC joins":      "e\u0301",
		"with a zero-width space":    "n\u200b",
		"with a variation selector":  "☎\ufe0f",
		"line break of two bytes":    "\r\n",
		"right-to-left with marks":   "\u200fש",
		"hidden control and a bell":  "\a\u009fx",
		"tab, which becomes a blank": "\t",
	} {
		t.Run(name, func(t *testing.T) {
			fits := with(func(s *job.Spec) { s.Name = "x" + strings.Repeat(unit, 99) })
			require.NoError(t, fits.Check())
			over := with(func(s *job.Spec) { s.Name = "x" + strings.Repeat(unit, 100) })
			require.Equal(t, 101, broken(t, over)[0].Got)
		})
	}
	family := "👨\u200d👩\u200d👧" // three people and two joiners, which are invisible
	require.Equal(t, 3, job.Count(family))
}

func TestSeed_06_DescriptionIsOptionalAndAtMost500(t *testing.T) {
	require.NoError(t, valid().Check())
	require.NoError(t, with(func(s *job.Spec) { s.Description = strings.Repeat("ñ", 500) }).Check())
	require.NoError(t, with(func(s *job.Spec) { s.Description = "one\r\ntwo" }).Check())

	got := broken(t, with(func(s *job.Spec) { s.Description = strings.Repeat("ñ", 501) }))
	want := []job.FieldError{{
		Field: "description", Rule: job.RuleMaxLength, Limit: 500, Got: 501,
		Message: "description: 501 characters, at most 500: shorten it by 1",
	}}
	require.Empty(t, cmp.Diff(want, got))
}

func TestSeed_07_InstructionsAreRequired(t *testing.T) {
	for _, text := range []string{"", "  \n\t ", "\u2028", "\u200b\ufeff"} {
		got := broken(t, with(func(s *job.Spec) { s.Instructions = text }))
		require.Len(t, got, 1, "%q", text)
		require.Equal(t, "instructions", got[0].Field)
		require.Equal(t, job.RuleRequired, got[0].Rule)
	}
}

func TestSeed_07_InstructionsOver10000AreRefused(t *testing.T) {
	require.NoError(t, with(func(s *job.Spec) { s.Instructions = strings.Repeat("🙂", 10_000) }).Check())

	got := broken(t, with(func(s *job.Spec) { s.Instructions = strings.Repeat("i", 10_001) }))
	want := []job.FieldError{{
		Field: "instructions", Rule: job.RuleMaxLength, Limit: 10_000, Got: 10_001,
		Message: "instructions: 10001 characters, at most 10000: shorten it by 1",
	}}
	require.Empty(t, cmp.Diff(want, got))
}

// Intent and instructions share one limit, with nothing between them.
func TestSeed_07_CallerIntentCountsInsideTheLimitOfTheInstructions(t *testing.T) {
	together := func(intent, instructions int) job.Spec {
		return with(func(s *job.Spec) {
			s.CallerIntent = strings.Repeat("c", intent)
			s.Instructions = strings.Repeat("i", instructions)
		})
	}
	for _, c := range []struct{ intent, instructions int }{{0, 10_000}, {1, 9_999}, {500, 9_500}} {
		require.NoError(t, together(c.intent, c.instructions).Check(), "%v", c)
		got := broken(t, together(c.intent, c.instructions+1))
		require.Len(t, got, 1)
		require.Equal(t, "instructions", got[0].Field)
		require.Equal(t, 10_000, got[0].Limit)
		require.Equal(t, 10_001, got[0].Got)
	}
	require.Equal(t,
		"instructions: 10001 characters (9501 of instructions and 500 of caller intent), at most 10000 together: shorten by 1",
		broken(t, together(500, 9_501))[0].Message)
}

func TestSeed_08_CallerIntentIsOptionalReadBackAndAtMost500(t *testing.T) {
	without, err := job.New(valid())
	require.NoError(t, err)
	require.Empty(t, without.Spec().CallerIntent)

	intent := strings.Repeat("ü", 500)
	j, err := job.New(with(func(s *job.Spec) { s.CallerIntent = intent }))
	require.NoError(t, err)
	require.Equal(t, intent, j.Spec().CallerIntent)

	got := broken(t, with(func(s *job.Spec) { s.CallerIntent = intent + "ü" }))
	want := []job.FieldError{{
		Field: "callerIntent", Rule: job.RuleMaxLength, Limit: 500, Got: 501,
		Message: "callerIntent: 501 characters, at most 500: shorten it by 1",
	}}
	require.Empty(t, cmp.Diff(want, got))
}

func TestCheckReportsEveryBrokenRuleAtOnceInTheOrderOfTheForm(t *testing.T) {
	s := job.Spec{
		Description:  strings.Repeat("d", 600),
		CallerIntent: strings.Repeat("c", 501),
		Instructions: " ",
		Results:      []job.Field{{Type: "colour"}},
	}
	var fields []string
	for _, f := range broken(t, s) {
		fields = append(fields, f.Field+" "+f.Rule)
		require.True(t, strings.HasPrefix(f.Message, f.Field+": "), f.Message)
	}
	require.Equal(t, []string{
		"name required", "description max_length", "callerIntent max_length", "instructions required",
		"results[0].name required", "results[0].type one_of",
	}, fields)
}

// Bytes that are no UTF-8 are refused, and not replaced behind the author's back.
func TestCheckRefusesBytesThatAreNoUTF8(t *testing.T) {
	for _, c := range []struct {
		text string
		at   int
	}{
		{"\xff", 0}, {"caf\xe9", 3}, {"a\ufffdb\xc3", 5}, {strings.Repeat("\ufffd", 3) + "\x80", 9},
	} {
		got := broken(t, with(func(s *job.Spec) { s.Instructions = c.text }))
		require.Len(t, got, 1, "%q", c.text)
		require.Equal(t, job.RuleUTF8, got[0].Rule)
		require.Equal(t, c.at, got[0].Got)
		require.Contains(t, got[0].Message, fmt.Sprintf("byte %d", c.at))
	}
	require.NoError(t, with(func(s *job.Spec) { s.Instructions = "a real \ufffd is text" }).Check())
}

func TestSpecCleanCleansEveryTextAndTrimsNothing(t *testing.T) {
	s := job.Spec{
		Name: " Book\ta\ntable ", Description: "a\r\nb", CallerIntent: "\u200bbook",
		Instructions: " 1. Ask.\r2. Tell.\n",
		Results:      []job.Field{{Name: "Party\nsize", Ask: "How\tmany?"}, {Name: "When", Type: job.ChoiceField, Choices: []string{"to\nday", "later"}}},
	}
	want := job.Spec{
		Name: " Book a table ", Description: "a\nb", CallerIntent: "book",
		Instructions: " 1. Ask.\n2. Tell.\n",
		Results: []job.Field{
			{Name: "Party size", Ask: "How many?", Type: job.TextField},
			{Name: "When", Type: job.ChoiceField, Choices: []string{"to day", "later"}},
		},
	}
	got := s.Clean()
	require.Empty(t, cmp.Diff(want, got))
	require.Empty(t, cmp.Diff(got, got.Clean()))
	require.Equal(t, "to\nday", s.Results[1].Choices[0], "the spec itself is left alone")
}

func TestSpecEqualComparesAllText(t *testing.T) {
	full := job.Spec{
		Name: "n", Description: "d", CallerIntent: "c", Instructions: "i",
		Results: []job.Field{{Name: "f", Type: job.ChoiceField, Required: true, Ask: "a?", Choices: []string{"x", "y"}}},
	}
	require.True(t, full.Equal(full.Clean()))
	for name, change := range map[string]func(*job.Spec){
		"name":         func(s *job.Spec) { s.Name = "" },
		"description":  func(s *job.Spec) { s.Description = "" },
		"callerIntent": func(s *job.Spec) { s.CallerIntent = "" },
		"instructions": func(s *job.Spec) { s.Instructions = "" },
		"results":      func(s *job.Spec) { s.Results = nil },
		"field name":   func(s *job.Spec) { s.Results[0].Name = "" },
		"type":         func(s *job.Spec) { s.Results[0].Type = "" },
		"required":     func(s *job.Spec) { s.Results[0].Required = false },
		"ask":          func(s *job.Spec) { s.Results[0].Ask = "" },
		"choices":      func(s *job.Spec) { s.Results[0].Choices = []string{"x"} },
	} {
		other := full.Clean() // a copy with slices of its own
		change(&other)
		require.False(t, full.Equal(other), name)
		require.False(t, other.Equal(full), name)
	}
	require.True(t, job.Spec{}.Equal(job.Spec{Results: []job.Field{}}), "no results are no results")
}

func TestValidationErrorIsFoundThroughWrapping(t *testing.T) {
	err := fmt.Errorf("import row 7: %w", job.Spec{}.Check())
	var invalid *job.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Fields, 2)
	var field *job.FieldError
	require.ErrorAs(t, err, &field)
	require.Equal(t, "name", field.Field)
	require.EqualError(t, field, "name: is required and must not be blank")
	require.Len(t, errors.Unwrap(err).(interface{ Unwrap() []error }).Unwrap(), 2)
}

// Each package names its own noun; without one the messages stand alone.
func TestValidationErrorBeginsWithItsNoun(t *testing.T) {
	fields := job.CheckText("title", "", true, 10)
	require.EqualError(t, &job.ValidationError{Fields: fields}, "title: is required and must not be blank")
	require.EqualError(t, &job.ValidationError{Fields: fields, Noun: "page"}, "page: title: is required and must not be blank")
}
