package job_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/sonajobs/sona/job"
)

func TestCleanIsWhatIsStored(t *testing.T) {
	for name, c := range map[string]struct{ raw, clean string }{
		"plain text":              {"Ask for the name.\n\tThen stop.", "Ask for the name.\n\tThen stop."},
		"nothing":                 {"", ""},
		"CRLF":                    {"a\r\nb\r\n", "a\nb\n"},
		"CR alone":                {"a\rb\r\rc", "a\nb\n\nc"},
		"CR at the end":           {"a\r", "a\n"},
		"CR CR LF":                {"a\r\r\nb", "a\n\nb"},
		"next line":               {"a\u0085b", "a\nb"},
		"line and paragraph":      {"a\u2028b\u2029c", "a\nb\nc"},
		"controls":                {"a\x00\x07\x1b[0m\x7fb", "a[0mb"},
		"C1 controls":             {"a\u0080\u009fb", "ab"},
		"soft hyphen":             {"re\u00adsched\u00adule", "reschedule"},
		"zero-width":              {"a\u200b\u200c\u200d\u2060\ufeffb", "ab"},
		"bidi controls":           {"a\u202e\u2066b\u2069\u200e", "ab"},
		"variation selectors":     {"☎\ufe0f\U000e0100", "☎"},
		"tag characters":          {"a\U000e0041\U000e007f", "a"},
		"fillers":                 {"a\u115f\u3164\uffa0b", "ab"},
		"grapheme joiner":         {"a\u034fb", "ab"},
		"NFD":                     {"cafe\u0301", "café"},
		"Hangul":                  {"\u1112\u1161\u11ab", "한"},
		"joiner between accents":  {"e\u200d\u0301", "é"},
		"angstrom sign":           {"\u212b", "Å"},
		"bytes that are no UTF-8": {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"a real U+FFFD":           {"\ufffd", "\ufffd"},
		"blanks stay":             {" a\u00a0\u3000b ", " a\u00a0\u3000b "},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.clean, job.Clean(c.raw))
			require.Equal(t, c.clean, job.Clean(c.clean))
			require.Equal(t, utf8.RuneCountInString(c.clean), job.Count(c.raw))
		})
	}
}

// More accents on one letter than any language has are kept, without joiners that nobody typed.
func TestCleanAddsNothing(t *testing.T) {
	piled := "a" + strings.Repeat("\u0316\u0301", 100)
	clean := job.Clean(piled)
	require.NotContains(t, clean, "\u034f")
	require.LessOrEqual(t, len(clean), len(piled))
	require.Equal(t, clean, job.Clean(clean))
}

func TestCleanLeavesCleanTextWhereItIs(t *testing.T) {
	for _, text := range []string{"plain\n\ttext", "déjà vu – 語 🙂"} {
		require.Zero(t, testing.AllocsPerRun(10, func() { job.Clean(text) }), text)
	}
}

func TestCleanLineHasNoBreaks(t *testing.T) {
	require.Equal(t, "a b c d", job.CleanLine("a\r\nb\tc\u2028d"))
	require.Len(t, job.CleanLine("a\r\nb"), job.Count("a\r\nb"))
}

func TestCheckTextHoldsOtherTextsToTheSameRules(t *testing.T) {
	require.Empty(t, job.CheckText("title", "Opening hours", true, 13))
	require.Equal(t, []string{"title: is required and must not be blank"}, messages(job.CheckText("title", "\u200b ", true, 10)))
	require.Equal(t, []string{"title: 11 characters, at most 10: shorten it by 1"}, messages(job.CheckText("title", "eleven char", false, 10)))
	require.Equal(t, []string{"title: byte 1 is no UTF-8 text: save the text as UTF-8 and try again"}, messages(job.CheckText("title", "a\xff", false, 10)))
	require.Empty(t, job.CheckText("note", "", false, 10))
}

func messages(errs []job.FieldError) (all []string) {
	for _, e := range errs {
		all = append(all, e.Message)
	}
	return all
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"plain\n", "a\r\n\r\u2028b", "e\u0301\u200d\u0301", "\xff\xfe\xc3", "☎\ufe0f", "\u1112\u1161\u11ab", "a" + strings.Repeat("\u0301\u0316", 70),
		"\u0344\u0958\ufb1d\U0001d15e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := job.Clean(s)
		if again := job.Clean(clean); again != clean {
			t.Fatalf("not idempotent: %q, then %q", clean, again)
		}
		if got := job.Count(s); got != utf8.RuneCountInString(clean) {
			t.Fatalf("Count %d, stored %d", got, utf8.RuneCountInString(clean))
		}
		if !utf8.ValidString(clean) {
			t.Fatalf("no UTF-8: %q", clean)
		}
		// The Nothing-added rule, against the one thing that normal form C itself may lengthen.
		if got, most := utf8.RuneCountInString(clean), utf8.RuneCountInString(norm.NFD.String(s)); got > most {
			t.Fatalf("%d characters out of %d", got, most)
		}
		for _, r := range clean {
			if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
				t.Fatalf("%U is left in %q", r, clean)
			}
		}
		if line := job.CleanLine(s); strings.ContainsAny(line, "\n\t") || job.Count(line) != job.Count(s) {
			t.Fatalf("one line: %q", line)
		}
	})
}
