package optimize_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// sentencesOf returns the sentences of a text, blanks made one.
func sentencesOf(text string) []string {
	text = job.Clean(text)
	var all []string
	for _, sp := range job.ParseOutline(text).Sentences {
		all = append(all, strings.Join(strings.Fields(sp.In(text)), " "))
	}
	return all
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)

func folded(s string) string {
	return " " + strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(s), " ")) + " "
}

// markless takes the marks of lists and headings away: they are no words of a sentence that goes over several lines.
func markless(s string) string {
	return folded(regexp.MustCompile(`(?m)^[ \t]*(?:\d+[.)]|[-*•–]|#+)[ \t]+`).ReplaceAllString(s, ""))
}

// lossless says what is lost from a text, nothing when it is whole.
func lossless(before, after string) []string {
	var wrong []string
	for _, v := range optimize.Check(spec(before), spec(after), lint.Context{}) {
		if v.Hard || v.Guard != optimize.GuardOrder { // other than the moves of what has no number
			wrong = append(wrong, string(v.Guard)+": "+v.Message)
		}
	}
	whole := markless(after)
	for _, s := range sentencesOf(before) {
		if words := markless(s); words != "  " && !strings.Contains(whole, words) {
			wrong = append(wrong, "sentence: "+s)
		}
	}
	return wrong
}

func newFindings(before, after string) []lint.RuleID {
	count := map[lint.RuleID]int{}
	for _, f := range lint.Spec(spec(before), lint.Context{}) {
		count[f.Rule]++
	}
	var fresh []lint.RuleID
	for _, f := range lint.Spec(spec(after), lint.Context{}) {
		if count[f.Rule]--; count[f.Rule] < 0 {
			fresh = append(fresh, f.Rule)
		}
	}
	return fresh
}

func byRules(t testing.TB, text string) optimize.Suggestion {
	s, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(text)})
	require.NoError(t, err)
	return s
}

// TestEvalRules runs the rules over the real texts, as they are and with the numbers of their lists taken away.
func TestEvalRules(t *testing.T) {
	texts, _ := sample(t)
	n, whole, still, quiet, beyond, changed, questions, scaffolds := 0, 0, 0, 0, 0, 0, 0, 0
	changes := map[string]int{}
	var lists, restored [2]int
	for _, text := range texts {
		if job.Count(text.Text) > job.MaxInstructions {
			_, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(text.Text)})
			var wrong *job.ValidationError
			require.ErrorAs(t, err, &wrong)
			beyond++
			continue
		}
		n++
		s := byRules(t, text.Text)
		if wrong := lossless(text.Text, s.Instructions); len(wrong) == 0 {
			whole++
		} else {
			t.Logf("LOST %s: %v", shortHash(text.Text), wrong)
		}
		if byRules(t, s.Instructions).Instructions == s.Instructions {
			still++
		} else {
			t.Logf("MOVES %s", shortHash(text.Text))
		}
		if fresh := newFindings(text.Text, s.Instructions); len(fresh) == 0 {
			quiet++
		} else {
			t.Logf("NEW %s: %v", shortHash(text.Text), fresh)
		}
		_, err := optimize.Propose(t.Context(), optimize.Rules(), optimize.Request{Spec: spec(text.Text)})
		require.NoError(t, err)
		if s.Instructions != job.Clean(text.Text) {
			changed++
		}
		for _, c := range s.Changes {
			changes[c.Rule]++
		}
		for _, q := range s.Questions {
			if questions++; strings.Contains(q, "It could read:") {
				scaffolds++
			}
		}
		for kind, mark := range [...]string{"- ", ""} {
			l, r := restoring(t, text.Text, mark)
			lists[kind], restored[kind] = lists[kind]+l, restored[kind]+r
		}
	}
	t.Logf("texts %d  lossless %d  idempotent %d  no new findings %d  beyond the limit, typed error %d", n, whole, still, quiet, beyond)
	t.Logf("texts changed %d  changes %v  questions %d, of these with a scaffold %d", changed, changes, questions, scaffolds)
	share := func(i int) float64 { return 100 * float64(restored[i]) / float64(max(lists[i], 1)) }
	t.Logf("numbers taken away: bullets %d of %d (%.1f %%), plain lines %d of %d (%.1f %%)", restored[0], lists[0], share(0), restored[1], lists[1], share(1))
	assert.Equal(t, n, whole)
	assert.Equal(t, n, still)
	assert.Equal(t, n, quiet)
	if lists[0] > 20 { // fewer say nothing about a share
		assert.GreaterOrEqual(t, share(0), 90.0)
	}
}

// restoring takes the numbers of all outermost lists of steps away, and says how many lists there were and how many are
// numbered again. A list of steps is one most of whose entries are orders also when each stands alone: cases, criteria,
// labels and abilities may have numbers, but no order.
func restoring(t *testing.T, text, mark string) (lists, restored int) {
	text = job.Clean(text)
	all := orderedLists(text)
	if len(all) == 0 {
		return 0, 0
	}
	stripped := regexp.MustCompile(`(?m)^\d+[.)] +`).ReplaceAllString(text, mark)
	s, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(stripped)})
	require.NoError(t, err)
	if wrong := lossless(stripped, s.Instructions); len(wrong) > 0 {
		t.Errorf("stripped %s: %v", shortHash(text), wrong)
	}
	for _, list := range all {
		ok := true
		for _, entry := range list {
			ok = ok && regexp.MustCompile(`(?m)^\d+[.)] +`+regexp.QuoteMeta(entry)+`[ \t]*$`).MatchString(s.Instructions)
		}
		if ok {
			restored++
		} else if testing.Verbose() {
			t.Logf("UNNUMBERED %q %s: %d entries\n%s", mark, shortHash(text), len(list), strings.Join(list, "\n"))
		}
	}
	return len(all), restored
}

var outermost = regexp.MustCompile(`^(\d+)[.)] +(.*?)[ \t]*$`)

// orderedLists returns the outermost numbered lists of at least two steps that stand together.
func orderedLists(text string) [][]string {
	var all [][]string
	var list []string
	steps := 0
	end := func() {
		if len(list) > 1 && 2*steps > len(list) {
			all = append(all, list)
		}
		list, steps = nil, 0
	}
	for l := range strings.SplitSeq(text, "\n") {
		m := outermost.FindStringSubmatch(l)
		switch {
		case m != nil:
			if m[1] == "1" {
				end()
			}
			list = append(list, m[2])
			if o := job.ParseOutline(strings.TrimLeft(m[2], "*_")); len(o.Items) > 0 && o.Items[0].Span.Start == 0 && o.Items[0].Kind != job.ItemHeading && o.Items[0].Kind != job.ItemBranch && o.Items[0].Kind != job.ItemOffScript {
				steps++
			}
		case strings.TrimSpace(l) == "" || strings.HasPrefix(l, " ") || strings.HasPrefix(l, "\t"):
		default:
			end()
		}
	}
	end()
	return all
}
