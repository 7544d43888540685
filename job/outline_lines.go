package job

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one line of the instructions, without its line break and the blanks around it.
type line struct {
	at         int // where it begins, blanks included
	start, end int // start == end for a blank line
	indent     int // in columns; a tab leads to the next multiple of four
	kind       lineKind
	mark       marker // of a markLine or a numbered heading
	level      int    // of a heading: the number of its #
}

type lineKind uint8

const (
	blankLine   lineKind = iota
	textLine             // plain text: goes on with what stands above, or is prose
	markLine             // looks like an entry of a list; whether it is one depends on its neighbours
	headingLine          // # Heading
	ruleLine             // --- or ***
	skipLine             // table, tag or code: no instructions in it
)

// split cuts the text into lines and tells what each looks like by itself.
func (o *outliner) split() {
	o.lines = make([]line, 0, strings.Count(o.s, "\n")+1)
	fence, opened := "", 0 // the fence that ends the code block we are in, and where that began
	for at := 0; at <= len(o.s); {
		end := len(o.s)
		if n := strings.IndexByte(o.s[at:], '\n'); n >= 0 {
			end = at + n
		}
		ln := readLine(o.s, at, end)
		switch f := fenceOf(o.s[ln.start:ln.end]); {
		case fence == "" && f != "":
			fence, opened = f[:3], len(o.lines)
			ln.kind = skipLine
		case fence != "":
			ln.kind = skipLine
			if strings.HasPrefix(f, fence) {
				fence = ""
			}
		}
		o.lines = append(o.lines, ln)
		at = end + 1
	}
	if fence != "" { // the block never ends: somebody forgot the fence, and the text is text
		for i := opened + 1; i < len(o.lines); i++ {
			end := len(o.s)
			if i+1 < len(o.lines) {
				end = o.lines[i+1].at - 1
			}
			o.lines[i] = readLine(o.s, o.lines[i].at, end)
		}
	}
	o.lookAhead()
}

// lookAhead tells each entry of a list which number the next entry of the same style has, so that a
// list that goes on later is not taken to be over.
func (o *outliner) lookAhead() {
	var next [styles]int
	for i := len(o.lines) - 1; i >= 0; i-- {
		ln := &o.lines[i]
		if ln.kind == headingLine {
			next = [styles]int{}
		}
		if ln.kind != markLine {
			continue
		}
		ln.mark.next = next[ln.mark.style]
		next[ln.mark.style] = ln.mark.n
		if ln.mark.roman != noMark {
			ln.mark.nextRoman = next[ln.mark.roman]
			next[ln.mark.roman] = ln.mark.romanN
		}
	}
}

// readLine reads s[at:end], a line without its line break.
func readLine(s string, at, end int) line {
	ln := line{at: at, start: at}
indent:
	for ln.start < end {
		switch c := s[ln.start]; {
		case c == ' ':
			ln.indent++
		case c == '\t':
			ln.indent += 4 - ln.indent%4
		case c == '>' && ln.start+1 < end && s[ln.start+1] == ' ': // quoted by the author's mail program
			ln.indent++
		case c == '\r':
		case c >= 0x80 && blankAt(s[:end], ln.start) > 0:
			ln.indent++
			ln.start += blankAt(s[:end], ln.start) - 1
		default:
			break indent
		}
		ln.start++
	}
	ln.end = trim(s, ln.start, end).End
	if ln.end > ln.start && s[ln.end-1] == '\\' { // a hard line break of Markdown
		ln.end = trim(s, ln.start, ln.end-1).End
	}
	text := s[ln.start:ln.end]
	switch {
	case text == "":
		ln.kind = blankLine
	case rule(text):
		ln.kind = ruleLine
	case text[0] == '|' || tag(text):
		ln.kind = skipLine
	case text[0] == '#' && readHeading(s, &ln):
	default:
		ln.kind = textLine
		if ln.mark = readMark(s, ln.start, ln.end); ln.mark.style != noMark {
			ln.kind = markLine
		}
	}
	return ln
}

