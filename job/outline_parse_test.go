package job_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// One job with everything in it, and all that its outline says.
func TestOutlineOfAWholeJob(t *testing.T) {
	text := `This job books a table.

Ask the caller for:
1. Their name. If they refuse, ask once more.
2. The day
   - Say "We open at 5 pm."

If the caller is angry, {{action transfer_call to="inbox:desk"}}.
Then {{action send_sms text="Hi {{name}}, see https://example.com"}} and say goodbye.`
	o := job.ParseOutline(text)
	require.Equal(t, "This job books a table.", o.Goal)
	var items []string
	for _, it := range o.Items {
		items = append(items, strings.Repeat("  ", it.Depth)+string(it.Kind)+" "+it.Number+"|"+it.Span.In(text))
	}
	require.Empty(t, cmp.Diff([]string{
		"heading |Ask the caller for",
		"ask 1|Their name. If they refuse, ask once more.",
		"ask 2|The day",
		`  say |Say "We open at 5 pm."`,
		`off_script |If the caller is angry, {{action transfer_call to="inbox:desk"}}.`,
		`end |Then {{action send_sms text="Hi {{name}}, see https://example.com"}} and say goodbye.`,
	}, items))
	require.Len(t, o.OffScript, 2)
	require.Equal(t, "If they refuse, ask once more.", o.OffScript[0].In(text))
	require.Len(t, o.Actions, 2)
	require.Len(t, o.Variables, 1)
	require.Equal(t, []string{`quote "We open at 5 pm."`, "url https://example.com"}, facts(text))
	requireSound(t, text)
}

// Whatever is cut off a text, and whatever stands in it, the rest is still read.
func TestEveryBeginningOfATextIsSound(t *testing.T) {
	text := "## Étape 1 : “Allô ?”\r\n\n> 1) a, 2) b\n\t- {{x}} {{action send_sms text=“É {{y | default: \"z\"}}”}} $5 at 9 a.m.\n```\ncode\n```\nIf they’re angry:\n• stop…\n1.1 x\n一、y @b.co 5@b.co"
	for i := range len(text) + 1 {
		requireSound(t, text[:i])
		requireSound(t, text[i:])
	}
}

func TestParseOutlineIsDeterministic(t *testing.T) {
	text := longJob().Instructions
	want := job.ParseOutline(text)
	for range 20 {
		require.Empty(t, cmp.Diff(want, job.ParseOutline(text)))
	}
}

// Line ends do not matter: what is typed and what is stored have the same outline but for positions.
func TestLineEndsDoNotMatter(t *testing.T) {
	text := longJob().Instructions
	windows := strings.ReplaceAll(text, "\n", "\r\n")
	require.Equal(t, strings.ReplaceAll(sketch(text), "\n", ""), strings.NewReplacer("\r", "", "\n", "").Replace(sketch(windows)))
	require.Equal(t, facts(text), facts(windows))
}

func TestParseOutlineOfALongJobIsQuick(t *testing.T) {
	text := longJob().Instructions
	require.Len(t, text, 9_900)
	require.Less(t, testing.AllocsPerRun(5, func() { job.ParseOutline(text) }), 400.0)
}

func FuzzParseOutline(f *testing.F) {
	f.Add(longJob().Instructions[:2000])
	for _, s := range []string{
		"1. a\n  1.1 b\n2) c\n(3) d\nStep 4: e\n", "Ask: 1) a, 2) b. Then: 1. c, 2. d", "If they refuse:\n- x\n\n1. y", "# 1. A\n## Step 2\n**B:**\n[C]\nD\n===\n",
		"```\n- a\n", "“a «b» 'c' \"d\n\n\"e\"", "{{action a b=\"{{c}}\" d=“\\{{e}}”}} \\{{f}} {{{g}}}", "i. a\nii. b\nh) c\ni) d\nj) e", "一、a\n① b\n（2）c\n３．d",
		"a@b.co +1 (555) 010-2000 $5k 9:30 a.m. 5/6/2026 March 5th, 2026 https://x.y/(z)).", "\xff\x00\u2028é\u0301🙂", "1.\n2.\n\n- \n-", "• a\n– b\n\t◦ c\n • d",
		"Goal:\n\nx\n", "**1. A**\n**Step 2:** b\n__3)__ c", "- [ ] a\n> - b\n|c|\n<d>\n---\ne",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		requireSound(t, text)
		if diff := cmp.Diff(job.ParseOutline(text), job.ParseOutline(text)); diff != "" {
			t.Fatal(diff)
		}
	})
}
