package optimize_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// rewrite is a text and a better one that says the same.
type rewrite struct{ name, before, after string }

var partLine = regexp.MustCompile(`(?m)^-- (\S+)/(before|after) --\n`)

func faithfulRewrites(t testing.TB) (all []rewrite) {
	files, err := filepath.Glob("testdata/faithful/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		at := partLine.FindAllSubmatchIndex(data, -1)
		part := func(i int) (name, which, text string) {
			end := len(data)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			m := at[i]
			return string(data[m[2]:m[3]]), string(data[m[4]:m[5]]), strings.TrimRight(string(data[m[1]:end]), "\n")
		}
		require.Zero(t, len(at)%2, file)
		for i := 0; i < len(at); i += 2 {
			name, which, before := part(i)
			again, other, after := part(i + 1)
			require.Equal(t, []string{name, "before", "after"}, []string{again, which, other}, file)
			all = append(all, rewrite{strings.TrimSuffix(filepath.Base(file), ".txtar") + "/" + name, before, after})
		}
	}
	return all
}

// TestEvalFaithfulRewrites shows how often the guard lets good work pass, and what it says when it does not.
func TestEvalFaithfulRewrites(t *testing.T) {
	all := faithfulRewrites(t)
	require.Len(t, all, 60)
	refused := 0
	for _, r := range all {
		found := optimize.Check(spec(r.before), spec(r.after), lint.Context{})
		if !anyHard(found) {
			continue
		}
		refused++
		for _, v := range found {
			if v.Hard {
				require.NotEmpty(t, v.Message)
				t.Logf("refused %-20s %-10s %s", r.name, v.Guard, v.Message)
			}
		}
	}
	t.Logf("faithful rewrites: %d of %d without a hard violation", len(all)-refused, len(all))
	assert.LessOrEqual(t, refused, len(all)/5)
}

// TestEvalHarmWithinRewrites hides one harmful edit in a faithful rewrite: where everything is worded anew a lost fact is
// harder to see. The order of steps is left out: most of the texts before have no numbers to keep.
func TestEvalHarmWithinRewrites(t *testing.T) {
	var all score
	for _, e := range harmful {
		if !e.hard || strings.HasPrefix(e.name, "swap numbered") {
			continue
		}
		var s score
		for i, r := range faithfulRewrites(t) {
			if anyHard(optimize.Check(spec(r.before), spec(r.after), lint.Context{})) {
				continue
			}
			rng := rand.New(rand.NewPCG(uint64(i), 7))
			mid, after, ok := e.make(r.after, rng)
			if !ok || mid != r.after { // a planted fact would have to stand in the text before
				continue
			}
			s.cases++
			if anyHard(optimize.Check(spec(r.before), spec(after), lint.Context{})) {
				s.hard++
			}
		}
		if s.cases > 0 {
			t.Logf("%-34s cases %4d  refused %6.2f %%", e.name, s.cases, 100*s.share(s.hard))
		}
		all.cases, all.hard = all.cases+s.cases, all.hard+s.hard
	}
	t.Logf("%-34s cases %4d  refused %6.2f %%", "harm within rewrites", all.cases, 100*all.share(all.hard))
	assert.GreaterOrEqual(t, all.share(all.hard), 0.95)
}
