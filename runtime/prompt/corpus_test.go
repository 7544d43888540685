package prompt_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

type guideline struct {
	ID, Name, Description, Instructions string
}

type topic struct {
	ID, Topic, Text string
}

// realScene is ten real jobs with all the real pages, none of them cut.
func realScene(t testing.TB) scene {
	t.Helper()
	s := scene{step: callflow.SonaStep{Greeting: "Hello."}}
	guidelines := corpus.Lines[guideline](t, "abcd/dev/job_guidelines.jsonl")
	slices.SortStableFunc(guidelines, func(a, b guideline) int { return cmp.Compare(len(b.Instructions), len(a.Instructions)) })
	for _, g := range guidelines[:callflow.MaxJobsPerStep] {
		s.jobs = append(s.jobs, job.Spec{Name: g.Name, Description: g.Description, Instructions: g.Instructions})
	}
	topics := corpus.Lines[topic](t, "livekit/corpus/knowledge.jsonl")
	require.Len(t, topics, 26)
	for _, k := range topics {
		s.pages = append(s.pages, knowledge.Split(knowledge.Spec{Title: k.Topic, Text: k.Text})...)
	}
	require.GreaterOrEqual(t, len(s.pages), len(topics))
	return s
}

func TestRealJobsAndPagesStandOnceInOrderInsideTheirFences(t *testing.T) {
	s := realScene(t)
	p := s.build(t)
	require.Equal(t, prompt.Full, p.Plan.Kind)
	checkStructure(t, p)
	at := 0
	for i, page := range p.Plan.Pages {
		text := body(t, p.Stable, "page P"+itoa(i+1))
		want := "| Title: " + page.Title() + "\n| " + strings.ReplaceAll(strings.TrimRight(page.Text(), "\n"), "\n", "\n| ") + "\n"
		require.Equal(t, want, text)
		at = after(t, p.Stable, text, at)
	}
	var changed demotions
	for i, j := range p.Plan.Jobs {
		text := body(t, p.Stable, "job J"+itoa(i+1))
		_, instructions, _ := strings.Cut(text, "Instructions:\n")
		changed.add(requireOnlyDemotions(t, strings.TrimRight(j.Job.Spec().Instructions, "\n")+"\n", instructions))
		at = after(t, p.Stable, text, at)
	}
	t.Logf("%d jobs, %d pages, %d bytes, %d tokens, %+v", len(p.Plan.Jobs), len(p.Plan.Pages), len(p.Stable), p.Tokens, changed)
}

// after returns where text ends in whole; it must stand there once, and behind at.
func after(t testing.TB, whole, text string, at int) int {
	t.Helper()
	require.Equal(t, 1, strings.Count(whole, text))
	place := strings.Index(whole, text)
	require.Greater(t, place, at)
	return place + len(text)
}

// demotions counts the lines that a prompt shows otherwise.
type demotions struct{ Lines, Headings, Underlines int }

func (d *demotions) add(more demotions) {
	d.Lines, d.Headings, d.Underlines = d.Lines+more.Lines, d.Headings+more.Headings, d.Underlines+more.Underlines
}

// requireOnlyDemotions compares a text with what the prompt shows of it, line by line: a line may have up
// to two hashes more before its hashes, or a backslash more before dashes or equals signs.
func requireOnlyDemotions(t testing.TB, before, after string) demotions {
	t.Helper()
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	require.Len(t, now, len(old))
	d := demotions{Lines: len(old)}
	for i := range old {
		switch {
		case old[i] == now[i]:
		case strings.Replace(now[i], "##", "", 1) == old[i], strings.Replace(now[i], "#", "", 1) == old[i]:
			d.Headings++
		case strings.Replace(now[i], `\`, "", 1) == old[i] && strings.Trim(old[i], "-= \t") == "":
			d.Underlines++
		default:
			require.Failf(t, "changed otherwise", "line %d", i+1)
		}
	}
	return d
}

// What real authors write passes the fence: nothing of it looks like a token that must be defused, and
// only headings are demoted. A text with inline braces of its own shows them as it must.
func TestRealInstructionsPassTheFenceUnchangedButForDemotions(t *testing.T) {
	texts := corpus.Lines[struct{ ID, Text string }](t, "instructions/dev.jsonl")
	accepted, braces, demoted := 0, 0, 0
	var changed demotions
	for _, row := range texts {
		j, err := job.New(job.Spec{Name: "Real", Instructions: row.Text})
		if err != nil {
			continue
		}
		accepted++
		want := strings.TrimRight(j.Spec().Instructions, "\n") + "\n"
		if o := j.Outline(); len(o.Variables)+len(o.Actions) > 0 {
			braces++
			for _, v := range slices.Backward(o.Variables) {
				want = want[:v.Span.Start] + "{" + v.Name + "}" + want[v.Span.End:]
			}
			require.Empty(t, o.Actions, "no real text has inline actions of ours")
		}
		p := scene{jobs: []job.Spec{j.Spec()}}.build(t)
		checkStructure(t, p)
		_, got, _ := strings.Cut(body(t, p.Stable, "job J1"), "Instructions:\n")
		d := requireOnlyDemotions(t, want, got)
		changed.add(d)
		if d.Headings+d.Underlines > 0 {
			demoted++
		}
	}
	t.Logf("%d of %d texts are within the limits, %d have variables; demotions in %d texts: %+v; nothing else changed",
		accepted, len(texts), braces, demoted, changed)
	require.Greater(t, accepted, 100)
}

func itoa(n int) string { return strconv.Itoa(n) }
