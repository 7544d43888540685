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
	s := speech{nonce: fuzzNonce}
	var all strings.Builder
	for _, p := range pieces {
		all.WriteString(s.write(p))
	}
	all.WriteString(s.flush())
	return all.String(), s.marks
}

// spoken texts and what is heard of them.
var spokenTexts = []struct {
	text, want string
	marks      []string
}{
	// marks
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
	{"Hello [J2.3].", "Hello.", []string{"J2.3"}},
	{"Hello [J2.3], there.", "Hello, there.", []string{"J2.3"}},
	{"Hello.\n[J2.3]\nThere.", "Hello. There.", []string{"J2.3"}},
	{"Hello [J1] [J2] there.", "Hello there.", []string{"J1", "J2"}},
	{"Hello.[J2.3]", "Hello.", []string{"J2.3"}},
	{"Hello.[J2.3]There.", "Hello. There.", []string{"J2.3"}},
	{"a[J2]b[J3]c", "a b c", []string{"J2", "J3"}},
	{"**[J1.2]** Hello.", "Hello.", []string{"J1.2"}},
	{"`[J1.2]` Hello.", "Hello.", []string{"J1.2"}},
	{"[**J1.2**] Hello.", "Hello.", []string{"J1.2"}},
	{"[ J1.2 ] Hello.", "Hello.", []string{"J1.2"}},
	{"[J 1.2] Hello.", "Hello.", []string{"J1.2"}},
	{"[J1: greeting] Hello.", "Hello.", []string{"J1"}},
	{"[J1.2, J2] Hello.", "Hello.", []string{"J1.2"}},
	{"【J1.2】Hello.", "Hello.", []string{"J1.2"}},
	{"[J1.2] J1.2: Hello, J2.A1 and J10.3.b.", "Hello, and.", []string{"J1.2"}},
	{"J1 visas, Room J1.", "J1 visas, Room J1.", nil},
	{"Hello. [J2.3", "Hello.", nil}, // a mark that is cut off by the end of the stream is nothing to say
	{"Hello. [", "Hello.", nil},
	{"He said [sic] so.", "He said sic so.", nil},
	{"so[1].", "so 1.", nil},
	{"[Jane] Hello.", "Jane Hello.", nil},
	{"[J] [J.] [J-2]", "J J. J-2", nil},
	{"[JFK] and [[J2] both", "JFK and both", []string{"J2"}},
	{"[J2.3.4.5.6.7.8.9.10.11.12.13.14.15] no mark is so long", ".15 no mark is so long", nil},
	{"[J2é] [J2", "J2é", nil},
	{"[J[J1]2]", "J 2", []string{"J1"}},
	{"[J2[J1].3]", "J2 .3", []string{"J1"}},

	// emphasis
	{"**Sure!** [J1.2] https://x.y 😊", "Sure!", []string{"J1.2"}},
	{"**bold** *it* __bold__ _it_ ***both*** ~~struck~~", "bold it bold it both struck", nil},
	{"un**frigging**believable, **a**, (*b*), \"*c*\"", "unfrigging" + "believable, a, (b), \"c\"", nil},
	{"2*3, 2**3, 5 * 4, a 5* hotel, snake_case, a__b", "2*3, 2**3, 5 * 4, a 5* hotel, snake_case, a b", nil},
	{"*a 5* hotel*", "a 5 hotel", nil},
	{"*Terms apply", "Terms apply", nil},
	{"Your name: ____", "Your name:", nil},
	{"a_ _b * _ **", "a b", nil},

	// lines
	{"# Our prices\nA cut is 30 dollars.", "Our prices. A cut is 30 dollars.", nil},
	{"We have:\n- a cut\n* a wash\n+ a shave\n• a spa\nWhich one?", "We have: a cut, a wash, a shave, a spa. Which one?", nil},
	{"1. Cut\n2) Wash.\n\n10. Shave\n", "1. Cut, 2) Wash. 10. Shave", nil},
	{"- [ ] open\n- [x] done", "open, x done", nil},
	{"> Quoted\n> > text", "Quoted text", nil},
	{"One\ntwo\n\nThree", "One two. Three", nil},
	{"One\r\ntwo\rthree\u2028four", "One two three four", nil},
	{"One\n---\ntwo\n***\nthree\n===\n", "One. two. three", nil},
	{"| Service | Price |\n|:---|---:|\n| Cut | $30 |", "Service, Price. Cut, $30", nil},
	{"-5 degrees, +1 555 0100, #5, C#, 3 people", "-5 degrees, +1 555 0100, #5, C#, 3 people", nil},
	{"- -\n-", "", nil},
	{"— Bonjour", "Bonjour", nil},

	// code, links, tags
	{"Type `sudo` or ```x```.", "Type sudo or x.", nil},
	{"```json\nHello\n```", "Hello", nil},
	{"``` \nHello", "Hello", nil},
	{"See [our page](https://x.y/z_(q)?a=b \"Title\"), or ![a cut](c.png).", "See our page, or a cut.", nil},
	{"[text][1] and [2]: so", "text 1 and 2: so", nil},
	{"(maybe) [sic] (or not)", "(maybe) sic (or not)", nil},
	{"One<br>two<br/>three <b>bold</b> <a href=\"https://x.y\" title='a b'>link</a>", "One two three bold link", nil},
	{"a < b, 5 > 3, 5 <= 6, I <3 it", "a < b, 5 > 3, 5 <= 6, I <3 it", nil},
	{"a <b and c", "a b and c", nil},
	{"a <b c> d, <b\nc, <br />x, <i -y=1>z", "a b c d, b c, x, z", nil},
	{"<|\nHello <| there", "Hello there", nil},
	{"<!-- a note --> Hello", "Hello", nil},
	{"::\nHello", ":: Hello", nil},
	{strings.Repeat("(", 20) + "a" + strings.Repeat(")", 20), "((((((((a))))))))))))))))))))", nil},
	{"x -> y => z", "x - y = z", nil},
	{"a | b \\*c\\* d\\_e", "a, b c d_e", nil},

	// addresses
	{"See https://x.y.", "See.", nil},
	{"See https://x.y/a?b=c&d=e#f, or call.", "See, or call.", nil},
	{"See (https://x.y) now.", "See now.", nil},
	{"See <https://x.y> now.", "See now.", nil},
	{"See HTTP://X.Y and www.x.y! Also ftp://x.", "See and! Also.", nil},
	{"Hello. https://x.y. Bye", "Hello. Bye", nil},
	{"Is it https://x.y/(a)?", "Is it?", nil},
	{"你看https://x.y。好", "你看。好", nil},
	{"h**ttps**://x.y z", "z", nil},
	{"file://x", "file", nil},
	{"Write to ann@x.com or visit lumenhair.com, www is fine, http too.", "Write to ann@x.com or visit lumenhair.com, www is fine, http too.", nil},
	{"Mail <ann@x.com>.", "Mail ann@x.com.", nil},

	// emoji
	{"[J2.3] Voilà : ¿qué tal? 你好 😊", "Voilà : ¿qué tal? 你好", []string{"J2.3"}},
	{"Hi 👋🏽, 👨‍👩‍👧 and 🇫🇷 and 🏴󠁧󠁢󠁳󠁣󠁴󠁿!", "Hi, and and!", nil},
	{"Great❤️‍🔥news ☎️ ✅", "Great news", nil},
	{"Press 1️⃣ or #️⃣", "Press 1 or", nil}, // what is in the keycap is for the ear
	{"Sona© Sona® Sona™ Sona©️", "Sona© Sona® Sona™ Sona©", nil},
	{"😊", "", nil},
	{"😊. Hello", "Hello", nil},

	// tokens
	{"<<job J1 QJ3H7WXAB2CD>>\nHello\n<<end job J1 QJ3H7WXAB2CD>>", "Hello", nil},
	{"<think>Hm, [J1] they\n\nwant <b>it</b>.</think>[J2] Hello. <tool_call>{\"name\":1}</tool_call> There.", "Hello. There.", []string{"J2"}},
	{"Hello. <think>Hm", "Hello.", nil},
	{"- \"One\"\n- (two)\n- <3", "\"One\", (two), 3", nil},
	{"\"<PAGE: 1 / 1> Text", "\"PAGE: 1 / 1 Text", nil},
	{"Hello<|im_end|>\n<|eot_id|></s><s>[INST] [/INST]<<SYS>><</SYS>><think>", "Hello", nil},
	{"<｜end▁of▁sentence｜>Hello", "Hello", nil},
	{"[action J1.A1: sends a text] Sent. [action not available]", "Sent.", nil},
	{"sona_action=\"J1.A1\" done, sona_actions", "done, sona_actions", nil},
	{"The mark is QJ3H7WXAB2CD, or qj3h7wxab2cd.", "The mark is, or.", nil},
	{"xQJ3H7WXAB2CDy QJ3H7", "x y QJ3H7", nil},
	{"<< bonjour >> <<bonjour>> and <<call me>>", "bonjour bonjour and", nil},

	// what cannot be seen, and blanks
	{"so\u00adft zero\u200bwidth \u202eback\x00\x07", "soft zerowidth back", nil},
	{"Comment puis-je vous aider\u202f? Voil\u00e0\u00a0: a", "Comment puis-je vous aider\u202f? Voil\u00e0\u00a0: a", nil},
	{"a  b\tc \u00a0d", "a b c d", nil},
	{"One moment. ", "One moment. ", nil}, // the blank parts it from the next reply
	{"One moment.\n", "One moment.", nil},
	{"broken \xff\xc3( bytes \xe2\x82", "broken ( bytes ", nil},
	{"[J2\xff] \xf0\x9f\x98[J1]!", "!", []string{"J2", "J1"}},
	{":) ok :-)", ":) ok :-)", nil},
	{"f() and ( ) and (())", "f and and", nil},
}

