package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// rulePlaceholder: a blank of a template that nobody filled.
var rulePlaceholder = &rule{RuleInfo: RuleInfo{
	ID: "unresolved-placeholder", Practice: Reach, Severity: Warning, Title: "Placeholder left",
	Catches:  "A blank that was never filled: [Your Company], {name}, <phone number>, ____, XXX, TODO, lorem ipsum.",
	Why:      "Sona reads the placeholder out, or makes something up in its place.",
	Source:   "Context.Variables; the templates' own blanks",
	How:      "Brackets whose words are those of blanks (your, company, name …), names in single braces, lines to write on, marks of unfinished work. Buttons in brackets and tags that are closed are passed over.",
	Language: "any",
	Bad: []Example{
		says("Welcome callers to [Your Company]."),
		says("Say: “Hello, this is {agent_name}.”"),
		says("We are open from ____ to ____."),
		says("TODO: what about refunds?"),
		says("Give them the number XXX-XXX-XXXX."),
		says("Tell them that <company name> calls back."),
	},
	Good: []Example{
		says("Greet {{caller_name}}."),
		says("Ask for the [Order] and press [Record Reason]."),
		says("<steps>\nAsk for the day.\n</steps>"),
		says("Ask whether the answer is [yes/no]."),
		says("The size is XXL."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "unresolved-placeholder"}
	t.placeholders(func(sp job.Span) { found.add(sp) })
	found.report(r, Finding{Message: "%s looks like a blank that was never filled.", Question: "What belongs there? What differs from call to call is written as a variable in double braces."})
}}

// placeholders yields what looks like a blank, from left to right.
func (t *text) placeholders(yield func(job.Span)) {
	var (
		hidden []job.Span
		closed map[string]bool // the tags in angle brackets that are closed somewhere
		read   bool
	)
	for i := 0; i < len(t.s); {
		if !t.mayBlank(i) {
			i++
			continue
		}
		if !read {
			hidden, read = t.hidden(), true
		}
		for len(hidden) > 0 && hidden[0].End <= i {
			hidden = hidden[1:]
		}
		if len(hidden) > 0 && hidden[0].Start <= i {
			i = hidden[0].End
			continue
		}
		if n := t.blankAt(i); n > 0 {
			if t.s[i] == '<' {
				name := t.s[i+1 : i+n-1]
				pair, known := closed[name]
				if !known {
					if closed == nil {
						closed = map[string]bool{}
					}
					pair = len(closed) >= 50 || strings.Contains(t.s, "</"+name+">") || strings.Contains(t.s, "<"+name+"/>")
					closed[name] = pair
				}
				if pair { // a tag, not a blank
					i += n
					continue
				}
			}
			yield(job.Span{Start: i, End: i + n})
			i += n
			continue
		}
		i++
	}
}

// mayBlank reports whether a blank may begin at byte i.
func (t *text) mayBlank(i int) bool {
	c := t.s[i]
	if blankBytes[c] == 0 || i+1 >= len(t.s) {
		return false
	}
	switch next := t.s[i+1]; blankBytes[c] {
	case 1:
		return true
	case 2: // a letter or line: the next sign tells more
		return next == c
	case 3:
		return next == 'O' || next == 'B' || next == 'I'
	default:
		return next|0x20 == 'o' && i+2 < len(t.s) && t.s[i+2]|0x20 == 'r'
	}
}

var blankBytes = func() (t [256]uint8) {
	t['['], t['<'], t['{'] = 1, 1, 1
	t['_'], t['X'], t['x'] = 2, 2, 2
	t['T'], t['F'] = 3, 3
	t['l'], t['L'] = 4, 4
	return t
}()

// blankAt returns the length of the blank that begins at byte i, 0 for none.
func (t *text) blankAt(i int) int {
	rest := t.s[i:min(len(t.s), i+80)]
	switch t.s[i] {
	case '[':
		in, n := enclosed(rest, '[', ']')
		if n > 0 && (n+i >= len(t.s) || t.s[i+n] != '(') && (blankWords(in) || shouted(in)) {
			return n
		}
	case '<':
		in, n := enclosed(rest, '<', '>')
		if n > 0 && tagLike(in) && blankWords(in) {
			return n
		}
	case '{':
		in, n := enclosed(rest, '{', '}')
		if n > 0 && (i == 0 || t.s[i-1] != '{' && t.s[i-1] != '%') && (i+n >= len(t.s) || t.s[i+n] != '}') && variableLike(in) {
			return n
		}
	default:
		if i == 0 || wordLen(t.s[i-1:i]) == 0 {
			return t.markAt(i, rest)
		}
	}
	return 0
}

// markAt returns the length of the line to write on, the row of crosses or the mark of unfinished work
// that rest, at byte i, begins with.
func (t *text) markAt(i int, rest string) int {
	alone := func(n int) bool { return n == len(rest) || wordLen(rest[n:]) == 0 }
	n := 0
	switch rest[0] {
	case '_':
		for n < len(rest) && rest[n] == '_' {
			n++
		}
		if n >= 3 && alone(n) {
			return n
		}
	case 'X', 'x':
		for n < len(rest) && (rest[n]|0x20 == 'x' || rest[n] == '-' && n > 2) {
			n++
		}
		price := n == 2 && rest[0] == 'X' && i > 0 && t.s[i-1] == '$'
		if (n >= 3 || price) && alone(n) && !t.givesForm(i) {
			return len(strings.TrimRight(rest[:n], "-"))
		}
	default:
		for _, mark := range [...]string{"TODO", "TBD", "TBC", "FIXME"} {
			if strings.HasPrefix(rest, mark) && alone(len(mark)) {
				return len(mark)
			}
		}
		if len(rest) >= len(filler) && strings.EqualFold(rest[:len(filler)], filler) {
			return len(filler)
		}
	}
	return 0
}

// givesForm reports whether the sentence at byte i tells the form of a number, rather than leaving it out.
func (t *text) givesForm(i int) bool {
	k := t.sentAt(i)
	return k < len(t.sents) && t.anyOf(formatWords, k)
}

// enclosed returns what stands between open, at s[0], and shut on the same line, and the length with both.
func enclosed(s string, open, shut byte) (string, int) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case shut:
			return s[1:i], i + 1
		case open, '\n':
			return "", 0
		}
	}
	return "", 0
}

