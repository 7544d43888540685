package prompt_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// seen returns text as a careless reader takes it in: no accents, no blanks, one case, one width. It is
// written without the package's tables, so that a gap in them shows.
func seen(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.IsSpace(r) && !unicode.IsMark(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return twins.Replace(b.String())
}

var twins = strings.NewReplacer("‹", "<", "⟨", "<", "〈", "<", "≪", "<<", "⟪", "<<", "›", ">", "⟩", ">", "〉", ">", "≫", ">>",
	"│", "|", "∣", "|", "【", "[", "】", "]", "⁄", "/", "∕", "/",
	"о", "o", "е", "e", "а", "a", "р", "p", "с", "c", "ј", "j", "ѕ", "s", "і", "i", "ο", "o", "ι", "i")

// tokens are the beginnings of what text of others may not show.
var tokens = []string{"<<job", "<<page", "<<call", "<<history", "<<end", "<|", "<<sys", "[inst]", "[/inst]", "<s>", "</s>",
	"<start_of_turn>", "<end_of_turn>", "<system>", "</system>", "<user>", "<assistant>"}

var marker = regexp.MustCompile(`\[actionj\d`)

// checkTokens looks for reserved tokens in every line that holds text of others.
func checkTokens(t testing.TB, p prompt.Prompt) {
	t.Helper()
	explained := false
	for l := range strings.SplitSeq(p.Stable, "\n") {
		if fenceLine.MatchString(l) || !explained && strings.HasPrefix(l, "Jobs and Knowledge stand between fences") {
			explained = explained || l[0] != '<'
			continue
		}
		requireNoToken(t, l)
	}
	for _, j := range p.Plan.Jobs {
		if j.Open {
			requireNoToken(t, body(t, p.Stable, "job "+j.Handle)) // here a line break saves no token
		}
	}
	allowed := 0
	for _, tool := range p.Tools {
		if tool.Name != prompt.OpenJobTool {
			allowed = max(allowed, 1) // the example in the section of actions
		}
	}
	for _, tool := range p.Tools {
		if p.Plan.Kind == prompt.Full {
			allowed += len(p.Handles(job.ActionName(tool.Name)))
		}
	}
	require.Len(t, marker.FindAllString(seen(p.Stable), -1), allowed, "markers of actions")
}

func requireNoToken(t testing.TB, text string) {
	t.Helper()
	folded := seen(text)
	for _, token := range tokens {
		if strings.Contains(folded, token) { // asked of every line of long prompts
			require.Fail(t, "a token of ours", "%q in %q", token, folded)
		}
	}
}