// readHeading reads "## Heading" and narrows the line to its text.
func readHeading(s string, ln *line) bool {
	at := ln.start
	for at < ln.end && s[at] == '#' {
		at++
	}
	if at == ln.end || at-ln.start > 6 || blankAt(s[:ln.end], at) == 0 {
		return false
	}
	ln.kind, ln.level = headingLine, at-ln.start
	end := ln.end
	for end > at && s[end-1] == '#' {
		end--
	}
	sp := bare(s, trim(s, at, end))
	ln.start, ln.end = sp.Start, sp.End
	ln.mark = readMark(s, ln.start, ln.end)
	return true
}

// fenceOf returns the run of backquotes or tildes that opens or closes a code block, if text does.
func fenceOf(text string) string {
	if len(text) < 3 || text[0] != '`' && text[0] != '~' {
		return ""
	}
	n := 1
	for n < len(text) && text[n] == text[0] {
		n++
	}
	if n < 3 || strings.IndexByte(text[n:], text[0]) >= 0 {
		return ""
	}
	return text[:n]
}

// rule reports whether text is a line drawn across the page.
func rule(text string) bool {
	if strings.IndexByte("-*_=~", text[0]) < 0 {
		return false
	}
	n := 0
	for i := range len(text) {
		switch text[i] {
		case text[0]:
			n++
		case ' ':
		default:
			return false
		}
	}
	return n >= 3
}

// tag reports whether text is nothing but one tag: <rules>, </rules>.
func tag(text string) bool {
	return len(text) > 2 && text[0] == '<' && strings.IndexByte(text, '>') == len(text)-1
}

// bare returns sp without emphasis, brackets and colon around it: the name of a section.
func bare(s string, sp Span) Span {
	const around = "*_[]: \t"
	for sp.Start < sp.End && strings.IndexByte("*_[", s[sp.Start]) >= 0 {
		sp.Start++
	}
	for sp.End > sp.Start && strings.IndexByte(around, s[sp.End-1]) >= 0 {
		sp.End--
	}
	return trim(s, sp.Start, sp.End)
}

// sectionLine returns the level of the heading that line i is without a number sign, 0 when it is
// none: a line all in bold, in square brackets or in capitals, or a line above a row of equals signs.
func sectionLine(s string, lines []line, i int) int {
	const level = 7 // below any # heading
	text := s[lines[i].start:lines[i].end]
	if len(text) > 80 {
		return 0
	}
	if i+1 < len(lines) && lines[i+1].kind == ruleLine && s[lines[i+1].start] == '=' {
		return 1
	}
	switch core := strings.TrimRight(text, ": "); {
	case len(core) > 4 && (strings.HasPrefix(core, "**") || strings.HasPrefix(core, "__")):
		mark, inner := core[:2], core[2:len(core)-2]
		if strings.HasSuffix(core, mark) && !strings.Contains(inner, mark) && !ends(strings.TrimRight(inner, ":")) {
			return level
		}
	case len(core) > 2 && core[0] == '[' && strings.IndexByte(core, ']') == len(core)-1:
		return level
	case capitals(core):
		return level
	}
	return 0
}

// capitals reports whether text is up to six words in capital letters and not a sentence.
func capitals(text string) bool {
	letters, words := 0, 1
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'A' && c <= 'Z':
			letters++
		case c == ' ':
			words++
		case c == '-' || c == '/' || c == '&':
		default:
			return false
		}
	}
	return letters >= 4 && words <= 6
}

// ends reports whether text ends a sentence, or announces with a colon or semicolon what follows.
func ends(text string) bool {
	for i := len(text); i > 0; {
		switch c := text[i-1]; {
		case strings.IndexByte(".!?:;", c) >= 0:
			return true
		case strings.IndexByte("\"')]*_`", c) >= 0:
			i--
		case strings.HasSuffix(text[:i], "”"), strings.HasSuffix(text[:i], "’"):
			i -= 3
		case strings.HasSuffix(text[:i], "»"):
			i -= 2
		default:
			return strings.HasSuffix(text[:i], "…") || strings.HasSuffix(text[:i], "。")
		}
	}
	return false
}

// lower reports whether text begins with a small letter, so that it rather goes on than begins.
func lower(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}
