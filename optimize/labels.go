package optimize

import (
	"strings"
	"unicode/utf8"
)

// labels are headings that say nothing by themselves: a text may gain or lose them. Never written.
var labels = func() map[string]bool {
	m := map[string]bool{}
	for l := range strings.SplitSeq(`goal|the goal|goals|objective|purpose|aim|your goal|steps|the steps|step by step|in this order|order|rules|facts|good to know|background|notes|
		instructions|off script|going off script|if the caller leaves the script|when the caller leaves the script|if something goes wrong|exceptions|otherwise|
		when this job applies|caller intent|end of the call|ending the call|before the call ends|objetivo|pasos|reglas|fuera del guion|objectif|étapes|règles|hors script`, "|") {
		m[strings.TrimSpace(l)] = true
	}
	return m
}()

// mostLabel is how many words a label has at most.
const mostLabel = 6

// label returns how many tokens at the beginning of a unit are such a label: what stands before a colon, or a heading.
func (r *reading) label(u unit) int {
	t := r.tokens[u.from:u.to]
	for n := range min(mostLabel, len(t)) {
		if t[n].kind != "" {
			return 0
		}
		if !labels[join(t[:n+1])] {
			continue
		}
		rest := strings.TrimLeft(r.s[t[n].span.End:u.span.End], "* ")
		if c, _ := utf8.DecodeRuneInString(rest); c == ':' || n+1 == len(t) && u.heading {
			return n + 1
		}
	}
	return 0
}
