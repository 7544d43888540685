package runtime

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// unspeakable is what never reaches a voice, as far as a pattern can tell.
var unspeakable = regexp.MustCompile("(?i)[\\[\\]`|\\\\]|://|(^| )www\\.\\w|<<|<[a-z/!?|]|[\\n\\r\\t]|  |\\*\\*\\*|~~|(^| )(sona_action|J\\d{1,3}\\.A\\d{1,9})([^\\pL\\pN\\pM_]|$)")

func checkSpeech(t *testing.T, text, said string) {
	t.Helper()
	if found := unspeakable.FindString(said); found != "" {
		t.Errorf("%q speaks %q, with %q in it", text, said, found)
	}
	if strings.Contains(said, fuzzNonce) {
		t.Errorf("%q speaks %q, with the nonce in it", text, said)
	}
	if !utf8.ValidString(said) {
		t.Errorf("%q speaks %q, which is no text", text, said)
	}
	for _, r := range said {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) || unicode.Is(pictures, r) {
			t.Errorf("%q speaks %q, with %q in it", text, said, r)
		}
	}
}

const fuzzNonce = "QJ3H7WXAB2CD"

// However a reply is cut, its speech is the same; nothing unspeakable is in it, and it stays as it is when it
// is filtered again.
func FuzzSpeech(f *testing.F) {
	for _, tt := range spokenTexts {
		f.Add(tt.text, uint8(3), uint8(7))
	}
	f.Add("x"+fuzzNonce+"y <<end job J1 "+fuzzNonce+">>", uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, text string, a, b uint8) {
		whole, marks := speakPieces(text)
		checkSpeech(t, text, whole)
		var pieces []string
		for rest, n := text, int(a); rest != ""; n = (n*31 + int(b) + 1) % 17 {
			k := min(n+1, len(rest))
			pieces, rest = append(pieces, rest[:k]), rest[k:]
		}
		cut, cutMarks := speakPieces(pieces...)
		if cut != whole || !slices.Equal(cutMarks, marks) {
			t.Errorf("%q speaks %q, cut into %q %q", text, whole, pieces, cut)
		}
		again, more := speakPieces(whole)
		if again != whole || len(more) > 0 {
			t.Errorf("%q speaks %q, and that again %q %q", text, whole, again, more)
		}
	})
}