func TestNothingUnspeakableIsSpoken(t *testing.T) {
	for _, tt := range spokenTexts {
		got, marks := speakPieces(tt.text)
		require.Equal(t, tt.want, got, "%q", tt.text)
		require.Equal(t, tt.marks, marks, "%q", tt.text)
		checkSpeech(t, tt.text, got)
	}
}

func TestHoweverTheStreamIsCutTheSpeechIsTheSame(t *testing.T) {
	for _, tt := range spokenTexts {
		for i := range len(tt.text) + 1 {
			for j := i; j <= len(tt.text); j++ {
				got, marks := speakPieces(tt.text[:i], tt.text[i:j], tt.text[j:])
				if got != tt.want || !slices.Equal(marks, tt.marks) {
					t.Fatalf("%q | %q | %q speaks %q", tt.text[:i], tt.text[i:j], tt.text[j:], got)
				}
			}
		}
		var bytes []string
		for i := range len(tt.text) {
			bytes = append(bytes, tt.text[i:i+1])
		}
		got, marks := speakPieces(bytes...)
		require.Equal(t, tt.want, got)
		require.Equal(t, tt.marks, marks)
	}
}

func TestWhatIsSpokenStaysAsItIsWhenItIsFilteredAgain(t *testing.T) {
	for _, tt := range spokenTexts {
		again, marks := speakPieces(tt.want)
		require.Equal(t, tt.want, again)
		require.Empty(t, marks)
	}
}

