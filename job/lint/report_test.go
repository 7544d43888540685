package lint

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/job"
)

// spanOf returns where words stand in a text.
func spanOf(t *testing.T, text, words string) job.Span {
	t.Helper()
	at := strings.Index(text, words)
	require.GreaterOrEqual(t, at, 0, words)
	return job.Span{Start: at, End: at + len(words)}
}

// everyKind is findings of every kind, made by hand so that no rule changes what is printed.
func everyKind(t *testing.T) ([]Source, Context, []Finding) {
	long := "Say that " + strings.Repeat("we are glad that you call and ", 6) + "ask a few questions about " + strings.Repeat("this and that and ", 6) + "so on."
	spec := job.Spec{
		Name: "Take a message", CallerIntent: "The caller wants to leave a message.",
		Results:      []job.Field{{Name: "phone", Type: job.PhoneField, Ask: "Which number?"}},
		Instructions: "1. Ask for the name.\n\tAsk\ta few things.\n漢字 and a few wide ones: 🙂 a few.\ne\u0301te\u0301 has marks: a few.\n" + long + "\n2. Done",
	}.Clean()
	text := spec.Instructions
	few := func(after string) job.Span {
		sp := spanOf(t, text, after)
		at := sp.End + strings.Index(text[sp.End:], "a few")
		return job.Span{Start: at, End: at + len("a few")}
	}
	const why = "Two people would not ask the same."
	found := []Finding{
		{Rule: "some-goal-missing", Severity: Error, Field: "instructions", Message: "Nothing says what this job is for.", Why: "Sona cannot tell when it is done.", Offer: &Fix{Text: "Goal: ____\n"}, Ignore: "goal-missing:1"},
		{Rule: "some-vague-quantity", Severity: Warning, Field: "instructions", Span: few("Ask\t"), Message: "“A few” can be two or ten.", Why: why, Question: "How many?", Ignore: "vague-quantity:2"},
		{Rule: "some-vague-quantity", Severity: Warning, Field: "instructions", Span: few("漢字"), Message: "“A few” can be two or ten.", Why: why, Fix: &Fix{few("漢字"), "three"}, Ignore: "vague-quantity:3"},
		{Rule: "some-vague-quantity", Severity: Warning, Field: "instructions", Span: few("🙂"), Message: "“A few” can be two or ten.", Why: why, Ignore: "vague-quantity:4"},
		{Rule: "some-vague-quantity", Severity: Hint, Field: "instructions", Span: few("marks"), Message: "“A few” can be two or ten.", Why: why, Fix: &Fix{few("marks"), ""}, Ignore: "vague-quantity:5"},
		{Rule: "some-over-long", Severity: Hint, Field: "instructions", Span: few("Say that"), Message: "This sentence is long, and its message is long, too, so that it has to be broken into two lines by the report.", Why: why, Ignore: "over-long:6"},
		{Rule: "some-sections-doubled", Severity: Warning, Field: "instructions", Span: job.Span{Start: 0, End: len(text)}, Message: "All of it is meant.", Why: why, Ignore: "sections-doubled:7"},
		{Rule: "some-result-never-asked", Severity: Warning, Field: "results[0].ask", Span: job.Span{Start: 6, End: 12}, Message: "“Number” is meant.", Why: why, Ignore: "result-never-asked:8"},
		{Rule: "some-intent-missing", Severity: Warning, Field: "callerIntent", Message: "The intent as a whole is meant.", Why: why, Ignore: "intent-missing:9"},
		{Rule: "hours-conflict", Severity: Warning, Job: "job-2", Name: "Hours", Field: "instructions", Span: job.Span{Start: 0, End: 12}, Message: "The hours differ.", Why: why, Ignore: "hours-conflict:10",
			Also: []Place{{Page: "p1", Name: "About us", Field: "text", Span: job.Span{Start: 10, End: 14}}, {Field: "greeting", Span: job.Span{Start: 0, End: 5}}, {Field: "guardrails[0]"}, {Job: "gone", Name: "Gone", Field: "instructions"}}},
		{Rule: "price-conflict", Severity: Warning, Name: "About us", Field: "pages[0].text", Span: job.Span{Start: 10, End: 14}, Message: "The prices differ.", Why: why, Ignore: "price-conflict:11"},
		{Rule: "no-such-rule", Severity: Hint, Job: "gone", Name: "Gone", Field: "instructions", Span: job.Span{Start: 3, End: 9}, Message: "Its text is not here.", Why: why, Ignore: "no-such-rule:12"},
	}
	for i := range found[:9] {
		found[i].Name = spec.Name
	}
	return []Source{{Name: "take-a-message.md", Spec: spec}, {Job: "job-2", Spec: job.Spec{Name: "Hours", Instructions: "We open at 9\x1b[31m."}}},
		Context{Pages: []Page{{ID: "p1", Title: "About us", Text: "We open\nat nine."}}, Greeting: "Hello.", Guardrails: []string{"Be brief."}}, found
}

