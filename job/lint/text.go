package lint

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// text is one job's text as all rules see it: read once, words looked up once.
type text struct {
	spec  job.Spec // cleaned
	s     string   // its instructions
	lower string   // s in small letters, byte for byte at the same place; ’ stays as it is
	ctx   *Context
	out   job.Outline
	words []word
	sents []sentence
	hits  []hit // of all phrase lists, rising

	byList  []hit   // hits, those of one list together
	listEnd []int32 // where the hits of each list end in byList

	tongue tongue
	found  []string // the titles of the rules about structure that found something, once for each finding
}

// word is a run of letters, digits, apostrophes and hyphens between letters; an inline action, a
// variable, a URL is none.
type word struct {
	span job.Span
	id   wordID // 0 for a word that no list knows
}

// sentence is a sentence of the outline with its words.
type sentence struct {
	span     job.Span
	from, to int // words[from:to]
	item     int // index of the item of the outline it belongs to, -1 for none
	heading  bool
	example  bool // it stands in an example or is a line of a dialogue: no instruction

	hitFrom, hitTo int // hits[hitFrom:hitTo]
}

// read prepares a cleaned text.
func read(s job.Spec, c *Context) *text { return readOutlined(s, c, job.ParseOutline(s.Instructions)) }

// readOutlined is read for a text whose outline is known.
func readOutlined(s job.Spec, c *Context, o job.Outline) *text {
	t := &text{spec: s, s: s.Instructions, ctx: c, out: o}
	t.lower = lowered(t.s)
	t.readWords()
	t.readSentences()
	lexicon.find(t)
	return t
}

// lowered returns s in small letters, with every character at its place; one whose small letter has
// another length stays.
func lowered(s string) string {
	b := []byte(s)
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				b[i] = c + 'a' - 'A'
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if l := unicode.ToLower(r); l != r && r != utf8.RuneError && utf8.RuneLen(l) == n {
			utf8.EncodeRune(b[i:], l)
		}
		i += n
	}
	return string(b)
}

func (t *text) readWords() {
	t.words = make([]word, 0, len(t.s)/5+1)
	var heard [tongues]int
	hidden := t.hidden()
	for i := 0; i < len(t.s); {
		if len(hidden) > 0 && i >= hidden[0].Start {
			i, hidden = max(i, hidden[0].End), hidden[1:]
			continue
		}
		end := len(t.s)
		if len(hidden) > 0 {
			end = hidden[0].Start
		}
		n := wordLen(t.s[i:end])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(t.s[i:])
			i += n
			continue
		}
		id := lexicon.id(t.lower[i : i+n])
		t.words = append(t.words, word{span: job.Span{Start: i, End: i + n}, id: id})
		heard[lexicon.tongues[id]]++
		i += n
	}
	t.tongue = loudest(heard)
}

// hidden returns what holds no words: actions, variables, addresses; rising, not overlapping.
func (t *text) hidden() []job.Span {
	var spans []job.Span
	for _, u := range t.out.Actions {
		spans = append(spans, u.Span)
	}
	for _, v := range t.out.Variables {
		spans = append(spans, v.Span)
	}
	for _, f := range t.out.Facts {
		if f.Kind == job.FactURL || f.Kind == job.FactEmail {
			spans = append(spans, f.Span)
		}
	}
	if len(spans) > 1 {
		sort.Slice(spans, func(i, k int) bool { return spans[i].Start < spans[k].Start })
	}
	return spans
}

// wordLen returns how many bytes the word at the beginning of s has, 0 when none begins there.
func wordLen(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		switch {
		case c < utf8.RuneSelf:
			if ('a' <= c|0x20 && c|0x20 <= 'z') || ('0' <= c && c <= '9') {
				i++
				continue
			}
			if (c == '\'' || c == '-') && i > 0 && i+1 < len(s) && letterAt(s[i+1:]) {
				i++
				continue
			}
			return i
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == '’' && i > 0 && letterAt(s[i+n:]) || unicode.IsLetter(r) || unicode.IsMark(r) && i > 0 || unicode.IsDigit(r) {
				i += n
				continue
			}
			return i
		}
	}
	return i
}