func TestWhatIsSpokenIsAlwaysWholeCharacters(t *testing.T) {
	var s speech
	for _, b := range []byte("[J1] Voilà, 你好 😊 [ça va]") {
		require.True(t, utf8.ValidString(s.write(string([]byte{b}))))
	}
}

// Text is spoken as soon as it is known that nothing will change it.
func TestTextIsHeldBackNoLongerThanItMust(t *testing.T) {
	for _, tt := range []struct{ text, now string }{
		{"Certainly", "Certainly"},
		{"Certainly ", "Certainly"}, // a blank waits for what follows it
		{"Certainly, I", "Certainly, I"},
		{"Sure!", "Sure!"},
		{"It is 3.", "It is 3."},
		{"Hello h", "Hello"}, // may become an address
		{"Hello he", "Hello he"},
		{"Hello http", "Hello"},
		{"Hello https,", "Hello https,"},
		{"Hello J", "Hello"},
		{"Hello Ja", "Hello Ja"},
		{"Hello s", "Hello"},
		{"Hello so", "Hello"},
		{"Hello soo", "Hello soo"},
		{"At 5:", "At 5"},
		{"At 5:3", "At 5:3"},
		{"So [", "So"},
		{"So [J", "So"},
		{"So [Ja", "So Ja"},
		{"So [J2" + strings.Repeat("x", longestToken-3), "So"},
		{"So [J2" + strings.Repeat("x", longestToken-2), "So J2" + strings.Repeat("x", longestToken-2)},
		{"So *", "So"},
		{"So *b", "So b"},
		{"So 2*", "So 2"},
		{"So 2*3", "So 2*3"},
		{"So <", "So"},
		{"So <3", "So <3"},
		{"So <b", "So"},
		{"So <b>x", "So x"},
		{"So <b " + strings.Repeat("x", longestTag), "So b " + strings.Repeat("x", longestTag)},
		{"So <b x=" + strings.Repeat("x", longestTag), "So b x=" + strings.Repeat("x", longestTag)},
		{"So (", "So"},
		{"So (y", "So (y"},
		{"So `", "So"},
		{"So `y", "So y"},
		{"So\n", "So"},
		{"So\n-", "So"},
		{"So\n-5", "So -5"},
		{"So\n12", "So"},
		{"So\n123", "So"},
		{"So\n1234", "So 1234"},
		{"So\n12 p", "So 12 p"},
		{"So \xf0\x9f\x98", "So"},
	} {
		var s speech
		require.Equal(t, tt.now, s.write(tt.text), "%q", tt.text)
	}
}