func TestReport_PrintsLikeACompiler(t *testing.T) {
	r := NewReport(everyKind(t))
	text := r.Text()
	golden.Assert(t, "testdata/report.golden", []byte(text))
	assert.NotContains(t, text, "\x1b")
	for line := range strings.Lines(text) {
		n := 0
		for _, c := range strings.TrimRight(line, "\n") {
			n += columns(c)
		}
		assert.LessOrEqual(t, n, textWidth, line)
	}
}

func TestReport_IsStableJSON(t *testing.T) {
	r := NewReport(everyKind(t))
	golden.Assert(t, "testdata/report.json", r.JSON())
	assert.Equal(t, string(r.JSON()), string(NewReport(everyKind(t)).JSON()))
	assert.True(t, json.Valid(r.JSON()))
	assert.JSONEq(t, `{"counts":{"error":0,"warning":0,"hint":0},"findings":[]}`, string(Report{}.JSON()))
}

func TestReport_CountsAndEmpty(t *testing.T) {
	r := NewReport(everyKind(t))
	assert.Equal(t, []int{1, 8, 3}, []int{r.Count(Error), r.Count(Warning), r.Count(Hint)})
	assert.Equal(t, Error, r.Worst())
	assert.Empty(t, Report{}.Text())
	assert.Zero(t, Report{}.Worst())
}

// Carets stand below what is meant, whatever the characters before it.
func TestReport_CaretsStandBelowWhatIsMeant(t *testing.T) {
	for name, line := range map[string]string{
		"plain":      "ask a few now",
		"tab":        "\task\ta few",
		"wide":       "漢字漢字 a few",
		"emoji":      "🙂🙂 a few",
		"combining":  "e\u0301\u0323e a few",
		"joined":     "👩\u200d👧 a few",
		"at the end": "a few",
	} {
		t.Run(name, func(t *testing.T) {
			s := job.Spec{Name: "x", Instructions: line}.Clean()
			f := Finding{Rule: "r", Severity: Hint, Field: "instructions", Span: spanOf(t, s.Instructions, "a few"), Message: "M.", Why: "W."}
			lines := strings.Split(NewReport([]Source{{Spec: s}}, Context{}, []Finding{f}).Text(), "\n")
			head, carets, _ := strings.Cut(lines[2], "| ")
			at := 0
			for _, c := range strings.SplitN(lines[1], "a few", 2)[0][len(head)+2:] {
				at += columns(c)
			}
			assert.Equal(t, strings.Repeat(" ", at)+"^~~~~", carets, lines[1])
		})
	}
}

func TestReport_TakesSpansThatLieNowhere(t *testing.T) {
	for _, sp := range []job.Span{{Start: -1, End: 2}, {Start: 5, End: 2}, {Start: 0, End: 99}, {Start: 3, End: 3}} {
		r := NewReport([]Source{{Spec: job.Spec{Name: "x", Instructions: "abc"}}}, Context{}, []Finding{{Rule: "r", Severity: Hint, Field: "instructions", Span: sp, Message: "M."}})
		assert.Zero(t, r.Entries[0].Where.Line, fmt.Sprint(sp))
		assert.Contains(t, r.Text(), "x: hint r: M.")
	}
}

func TestReport_TellsJobsOfOneNameApart(t *testing.T) {
	one, err := job.Restore("one", job.Stamp{Revision: 1}, job.Spec{Name: "Same", Instructions: "first"})
	require.NoError(t, err)
	two, err := job.Restore("two", job.Stamp{Revision: 1}, job.Spec{Name: "Same", Instructions: "second"})
	require.NoError(t, err)
	f := Finding{Rule: "r", Severity: Hint, Job: "two", Name: "Same", Field: "instructions", Span: job.Span{Start: 0, End: 6}, Message: "M."}
	assert.Equal(t, "second", NewReport(Sources(one, job.Job{}, two), Context{}, []Finding{f}).Entries[0].Line)
}
