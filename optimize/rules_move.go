package optimize

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// leadHeads are headings of what a reader should know first.
var leadHeads = map[string]bool{"goal": true, "the goal": true, "your goal": true, "goals": true, "objective": true, "objectives": true, "purpose": true, "aim": true,
	"objetivo": true, "objectif": true, "when this job applies": true, "when to use this job": true, "when to use": true, "caller intent": true, "intent": true}

// leadUp moves a section about the goal or the intent before the steps.
func (p *page) leadUp() []fix {
	steps := 0
	for i := range p.lines {
		if l := p.lines[i]; l.indent == 0 && (l.mark == '1' || l.mark == '-' && p.orderOn(i) != "") {
			steps++
		}
		if steps < 2 || p.lines[i].mark != '#' || p.fence {
			continue
		}
		if !leadHeads[strings.ToLower(strings.Trim(p.textOf(i), "*_: "))] {
			continue
		}
		end, body := i+1, 0
		for end < len(p.lines) && !p.heading(end) {
			if !p.blank(end) {
				body++
			}
			end++
		}
		if body == 0 || body > 6 {
			continue
		}
		from, to := p.lines[i].start, p.lines[end-1].end
		part := strings.TrimSpace(p.s[from:to])
		at := 0
		if p.lines[0].mark == '#' && len(p.lines) > 2 && p.blank(1) && p.lines[2].mark == '#' {
			at = p.lines[2].start // below the title
		}
		text := p.s[:at] + part + "\n\n" + strings.TrimRight(p.s[at:from], "\n ")
		sp := job.Span{End: to}
		return []fix{{[]piece{{sp, text}}, Change{"lead-up", "What the job is for stands before its steps.", part, part}}}
	}
	return nil
}

// offScriptHead is the label of what to do with callers who leave the script.
const offScriptHead = "If the caller leaves the script:"

// gather brings together lines that say what to do with callers who leave the script, where they stand in several places,
// speak of the caller by name and are paragraphs of their own.
func (p *page) gather() []fix {
	if p.fence || strings.Contains(p.s, offScriptHead) {
		return nil
	}
	var rows []int
	places := 0
	off := p.out.OffScript
	for i, last := range p.lines {
		for len(off) > 0 && off[0].End <= last.start {
			off = off[1:]
		}
		if len(off) == 0 || off[0].Start != last.text || off[0].End < last.end || last.indent > 0 || last.mark != 0 || i == 0 || p.heading(i) {
			continue
		}
		words := strings.ToLower(p.textOf(i))
		if !strings.HasPrefix(words, "if the caller ") && !strings.HasPrefix(words, "when the caller ") && !strings.HasPrefix(words, "if a caller ") {
			continue
		}
		alone := p.blank(i-1) && (i+1 == len(p.lines) || p.blank(i+1))
		if !alone || strings.Contains(words, "otherwise") {
			continue
		}
		if len(rows) == 0 || rows[len(rows)-1] != i-2 {
			places++
		}
		rows = append(rows, i)
	}
	if places < 2 {
		return nil
	}
	for i := rows[0]; i < len(p.lines); i++ {
		if p.heading(i) {
			return nil // a line belongs to its section
		}
	}
	var rest, moved strings.Builder
	at := p.lines[rows[0]].start
	start := at
	for _, i := range rows {
		l := p.lines[i]
		rest.WriteString(strings.TrimRight(p.s[at:l.start], "\n"))
		at = l.end
		moved.WriteString("\n- " + p.s[l.start:l.end])
	}
	rest.WriteString(p.s[at:])
	text := strings.TrimSpace(rest.String()) + "\n\n" + offScriptHead + "\n" + moved.String()
	sp := job.Span{Start: start, End: len(p.s)}
	return []fix{replacing(p.s, sp, text, "gather-off-script", "What to do with callers who leave the script stands in one place.")}
}

// demote writes headings one level lower where some are of the first level, which is that of the job's name.
func (p *page) demote() []fix {
	var at []int
	first := false
	for _, l := range p.lines {
		if l.mark != '#' || l.indent > 0 {
			continue
		}
		level := l.text - l.start - 1
		if level > 5 {
			return nil
		}
		first = first || level == 1
		at = append(at, l.start)
	}
	if !first || p.code {
		return nil
	}
	pieces := make([]piece, len(at))
	before, after := make([]string, len(at)), make([]string, len(at))
	for n, start := range at {
		line, _, _ := strings.Cut(p.s[start:], "\n")
		pieces[n] = piece{job.Span{Start: start, End: start}, "#"}
		before[n], after[n] = line, "#"+line
	}
	return []fix{{pieces, Change{"demote-headings", "The first level of headings is that of the job's name.", strings.Join(before, "\n"), strings.Join(after, "\n")}}}
}
