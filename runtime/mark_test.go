package runtime

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// speakPieces runs a text that arrives in pieces through the filter.
func speakPieces(pieces ...string) (said string, marks []string) {
	var s speech
	var all strings.Builder
	for _, p := range pieces {
		all.WriteString(s.write(p))
	}
	return all.String(), s.marks
}

// spoken texts and what is heard of them.
var spokenTexts = []struct {
	text, want string
	marks      []string
}{
	{"", "", nil},
	{"Hello.", "Hello.", nil},
	{"[J2.3] Hello.", "Hello.", []string{"J2.3"}},
	{"[J0] Hello.", "Hello.", []string{"J0"}},
	{"[J10] Hello.", "Hello.", []string{"J10"}},
	{"[J2.3.b] Hello.", "Hello.", []string{"J2.3.b"}},
	{"[j2.3] Hello.", "Hello.", []string{"j2.3"}},
	{" \n[J2.3]\n\n Hello.", "Hello.", []string{"J2.3"}},
	{"[J2.3]Hello.", "Hello.", []string{"J2.3"}},
	{"[J2.3] ", "", []string{"J2.3"}},
	{"[J1][J2] Hello.", "Hello.", []string{"J1", "J2"}},
	{"[J1] [J2.1] Hello.", "Hello.", []string{"J1", "J2.1"}},
	{"Hello [J2.3] there.", "Hello there.", []string{"J2.3"}},
	{"Hello[J2.3] there.", "Hello there.", []string{"J2.3"}},
	{"Hello [J2.3]there.", "Hello there.", []string{"J2.3"}},
	{"Hello.\n[J2.3]\nThere.", "Hello.\nThere.", []string{"J2.3"}},
	{"Hello [J1] [J2] there.", "Hello there.", []string{"J1", "J2"}},
	{"Hello.[J2.3]", "Hello.", []string{"J2.3"}},
	{"Hello. [J2.3", "Hello. ", nil}, // a mark that is cut off by the end of the stream is nothing to say
	{"Hello. [", "Hello. ", nil},
	{"He said [sic] so.", "He said [sic] so.", nil},
	{"[sic] Hello.", "[sic] Hello.", nil},
	{"[Jane] Hello.", "[Jane] Hello.", nil},
	{"[J] [J.] [J 2] [J2 3] [J-2]", "[J] [J.] [J 2] [J2 3] [J-2]", nil},
	{"[JFK] and [[J2] both", "[JFK] and [ both", []string{"J2"}},
	{"[J2.3.4.5.6.7.8.9.10.11.12] no mark is so long", "[J2.3.4.5.6.7.8.9.10.11.12] no mark is so long", nil},
	{"[J2é] [J2", "[J2é] ", nil},
	{"a[J2]b[J3]c", "abc", []string{"J2", "J3"}},
	{"[J2.3] Voilà : ¿qué tal? 你好 😊", "Voilà : ¿qué tal? 你好 😊", []string{"J2.3"}},
	{"broken \xff\xc3( bytes \xe2\x82", "broken ( bytes ", nil},
	{"[J2\xff] \xf0\x9f\x98[J1]!", "[J2] !", []string{"J1"}},
}

func TestMarksAreTakenOutOfWhatIsSpokenAndNothingElseIs(t *testing.T) {
	for _, tt := range spokenTexts {
		got, marks := speakPieces(tt.text)
		require.Equal(t, tt.want, got, "%q", tt.text)
		require.Equal(t, tt.marks, marks, "%q", tt.text)
	}
}

func TestHoweverTheStreamIsCutTheSpeechIsTheSame(t *testing.T) {
	for _, tt := range spokenTexts {
		for i := range len(tt.text) + 1 {
			for j := i; j <= len(tt.text); j++ {
				got, marks := speakPieces(tt.text[:i], tt.text[i:j], tt.text[j:])
				if got != tt.want || !slices.Equal(marks, tt.marks) {
					t.Errorf("%q | %q | %q speaks %q", tt.text[:i], tt.text[i:j], tt.text[j:], got)
				}
			}
		}
		got, marks := speakPieces(strings.Split(tt.text, "")...)
		require.Equal(t, tt.want, got)
		require.Equal(t, tt.marks, marks)
	}
}

func TestWhatIsSpokenIsAlwaysWholeCharacters(t *testing.T) {
	var s speech
	for _, b := range []byte("[J1] Voilà, 你好 😊 [ça va]") {
		require.True(t, utf8.ValidString(s.write(string([]byte{b}))))
	}
}

func FuzzMark(f *testing.F) {
	for _, tt := range spokenTexts {
		f.Add(tt.text, uint8(3), uint8(7))
	}
	f.Fuzz(func(t *testing.T, text string, a, b uint8) {
		whole, marks := speakPieces(text)
		var pieces []string
		for rest, n := text, int(a); rest != ""; n = (n*31 + int(b) + 1) % 17 {
			k := min(n+1, len(rest))
			pieces, rest = append(pieces, rest[:k]), rest[k:]
		}
		cut, cutMarks := speakPieces(pieces...)
		if cut != whole || !slices.Equal(cutMarks, marks) {
			t.Errorf("%q speaks %q, cut into %q %q", text, whole, pieces, cut)
		}
		if !utf8.ValidString(whole) {
			t.Errorf("%q speaks %q, which is no text", text, whole)
		}
		if !utf8.ValidString(text) {
			return
		}
		left := strings.Join(strings.Fields(text), "")
		for _, m := range marks {
			left = strings.Replace(left, "["+m+"]", "", 1)
		}
		// What was spoken is the text without its marks and without what is held back at its end.
		if said := strings.Join(strings.Fields(whole), ""); !strings.HasPrefix(left, said) || len(left)-len(said) > longestMark {
			t.Errorf("%q speaks %q: %q is left", text, whole, left)
		}
	})
}

func BenchmarkMark(b *testing.B) {
	text := strings.Repeat("Certainly, I can help you with that. ", 30)
	pieces := append([]string{"[J2", ".3]", " "}, strings.SplitAfter(text, " ")...)
	b.Run("filter", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var s speech
			for _, p := range pieces {
				sinkText = s.write(p)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(pieces)), "ns/piece")
	})
	b.Run("copy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, p := range pieces {
				sinkText = strings.Clone(p)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(pieces)), "ns/piece")
	})
}

var sinkText string