// However long a token is that does not end, neither does what is held back grow, nor is the rest lost.
func TestATokenWithoutAnEndIsOverSometime(t *testing.T) {
	long := strings.Repeat("y ", 4096)
	for _, begin := range []string{"<<job J1 ", "[a](", "<!-- ", "[action J1", "[J1 ", "<a b=", "```", "**", "J1.", strings.Repeat("*_", 100), strings.Repeat("(", 100), strings.Repeat("`", 1000)} {
		var s speech
		said := s.write("Hello. " + begin + long)
		require.Less(t, len(s.tokens.held)+len(s.words.held)+len(s.lines.held)+len(s.emphasis.run), longestTag)
		said += s.flush()
		require.True(t, strings.HasSuffix(strings.TrimSpace(said), strings.TrimSpace(long[:2048])), "after %q", begin)
	}
}

func BenchmarkSpeech(b *testing.B) {
	plain := strings.Repeat("Certainly, I can help you with that. ", 28)[:1024]
	for _, text := range []struct{ name, text string }{
		{"plain", plain},
		{"marked", strings.Repeat("[J2.3] **Sure!** See https://x.y/z?q, it's 2*3 😊 ", 21)[:1024]},
	} {
		pieces := strings.SplitAfter(text.text, " ")
		b.Run(text.name, func(b *testing.B) {
			b.SetBytes(int64(len(text.text)))
			b.ReportAllocs()
			for b.Loop() {
				var s speech
				for _, p := range pieces {
					sinkText = s.write(p)
				}
				sinkText = s.flush()
			}
		})
	}
	b.Run("copy", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		b.ReportAllocs()
		pieces := strings.SplitAfter(plain, " ")
		for b.Loop() {
			for _, p := range pieces {
				sinkText = strings.Clone(p)
			}
		}
	})
}

var sinkText string