// shouted reports whether a bracket is all capitals: [PRICE], [PHONE NUMBER].
func shouted(in string) bool {
	letters := 0
	for i := range len(in) {
		switch c := in[i]; {
		case c >= 'A' && c <= 'Z':
			letters++
		case c != ' ' && c != '_' && c != '-':
			return false
		}
	}
	return letters >= 3 && !noBlanks[strings.ToLower(in)]
}

// blankWords reports whether the words of a bracket are those of a blank: it begins with "your" or
// "insert", or each of its words names something that templates leave open.
func blankWords(in string) bool {
	first, other, own := true, false, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(in), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\'' || r == '’' || r == ':' }) {
		if first && blankOpenings[w] {
			return true
		}
		first = false
		if blankNames[w] {
			own++
		} else if w != "the" && w != "of" && w != "s" && w != "a" {
			other = true
		}
	}
	return own > 0 && !other
}

// noBlanks are what else stands in brackets and capitals.
var noBlanks = setOf("beta new note optional required important warning info end start stop yes no silence pause inst sys")

var (
	formatWords   = setOf("format formats form like pattern formatted")
	blankOpenings = setOf("your insert placeholder tu su votre")
	blankNames    = setOf(`company business name agent customer caller user client patient phone number email address city product service link url website hours team department store shop
		practice clinic office assistant bot brand first last full empresa nombre entreprise nom`)
)

// tagLike reports whether in could be a blank in angle brackets: letters, blanks, underscores, hyphens.
func tagLike(in string) bool {
	for i := range len(in) {
		if c := in[i] | 0x20; !(c >= 'a' && c <= 'z') && in[i] != ' ' && in[i] != '_' && in[i] != '-' {
			return false
		}
	}
	return in != ""
}

// variableLike reports whether in is a name as programs have them: letters, digits, underscores, dots.
func variableLike(in string) bool {
	for i := range len(in) {
		c := in[i]
		if low := c | 0x20; !(low >= 'a' && low <= 'z') && c != '_' && c != '.' && c != ' ' && !(i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return in != "" && strings.TrimSpace(in) != "" && strings.Count(in, " ") <= 2
}

// filler is what layouts are filled with before there is a text.
const filler = "lorem ipsum"
