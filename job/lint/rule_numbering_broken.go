package lint

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleNumberingBroken = &rule{
	RuleInfo: RuleInfo{
		ID: "numbering-broken", Practice: Order, Severity: Warning, Language: "any",
		Title:   "Numbering broken",
		Catches: "A numbered list that leaves out a number, has one twice, or goes backwards.",
		Why:     "Sona may look for the step that is missing, and a reference to a number can mean two steps.",
		Source:  "Seed 45, Seed 50",
		How: "The numbers of each list are compared with 1, 2, 3 and so on; a list may begin anywhere and go on below another heading. " +
			"Letters are not looked at. The list is numbered anew where nothing refers to a step by its number.",
		Bad: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n4. Say goodbye."),
			says("1. Ask for the name.\n1. Ask for the number.\n2. Ask for the message."),
			says("1. Ask for the name.\n3. Ask for the message.\n2. Ask for the number.\n4. Go to step 2 if the number is wrong."),
			says("1. Ask for the name\nAsk for the message\n3. Say goodbye"),
			says("1. Ask for the name.\n   1. Say it back.\n   3. Spell it.\n2. Ask for the message."),
		},
		Good: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n\n## At the end\n\n3. Say goodbye."),
			says("## New callers\n\n1. Ask for the name.\n2. Say it back.\n\n## Others\n\n1. Ask for the order number.\n2. Say it back."),
			says("1. Ask for the name.\n   - Say it back.\n2. Ask for the year, such as 1984.\n3. Say goodbye."),
			says("0. Greet the caller.\n1. Ask for the name.\n2. Say goodbye."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		open := make([]numbers, 0, 4)
		finish := func(depth int) {
			for len(open) > 0 && open[len(open)-1].depth >= depth {
				t.checkNumbers(open[len(open)-1], found)
				open = open[:len(open)-1]
			}
		}
		for i, it := range t.out.Items {
			if it.Kind == job.ItemHeading {
				finish(0)
				continue
			}
			finish(it.Depth + 1)
			n, ok := lastNumber(it.Number)
			if !ok || !it.Ordered || it.Span.Start == it.Span.End {
				continue
			}
			if top := len(open) - 1; top >= 0 && open[top].depth == it.Depth {
				l := &open[top]
				if t.sameList(*l, i, n) {
					l.until, l.broken, l.last = i, l.broken || n != l.last+1, n
					continue
				}
				finish(it.Depth)
			}
			open = append(open, numbers{depth: it.Depth, last: n, from: i, until: i})
		}
		finish(0)
	},
}

// numbers is one numbered list.
type numbers struct {
	depth, last int
	from, until int // its first and last entry among the items of the outline
	broken      bool
}

// entries returns the entries of l among the items of the outline.
func (t *text) entries(l numbers) []int {
	var entries []int
	for i := l.from; i <= l.until; i++ {
		it := t.out.Items[i]
		if _, ok := lastNumber(it.Number); ok && it.Ordered && it.Depth == l.depth && it.Span.Start < it.Span.End {
			entries = append(entries, i)
		}
	}
	return entries
}

