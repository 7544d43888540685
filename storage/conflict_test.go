package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

func mergeJobs(t *testing.T, base, mine, theirs job.Spec) (job.Spec, []storage.Clash) {
	t.Helper()
	b, err := job.New(base)
	require.NoError(t, err)
	th, err := b.With(theirs)
	require.NoError(t, err)
	conflict := &storage.JobConflictError{Base: b, Theirs: th, Mine: mine.Clean()}
	return conflict.Merge()
}

func TestFieldsOfAJobMergeEachAsAWhole(t *testing.T) {
	base := job.Spec{Name: "Book", Description: "Books a table.", CallerIntent: "wants a table", Instructions: "Goal: book."}
	with := func(change func(*job.Spec)) job.Spec {
		s := base
		change(&s)
		return s
	}
	for says, c := range map[string]struct {
		mine, theirs, merged job.Spec
		clashes              []storage.Clash
	}{
		"each changed another field": {
			mine:   with(func(s *job.Spec) { s.Name = "Book a table" }),
			theirs: with(func(s *job.Spec) { s.Description, s.CallerIntent = "", "wants to eat" }),
			merged: with(func(s *job.Spec) { s.Name, s.Description, s.CallerIntent = "Book a table", "", "wants to eat" }),
		},
		"both changed it alike": {
			mine: with(func(s *job.Spec) { s.Name = "Table" }), theirs: with(func(s *job.Spec) { s.Name = "Table" }),
			merged: with(func(s *job.Spec) { s.Name = "Table" }),
		},
		"both changed it differently: mine stands, the clash tells theirs": {
			mine: with(func(s *job.Spec) { s.Name = "Mine" }), theirs: with(func(s *job.Spec) { s.Name = "Theirs" }),
			merged:  with(func(s *job.Spec) { s.Name = "Mine" }),
			clashes: []storage.Clash{{Field: "name", Base: "Book", Mine: "Mine", Theirs: "Theirs"}},
		},
		"I emptied what they changed: what was typed stands": {
			mine: with(func(s *job.Spec) { s.CallerIntent = "" }), theirs: with(func(s *job.Spec) { s.CallerIntent = "wants to eat" }),
			merged:  with(func(s *job.Spec) { s.CallerIntent = "wants to eat" }),
			clashes: []storage.Clash{{Field: "callerIntent", Base: "wants a table", Theirs: "wants to eat"}},
		},
	} {
		t.Run(says, func(t *testing.T) {
			merged, clashes := mergeJobs(t, base, c.mine, c.theirs)
			assert.Empty(t, cmp.Diff(c.merged, merged))
			assert.Empty(t, cmp.Diff(c.clashes, clashes))
		})
	}
}

func TestResultsMergeByName(t *testing.T) {
	text := func(name, ask string) job.Field { return job.Field{Name: name, Type: job.TextField, Ask: ask} }
	with := func(fields ...job.Field) job.Spec {
		return job.Spec{Name: "Book", Instructions: "Goal: book.", Results: fields}
	}
	name, date, phone := text("Name", ""), text("Date", ""), text("Phone", "")
	for says, c := range map[string]struct {
		base, mine, theirs job.Spec
		merged             []job.Field
		clashes            []storage.Clash
	}{
		"each added one": {
			base: with(name), mine: with(name, phone), theirs: with(name, date), merged: []job.Field{name, date, phone},
		},
		"one added in front, one changed, one removed": {
			base: with(name, date), mine: with(phone, name, date), theirs: with(text("Name", "What is your name?")),
			merged: []job.Field{phone, text("Name", "What is your name?")},
		},
		"one put them into another order": {
			base: with(name, date, phone), mine: with(phone, name, date), theirs: with(name, date, text("Phone", "Number?")),
			merged: []job.Field{text("Phone", "Number?"), name, date},
		},
		"both added the same": {
			base: with(name), mine: with(name, date), theirs: with(name, date), merged: []job.Field{name, date},
		},
		"both removed it": {base: with(name, date), mine: with(name), theirs: with(name), merged: []job.Field{name}},
		"both changed it differently": {
			base: with(date), mine: with(text("Date", "When?")), theirs: with(text("date", "Which day?")),
			merged: []job.Field{text("Date", "When?")},
			clashes: []storage.Clash{{Field: "results", Base: `{"name":"Date","type":"text"}`,
				Mine: `{"name":"Date","type":"text","ask":"When?"}`, Theirs: `{"name":"date","type":"text","ask":"Which day?"}`}},
		},
		"I removed what they changed": {
			base: with(date), mine: with(), theirs: with(text("Date", "When?")), merged: []job.Field{text("Date", "When?")},
			clashes: []storage.Clash{{Field: "results", Base: `{"name":"Date","type":"text"}`, Theirs: `{"name":"Date","type":"text","ask":"When?"}`}},
		},
	} {
		t.Run(says, func(t *testing.T) {
			merged, clashes := mergeJobs(t, c.base, c.mine, c.theirs)
			assert.Empty(t, cmp.Diff(c.merged, merged.Results))
			assert.Empty(t, cmp.Diff(c.clashes, clashes))

			swapped, again := mergeJobs(t, c.base, c.theirs, c.mine)
			assert.Len(t, again, len(clashes))
			if len(clashes) == 0 {
				assert.Empty(t, cmp.Diff(merged, swapped), "it does not matter who is who")
			}
			unchanged, none := mergeJobs(t, c.base, c.mine, c.base)
			assert.Empty(t, cmp.Diff(c.mine, unchanged))
			assert.Empty(t, none)
		})
	}
}

func TestTheSourceOfAPageMergesAsAWhole(t *testing.T) {
	page := func(s knowledge.Source) knowledge.Page {
		p, err := knowledge.New(knowledge.Spec{Title: "Hours", Text: "x", Source: s})
		require.NoError(t, err)
		return p
	}
	upload := knowledge.Source{Kind: knowledge.Uploaded, Name: "hours.txt"}
	site := knowledge.Source{Kind: knowledge.Website, URL: "https://example.com/hours"}
	conflict := &storage.PageConflictError{Base: page(knowledge.Source{}), Theirs: page(upload), Mine: page(site).Spec()}
	merged, clashes := conflict.Merge()
	assert.Equal(t, site, merged.Source)
	assert.Equal(t, []storage.Clash{{Field: "source", Base: `{"kind":"typed"}`,
		Mine: `{"kind":"website","url":"https://example.com/hours"}`, Theirs: `{"kind":"uploaded","name":"hours.txt"}`}}, clashes)
}

func TestAMergedTextMayBreakALimitAndThenSavingTells(t *testing.T) {
	line := func(s string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = s[0]
		}
		return string(b)
	}
	base := typed("Long", "Goal.\n"+line("x", 4_000))
	mine := typed("Long", "Goal.\n"+line("y", 6_000))
	theirs := typed("Long", "Goal.\n"+line("z", 6_000))
	merged, clashes := mergeJobs(t, base, mine, theirs)
	assert.Len(t, clashes, 1)
	assert.EqualError(t, merged.Check(), "job: instructions: 12007 characters, at most 10000: shorten it by 2007")
}
