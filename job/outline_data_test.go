package job_test

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

// guideline is one job of a retailer, with its steps as its authors structured them.
type guideline struct {
	ID, Name, Description, Instructions string
	Structured                          struct {
		Actions []struct {
			Text    string
			Subtext []string
		}
	}
}

// All 37 jobs of the retailer: the outline finds the steps that their authors numbered, in order, and the
// bullets below each.
func TestOutlineFindsTheStepsOfRealJobs(t *testing.T) {
	rows := corpus.Lines[guideline](t, "abcd/dev/job_guidelines.jsonl")
	steps, bullets, agree := 0, 0, 0
	for _, row := range rows {
		o := job.ParseOutline(row.Instructions)
		actions := row.Structured.Actions
		require.Len(t, o.Steps(), len(actions), row.ID)
		steps++
		for i, step := range o.Steps() {
			require.True(t, step.Ordered, row.ID)
			require.Equal(t, strings.Fields(actions[i].Text), strings.Fields(step.Span.In(row.Instructions)), "%s: step %d", row.ID, i+1)
			bullets++
			if below(o, step) == len(actions[i].Subtext) {
				agree++
			} else {
				t.Logf("%s: step %s: %d bullets, %d expected", row.ID, step.Number, below(o, step), len(actions[i].Subtext))
			}
		}
	}
	t.Logf("steps: %d of %d jobs; bullets: %d of %d steps", steps, len(rows), agree, bullets)
}

// below counts the items one level below it.
func below(o job.Outline, of job.Item) int {
	n, inside := 0, false
	for _, it := range o.Items {
		switch {
		case it.Span == of.Span && it.Number == of.Number:
			inside = true
		case inside && it.Depth <= of.Depth:
			return n
		case inside && it.Depth == of.Depth+1:
			n++
		}
	}
	return n
}

// document is a real text that could be the instructions of a job.
type document struct{ ID, Name, Text, Instructions string }

func (d document) text() string { return d.Text + d.Instructions }

// documents are all real texts that could be instructions.
func documents(t *testing.T) (all []document) {
	t.Helper()
	names := append(corpus.Files(t, "*/dev/job_documents.jsonl"), "instructions/dev.jsonl", "abcd/dev/job_guidelines.jsonl")
	for _, name := range names {
		all = append(all, corpus.Lines[document](t, name)...)
	}
	return all
}

func TestOutlinesOfRealTextsAreSound(t *testing.T) {
	docs := documents(t)
	require.Greater(t, len(docs), 300)
	goals, walks, numbered, off := 0, 0, 0, 0
	for _, d := range docs {
		requireSound(t, d.text())
		o := job.ParseOutline(d.text())
		goals += one(o.Goal != "")
		walks += one(len(o.Steps()) > 0)
		numbered += one(len(o.Steps()) > 0 && o.Steps()[0].Ordered)
		off += one(len(o.OffScript) > 0)
	}
	t.Logf("of %d texts: goal in %d, steps in %d, numbered steps in %d, off-script rules in %d", len(docs), goals, walks, numbered, off)
	require.Greater(t, walks*100, len(docs)*90)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Real texts against the limit: what fits is taken as it is but for cleaning; what does not is refused
// with its length.
func TestLimitsOnRealTexts(t *testing.T) {
	texts := map[string][]document{} // by file and id; one id stands there twice
	accepted, refused, altered := 0, 0, 0
	for _, row := range corpus.CSV(t, "jobs_index.dev.csv") {
		file := row["file"]
		if _, ok := texts[file]; !ok {
			texts[file] = nil
			for _, d := range corpus.Lines[document](t, file) {
				texts[file+" "+d.ID] = append(texts[file+" "+d.ID], d)
			}
		}
		found := texts[file+" "+row["id"]]
		require.NotEmpty(t, found, row["id"])
		d := found[0]
		texts[file+" "+row["id"]] = found[1:]
		listed, err := strconv.Atoi(row["chars"])
		require.NoError(t, err)
		require.Equal(t, listed, utf8.RuneCountInString(d.text()), "the list counts the raw text")
		altered += one(job.Clean(d.text()) != d.text())

		j, err := job.New(job.Spec{Name: "A real one", Instructions: d.text()})
		if row["within_10000"] == "1" {
			require.NoError(t, err, row["id"])
			require.Equal(t, job.Clean(d.text()), j.Spec().Instructions)
			accepted++
			continue
		}
		var invalid *job.ValidationError
		require.ErrorAs(t, err, &invalid, row["id"])
		require.Len(t, invalid.Fields, 1)
		require.Equal(t, "instructions", invalid.Fields[0].Field)
		require.Equal(t, job.RuleMaxLength, invalid.Fields[0].Rule)
		require.Equal(t, 10_000, invalid.Fields[0].Limit)
		require.Equal(t, job.Count(d.text()), invalid.Fields[0].Got)
		require.Equal(t, listed, invalid.Fields[0].Got)
		refused++
	}
	t.Logf("%d accepted, %d refused; cleaning alters %d of them", accepted, refused, altered)
	require.Equal(t, 161, accepted)
	require.Equal(t, 11, refused)
}
