package optimize

import (
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// split gives each sentence of a crowded step a step of its own, where all of them are orders without a condition and
// nothing refers to a step by its number.
func (p *page) split(found []lint.Finding) []fix {
	if p.refs || p.code {
		return nil
	}
	crowded := map[int]bool{}
	for _, f := range found {
		if f.Rule == "step-crowded" && f.Field == "instructions" {
			crowded[f.Span.Start] = true
			for _, a := range f.Also {
				crowded[a.Span.Start] = true
			}
		}
	}
	var all []fix
	for i := 0; i < len(p.lines) && len(crowded) > 0; i++ {
		l := p.lines[i]
		if l.mark != '1' {
			continue
		}
		list, next := p.numberedRun(i)
		if f, ok := p.splitList(list, crowded); ok {
			all = append(all, f)
		}
		i = next - 1
	}
	return all
}

// numberedRun returns the lines of a numbered list from line i on; deeper lines belong to the entry above them.
func (p *page) numberedRun(i int) (entries []int, next int) {
	l := p.lines[i]
	k := i
	for ; k < len(p.lines); k++ {
		m := p.lines[k]
		switch {
		case m.mark == 'c':
			return entries, k
		case p.blank(k), m.indent > l.indent:
		case m.mark == '1' && m.indent == l.indent:
			entries = append(entries, k)
		default:
			return entries, k
		}
	}
	return entries, k
}

func (p *page) splitList(entries []int, crowded map[int]bool) (fix, bool) {
	var b strings.Builder
	start := p.lines[entries[0]].start
	at, shift, last := start, 0, 0
	for n, i := range entries {
		l := p.lines[i]
		mark := p.s[l.start+l.indent : l.text]
		number, err := strconv.Atoi(strings.TrimRight(mark, ".) "))
		if err != nil || n > 0 && number != last+1 {
			return fix{}, false
		}
		last = number
		b.WriteString(p.s[at : l.start+l.indent])
		tail := strings.TrimLeft(mark, "0123456789")
		b.WriteString(digits(number+shift) + tail)
		at = l.text
		if !crowded[l.text] {
			continue
		}
		for _, cut := range p.cuts(i) {
			b.WriteString(strings.TrimRight(p.s[at:cut], " "))
			shift++
			b.WriteString("\n" + p.s[l.start:l.start+l.indent] + digits(number+shift) + tail)
			at = cut
		}
	}
	end := p.lines[entries[len(entries)-1]].end
	b.WriteString(p.s[at:end])
	sp := job.Span{Start: start, End: end}
	return replacing(p.s, sp, b.String(), "split-steps", "Each of these orders is a step of its own now: none is easily left out."), shift > 0
}

// cuts returns where the sentences begin that can be steps of their own, on the line of an entry.
func (p *page) cuts(i int) []int {
	l := p.lines[i]
	if strings.ContainsAny(p.textOf(i), "\"“”*`") {
		return nil
	}
	var cuts []int
	for _, sp := range p.out.Sentences {
		if sp.Start <= l.text || sp.Start >= l.end {
			continue
		}
		if sp.End > l.end {
			return nil
		}
		o := job.ParseOutline(sp.In(p.s))
		if len(o.OffScript) > 0 || len(o.Items) == 0 || o.Items[0].Span.Start != 0 {
			return nil // it belongs to what stands before it
		}
		switch o.Items[0].Kind {
		case job.ItemAsk, job.ItemSay, job.ItemDo, job.ItemEnd:
			cuts = append(cuts, sp.Start)
		case job.ItemBranch, job.ItemOffScript, job.ItemHeading:
			return nil
		}
	}
	return cuts
}