// lastNumber returns the last part of a dotted number.
func lastNumber(s string) (int, bool) {
	s = lastPart(s)
	n := 0
	for i := range len(s) {
		if !digitByte(s[i]) || i > 2 {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, s != ""
}

// sameList reports whether item i, with number n, belongs to the list l, and does not begin another.
func (t *text) sameList(l numbers, i, n int) bool {
	if n > 1 {
		return n <= l.last+3 // "2024." at the beginning of a line is no number of this list
	}
	between := t.s[t.out.Items[i-1].Span.End:t.out.Items[i].Span.Start]
	return n == l.last && l.until == i-1 && l.last == 1 && strings.Count(between, "\n") == 1 && len(between) < 12
}

func (t *text) checkNumbers(l numbers, found report) {
	if !l.broken {
		if at, n := t.leapBehind(l); n > 0 {
			found(Finding{
				Span:     at,
				Message:  fmt.Sprintf("Number %d follows number %d, and a line without a number stands between them.", n, l.last),
				Question: "Which number should each of these steps have?",
			})
		}
		return
	}
	var b strings.Builder
	at := job.Span{}
	prev := 0
	entries := t.entries(l)
	for k, i := range entries {
		n, _ := lastNumber(t.out.Items[i].Number)
		if k > 0 && n != prev+1 && at.End == 0 {
			at = t.out.Items[i].Span
		}
		prev = n
		if k < 8 {
			if k > 0 {
				b.WriteString(", ")
			}
			b.WriteString(strconv.Itoa(n))
		} else if k == 8 {
			b.WriteString(" …")
		}
	}
	f := Finding{Span: at, Message: fmt.Sprintf("The numbers of this list go %s.", b.String())}
	if fix, ok := t.renumber(l, entries); ok {
		f.Fix = &fix
	} else {
		f.Question = "Which number should each of these steps have?"
	}
	found(f)
}

// leapBehind returns the line behind the list l that goes on with its next but one number, below lines without
// any: whoever deletes a number makes the rest of a list part of the line above.
func (t *text) leapBehind(l numbers) (job.Span, int) {
	if l.depth > 0 || l.last < 1 {
		return job.Span{}, 0
	}
	at := t.out.Items[t.below(l.until)-1].Span.End
	if at == t.out.Items[l.until].Span.End {
		at = t.out.Items[l.until].Span.Start
	}
	for range 12 {
		i := strings.IndexByte(t.s[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		end := at
		if i := strings.IndexByte(t.s[at:], '\n'); i >= 0 {
			end += i
		} else {
			end = len(t.s)
		}
		line := t.s[at:end]
		n, digits := 0, 0
		for digits < len(line) && digits < 3 && digitByte(line[digits]) {
			n = 10*n + int(line[digits]-'0')
			digits++
		}
		switch numbered := digits > 0 && digits+1 < len(line) && (line[digits] == '.' || line[digits] == ')') && line[digits+1] == ' '; {
		case strings.HasPrefix(line, "#"), numbered && n != l.last+2:
			return job.Span{}, 0
		case numbered:
			return job.Span{Start: at, End: end}, n
		}
	}
	return job.Span{}, 0
}

// renumber makes the fix that numbers the list anew from its first number on. It is safe where nothing
// refers to a step by its number, and where nothing below the list carries its numbers.
func (t *text) renumber(l numbers, entries []int) (Fix, bool) {
	if stepRefs.any(t) {
		return Fix{}, false
	}
	first, last := l.from, l.until
	start, ok := t.labelOf(first)
	if !ok {
		return Fix{}, false
	}
	for i := first; i < t.below(last); i++ {
		if it := t.out.Items[i]; it.Ordered && it.Depth > l.depth {
			if sp, ok := t.labelOf(i); !ok || sp.Start > 0 && t.s[sp.Start-1] == '.' {
				return Fix{}, false
			}
		}
	}
	n, _ := lastNumber(t.out.Items[first].Number)
	var b strings.Builder
	done, end := start.Start, start.Start
	for k, i := range entries {
		sp, ok := t.labelOf(i)
		if !ok || sp.Start < done {
			return Fix{}, false
		}
		b.WriteString(t.s[done:sp.Start])
		b.WriteString(strconv.Itoa(n + k))
		done, end = sp.End, sp.End
	}
	return Fix{Span: job.Span{Start: start.Start, End: end}, Text: b.String()}, true
}

// labelOf returns the digits that number item i on its line.
func (t *text) labelOf(i int) (job.Span, bool) {
	at := t.out.Items[i].Span.Start
	before, all := t.lineBefore(at, 60)
	line, end := at-len(before), at
	for end > line && !digitByte(t.s[end-1]) {
		end--
	}
	start := end
	for start > line && digitByte(t.s[start-1]) {
		start--
	}
	sp := job.Span{Start: start, End: end}
	label := lastPart(t.out.Items[i].Number)
	return sp, all && label != "" && sp.In(t.s) == label && at-end <= 8 && strings.Trim(t.s[line:start], " \t*_#(Step") == ""
}

func digitByte(c byte) bool { return '0' <= c && c <= '9' }

// lastPart returns a dotted number's last part.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }
