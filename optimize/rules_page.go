package optimize

import (
	"sort"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// page is a text as lines, for the rules.
type page struct {
	s     string
	out   job.Outline
	lines []line
	refs  bool // a step is spoken of by its number
	lists bool // there are numbered items
	code  bool // there is code without an end: nothing is touched
	fence bool // there is code: nothing is moved
}

// line is one line of a page.
type line struct {
	start, end int  // bytes, without the line break
	indent     int  // bytes of blanks
	mark       byte // '-' for a bullet, '1' for a number, '#' for a heading, 0 for none, 'c' for code
	text       int  // where its text begins, behind the mark
}

func newPage(s string) *page {
	p := &page{s: s, out: job.ParseOutline(s), fence: strings.Contains(s, "```")}
	for at := 0; at <= len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i
		}
		l := lineOf(s, at, end)
		if p.fence {
			edge := strings.HasPrefix(s[at+l.indent:end], "```")
			if p.code || edge {
				l.mark = 'c'
			}
			p.code = p.code != edge
		}
		p.lines = append(p.lines, l)
		at = end + 1
	}
	for _, it := range p.out.Items {
		p.lists = p.lists || it.Ordered
	}
	low := strings.ToLower(s)
	for i := 0; !p.refs; {
		k := strings.Index(low[i:], "step")
		if k < 0 {
			break
		}
		i += k + 4
		rest := strings.TrimLeft(strings.TrimPrefix(low[i:min(len(low), i+12)], "s"), " #\u00a0(*")
		p.refs = rest != "" && '0' <= rest[0] && rest[0] <= '9'
	}
	return p
}

func lineOf(s string, start, end int) line {
	l := line{start: start, end: end}
	for l.indent < end-start && (s[start+l.indent] == ' ' || s[start+l.indent] == '\t') {
		l.indent++
	}
	l.text = start + l.indent
	rest := s[l.text:end]
	for _, m := range [...]string{"- ", "* ", "• ", "– "} {
		if after, ok := strings.CutPrefix(rest, m); ok {
			l.mark = '-'
			l.text = end - len(strings.TrimLeft(after, " "))
			return l
		}
	}
	if n := strings.IndexFunc(rest, func(r rune) bool { return r != '#' }); n > 0 && n < 7 && rest[n] == ' ' {
		l.mark, l.text = '#', l.text+n+1
		return l
	}
	n := 0
	for n < len(rest) && n < 4 && '0' <= rest[n] && rest[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(rest) && (rest[n] == '.' || rest[n] == ')') && rest[n+1] == ' ' {
		l.mark, l.text = '1', l.text+n+2
	}
	return l
}

func (p *page) blank(i int) bool { l := p.lines[i]; return l.start+l.indent == l.end }

func (p *page) textOf(i int) string { return p.s[p.lines[i].text:p.lines[i].end] }

// heading reports whether line i is a heading, by its mark, or a label that ends in a colon.
func (p *page) heading(i int) bool {
	l := p.lines[i]
	if l.mark == '#' {
		return true
	}
	it, ok := p.itemAt(i)
	if !ok || it.Kind != job.ItemHeading || l.indent > 0 {
		return false
	}
	kind := p.orderOn(i) // a line without a full stop above others is a heading to the outline
	return kind == "" || kind == job.ItemHeading
}

// itemAt returns the item of the outline that begins on line i.
func (p *page) itemAt(i int) (job.Item, bool) {
	l := p.lines[i]
	k := sort.Search(len(p.out.Items), func(k int) bool { return p.out.Items[k].Span.Start >= l.start })
	if k < len(p.out.Items) && p.out.Items[k].Span.Start <= l.end && p.out.Items[k].Span.Start < max(l.end, l.start+1) {
		return p.out.Items[k], true
	}
	return job.Item{}, false
}

// firstWord returns the first word of a line in small letters, without marks of emphasis.
func (p *page) firstWord(i int) string {
	w, _, _ := strings.Cut(strings.TrimLeft(p.textOf(i), "*_ \"“"), " ")
	return strings.ToLower(strings.TrimRight(w, "*_,:.!"))
}

// above returns the words of the heading or the lead that stands over line i, in small letters.
func (p *page) above(i int) string {
	lead := ""
	for k := i - 1; k >= 0 && k > i-40; k-- {
		if p.blank(k) {
			continue
		}
		if p.heading(k) {
			return strings.ToLower(p.textOf(k)) + "\n" + lead
		}
		if lead == "" && strings.HasSuffix(strings.TrimRight(p.textOf(k), "* "), ":") && p.lines[k].indent <= p.lines[i].indent {
			lead = strings.ToLower(p.textOf(k))
		}
	}
	return lead
}

func digits(n int) string { return strconv.Itoa(n) }
