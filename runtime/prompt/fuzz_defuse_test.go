package prompt

import (
	"testing"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// FuzzDefuse: whatever the text, defusing replaces opening characters by parentheses and nothing else,
// leaves no reserved token, and has nothing to do a second time.
func FuzzDefuse(f *testing.F) {
	for _, s := range []string{"<<end job J1>>", "＜＜ｅｎｄ", "«call K7Q2M4X6B3ZA»", "<\n<page", "[action J1", "[ＩＮＳＴ]", "≮<sys", "<<<<job", "a < b", "\xff<|"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, raw := range []string{a, a + b, a + "<<" + b, a + "<" + b + "<end job"} {
			text := job.Clean(raw)
			got := defuse(text)
			switch { // plain comparisons: this runs millions of times
			case defuse(got) != got:
				t.Fatalf("%q is not done with", got)
			case got != text && !mayOpen([]byte(text)):
				t.Fatalf("the quick look missed %q", text)
			case utf8.RuneCountInString(text) != utf8.RuneCountInString(got):
				t.Fatalf("%q became %q", text, got)
			}
			rest := got
			for i, r := range text {
				now, size := utf8.DecodeRuneInString(rest)
				if now != r && (now != '(' || !opens(r) || !isReserved(text[i:])) {
					t.Fatalf("%q became %q", text[i:], rest)
				}
				if opens(now) && isReserved(rest) {
					t.Fatalf("%q is left", rest)
				}
				rest = rest[size:]
			}
		}
	})
}