func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

func (t *text) readSentences() {
	t.sents = make([]sentence, 0, len(t.out.Sentences))
	w, it := 0, 0
	example := -1 // the depth of the open heading above examples
	for _, sp := range t.out.Sentences {
		for w < len(t.words) && t.words[w].span.Start < sp.Start {
			w++
		}
		s := sentence{span: sp, from: w, item: -1}
		for w < len(t.words) && t.words[w].span.Start < sp.End {
			w++
		}
		s.to = w
		for it < len(t.out.Items) && t.out.Items[it].Span.End <= sp.Start {
			it++
		}
		if it < len(t.out.Items) && t.out.Items[it].Span.Start < sp.End {
			s.item, s.heading = it, t.out.Items[it].Kind == job.ItemHeading
		}
		if s.heading {
			depth := t.out.Items[it].Depth
			if depth <= example {
				example = -1
			}
			if example < 0 && t.namesExample(s) {
				example = depth
			}
		}
		s.example = example >= 0 || t.dialogue(s)
		t.sents = append(t.sents, s)
	}
}

// namesExample reports whether one of the first words of s announces an example.
func (t *text) namesExample(s sentence) bool {
	for i := s.from; i < s.to && i < s.from+8; i++ {
		if lexicon.marks[t.words[i].id]&markExample != 0 {
			return true
		}
	}
	return false
}

// dialogue reports whether s is a line of an example: "Agent: …", "Example: …", "e.g. …".
func (t *text) dialogue(s sentence) bool {
	if s.heading {
		return false
	}
	for i := s.from; i < s.to && i < s.from+3; i++ {
		m, end := lexicon.marks[t.words[i].id], t.words[i].span.End
		for end < len(t.s) && (t.s[end] == '*' || t.s[end] == '_') {
			end++
		}
		colon := end < len(t.s) && t.s[end] == ':'
		switch {
		case colon && m&(markSpeaker|markExample) != 0:
			return true
		case m&(markSpeaker|markExample) == 0:
			return false
		}
	}
	return false
}

// instructs reports whether sentence i tells Sona something: it is no heading and no part of an example.
func (t *text) instructs(i int) bool { return !t.sents[i].heading && !t.sents[i].example }

// kind returns the kind of the item that s belongs to, empty for none.
func (t *text) kind(s sentence) job.ItemKind {
	if s.item < 0 {
		return ""
	}
	return t.out.Items[s.item].Kind
}

// ordered reports whether s belongs to a numbered entry.
func (t *text) ordered(s sentence) bool { return s.item >= 0 && t.out.Items[s.item].Ordered }

// sentenceAround returns the sentence that sp begins in, or one of sp itself where none is there.
func (t *text) sentenceAround(sp job.Span) sentence {
	i := sort.Search(len(t.sents), func(i int) bool { return t.sents[i].span.End > sp.Start })
	if i < len(t.sents) && t.sents[i].span.Start <= sp.Start {
		return t.sents[i]
	}
	return sentence{span: sp, item: -1}
}

// quoted reports whether sp lies in a quotation: words that Sona says as they stand, or an example.
func (t *text) quoted(sp job.Span) bool {
	i := sort.Search(len(t.out.Facts), func(i int) bool { return t.out.Facts[i].Span.End > sp.Start })
	return i < len(t.out.Facts) && t.out.Facts[i].Kind == job.FactQuote && t.out.Facts[i].Span.Start <= sp.Start
}

// word returns word i in small letters, empty beyond the text.
func (t *text) word(i int) string {
	if i < 0 || i >= len(t.words) {
		return ""
	}
	return t.words[i].span.In(t.lower)
}

// span returns what words[from:to] cover.
func (t *text) span(from, to int) job.Span {
	return job.Span{Start: t.words[from].span.Start, End: t.words[to-1].span.End}
}
