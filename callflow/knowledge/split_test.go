package knowledge_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/corpus"
)

func ExampleSplit() {
	text := strings.Repeat("All about rooms. ", 800) + "\n\n## Parking\n\n" + strings.Repeat("All about parking. ", 800)
	for _, s := range knowledge.Split(knowledge.Spec{Title: "House guide", Text: text}) {
		fmt.Println(s.Title, "·", s.Text[:16])
	}
	// Output:
	// House guide (1 of 2) · All about rooms.
	// House guide (2 of 2) · ## Parking
	//
	// All
}

func TestATextThatFitsIsNotSplit(t *testing.T) {
	for _, text := range []string{"", "Nine.", strings.Repeat("é", 20_000), strings.Repeat("e\u0301", 20_000)} {
		s := knowledge.Spec{Title: "Hours\n", Text: text}
		require.Equal(t, []knowledge.Spec{s.Clean()}, knowledge.Split(s))
	}
}

func TestSplitCutsWhereAReaderWould(t *testing.T) {
	const n = 15_000 // characters before the place to cut; a page holds 20,000
	words := func(chars int) string { return strings.TrimSpace(strings.Repeat("abcd ", chars/5)) }
	for _, c := range []struct {
		what, text, second string // how the second page begins
	}{
		{"before a heading", words(n) + "\n\n# Next\n\n" + words(3000) + "\n\n" + words(9000), "# Next"},
		{"before the last heading that fits", words(12_000) + "\n# A\n" + words(2000) + "\n## B\n" + words(9000), "## B"},
		{"not after a heading", words(n) + "\n# Next\n\n" + words(9000), "# Next"},
		{"without a heading between paragraphs", words(n) + "\n\nNext one\nline\n" + words(9000), "Next one"},
		{"also when the blank line has blanks", words(n) + "\n \t\nNext one\nline\n" + words(9000), "Next one"},
		{"without paragraphs between lines", words(n) + "\nNext one " + words(9000), "Next one"},
		{"a line keeps its indent", words(n) + "\n  Next one " + words(9000), "  Next one"},
		{"without lines between sentences", words(n) + ". Next one " + words(9000), "Next one"},
		{"also where no space parts them", strings.Repeat("字", n) + "。次" + strings.Repeat("字", 9000), "次"},
		{"without sentences between words", strings.Repeat("a", n) + " next" + strings.Repeat("a", 9000), "next"},
		{"a cut inside a word leaves a mark with its letter", strings.Repeat("b\u0323\u0307", 14_000), "\u1e05\u0307"},
	} {
		t.Run(c.what, func(t *testing.T) {
			pages := knowledge.Split(knowledge.Spec{Title: "T", Text: c.text})
			if len(pages) != 2 { // require.Len would print them
				t.Fatalf("%d pages", len(pages))
			}
			require.True(t, strings.HasPrefix(pages[1].Text, c.second), "%.40q", pages[1].Text)
			require.NoError(t, lossless(c.text, pages))
		})
	}
}

func TestTitlesOfASplitTextAreNumberedAndFit(t *testing.T) {
	text := strings.Repeat("Nine to five. ", 16_000)
	pages := knowledge.Split(knowledge.Spec{Title: strings.Repeat("ü", 200), Text: text, Source: knowledge.Source{Kind: knowledge.Uploaded, Name: "a.txt"}})
	require.Len(t, pages, 12)
	require.True(t, strings.HasSuffix(pages[11].Title, "ü (12 of 12)"))
	for _, s := range pages {
		require.NoError(t, s.Check())
		require.LessOrEqual(t, utf8.RuneCountInString(s.Title), knowledge.MaxTitle)
		require.Equal(t, "a.txt", s.Source.Name, "and every page says where it is from")
	}
	require.Equal(t, "(1 of 12)", knowledge.Split(knowledge.Spec{Text: text})[0].Title, "no title is no text before the number")
}

func TestTheLastPageIsNoCrumb(t *testing.T) {
	pages := knowledge.Split(knowledge.Spec{Title: "T", Text: strings.Repeat("abcd ", 4_020)})
	require.Len(t, pages, 2)
	require.Greater(t, len(pages[1].Text), 6_000)
}

func TestSplitOfWhatIsNoPage(t *testing.T) {
	bad := knowledge.Spec{Title: "T", Text: strings.Repeat("\xff", 30_000)}
	require.Equal(t, []knowledge.Spec{bad}, knowledge.Split(bad), "bytes that are no text stay, for Check to refuse")
	blank := knowledge.Spec{Title: "T", Text: strings.Repeat(" \n", 30_000)}
	require.Equal(t, []knowledge.Spec{blank.Clean()}, knowledge.Split(blank))
	spaced := knowledge.Split(knowledge.Spec{Title: "T", Text: strings.Repeat(" \n", 30_000) + "Nine."})
	require.Equal(t, "Nine.", spaced[0].Text)
	require.Equal(t, "T", spaced[0].Title, "one page needs no number")
	wide := knowledge.Spec{Title: "T", Text: "a\n" + strings.Repeat(" ", 50_000) + "b"}
	require.NoError(t, lossless(wide.Text, knowledge.Split(wide)))
}

func TestRealTextsSplitWithoutLoss(t *testing.T) {
	type doc struct{ Content string }
	var all strings.Builder
	for _, d := range corpus.Lines[doc](t, "tau2/corpus/banking_documents.jsonl") {
		all.WriteString(d.Content + "\n\n")
	}
	pages := knowledge.Split(knowledge.Spec{Title: "Bank", Text: all.String()})
	require.NoError(t, lossless(all.String(), pages))
	t.Logf("%d characters make %d pages", utf8.RuneCountInString(all.String()), len(pages))
}

// lossless checks what Split promises: every page can be made, and the pages in order are the text but
// for white space between them.
func lossless(text string, pages []knowledge.Spec) error {
	rest := knowledge.Spec{Text: text}.Clean().Text
	for i, s := range pages {
		s.Title = "T"
		if err := s.Check(); err != nil {
			return fmt.Errorf("page %d: %w", i, err)
		}
		// The page may begin with the indent of its line, so as little as possible is skipped.
		at := strings.Index(rest, s.Text)
		if at < 0 || strings.TrimSpace(rest[:at]) != "" {
			return fmt.Errorf("page %d: %.40q is not where the text goes on: %.40q", i, s.Text, rest)
		}
		rest = rest[at+len(s.Text):]
	}
	if strings.TrimFunc(rest, unicode.IsSpace) != "" {
		return fmt.Errorf("lost: %.40q", rest)
	}
	return nil
}

func FuzzSplit(f *testing.F) {
	f.Add("Hours", "Nine to five.\n\n", uint16(3_000))
	f.Add("", "# A\n\n# B\n", uint16(5_000))
	f.Add("T", "b\u0323\u0307。", uint16(9_000))
	f.Add("T", " \t\u3000\n", uint16(9_000))
	f.Add("T", "a\xff\u0301  ", uint16(9_000))
	f.Fuzz(func(t *testing.T, title, unit string, times uint16) {
		text := strings.Repeat(unit, min(int(times), 200_000/max(1, len(unit))))
		pages := knowledge.Split(knowledge.Spec{Title: title, Text: text})
		require.NotEmpty(t, pages)
		if !utf8.ValidString(text) || strings.TrimSpace(pages[0].Text) == "" {
			require.Len(t, pages, 1)
			return
		}
		require.NoError(t, lossless(text, pages))
		if len(pages) > 1 && utf8.ValidString(title) {
			for _, s := range pages {
				require.NoError(t, s.Check())
			}
		}
	})
}
