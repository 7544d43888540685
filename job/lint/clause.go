package lint

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// wordSet is a set of words in small letters with straight apostrophes.
type wordSet map[string]bool

func setOf(words string) wordSet {
	s := wordSet{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}

// each puts each of the heads before each of the tails: phrases of two parts.
func each(heads, tails string) string {
	var all []string
	for h := range strings.SplitSeq(heads, "|") {
		for t := range strings.SplitSeq(tails, "|") {
			all = append(all, h+" "+t)
		}
	}
	return strings.Join(all, "|")
}

// Words that rules about wording look for around a phrase.
var (
	ifWords     = setOf("if when whenever unless whether until while once after before where wherever should in-case")
	notWords    = setOf("not never don't doesn't didn't no nor without avoid cannot can't won't isn't aren't refuse neither nobody nothing rarely")
	callerWords = setOf("caller callers caller's customer customers customer's user users user's patient patients guest guests client clients they them he she " +
		"his her their someone anyone people who person visitor visitors member members")
)

// plain returns word i in small letters with straight apostrophes.
func (t *text) plain(i int) string {
	w := t.word(i)
	if strings.IndexByte(w, "’"[0]) >= 0 {
		return strings.ReplaceAll(w, "’", "'")
	}
	return w
}

// gap returns what stands between word i-1 and word i, the rest of the text after the last word.
func (t *text) gap(i int) string {
	from, to := 0, len(t.s)
	if i > 0 && i <= len(t.words) {
		from = t.words[i-1].span.End
	}
	if i >= 0 && i < len(t.words) {
		to = t.words[i].span.Start
	}
	if from > to {
		return ""
	}
	return t.s[from:to]
}

// maxClause bounds how far rules look around a phrase, so that the time stays linear in the text.
const maxClause = 40

// clauseFrom returns the first word of the clause that word at of a sentence stands in: clauses end at
// commas, colons, semicolons, parentheses and dashes, and no clause is longer than maxClause words.
func (t *text) clauseFrom(sent, at int) int {
	first := max(t.sents[sent].from, at-maxClause)
	for i := at; i > first; i-- {
		if strings.ContainsAny(t.gap(i), ",;:()[]—–") {
			return i
		}
	}
	return first
}

// clauseTo returns the word after the last one of the clause that word at stands in.
func (t *text) clauseTo(sent, at int) int {
	last := min(t.sents[sent].to, at+maxClause)
	for i := at + 1; i < last; i++ {
		if strings.ContainsAny(t.gap(i), ",;:()[]—–") {
			return i
		}
	}
	return last
}

// clauseEnds reports whether a clause or the sentence ends before word i.
func (t *text) clauseEnds(sent, i int) bool {
	return i >= t.sents[sent].to || strings.ContainsAny(t.gap(i), ",;:()[]—–")
}

// has returns the last of words[from:to] that set holds, -1 for none.
func (t *text) has(set wordSet, from, to int) int {
	for i := min(to, len(t.words)) - 1; i >= max(from, 0); i-- {
		if set[t.plain(i)] {
			return i
		}
	}
	return -1
}

// underCondition reports whether a condition opens sentence sent or the clause of word at.
func (t *text) underCondition(sent, at int) bool {
	return t.has(ifWords, t.sents[sent].from, min(t.sents[sent].from+2, at)) >= 0 || t.has(ifWords, t.clauseFrom(sent, at), at) >= 0
}

// show returns the words of sp for a message: on one line, in quotation marks, not longer than a glance.
func (t *text) show(sp job.Span) string { return "“" + glance(sp.In(t.s)) + "”" }

func glance(s string) string {
	const most = 50
	if len(s) > 4*most {
		s = s[:4*most]
	}
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > most {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// places collects what a rule reports once per text: the first place is the finding, the others stand in
// Also. A place whose sentence the author ignores is passed over, so that the next one is seen.
type places struct {
	t    *text
	rule RuleID
	list []job.Span
}

func (p *places) add(sp job.Span) {
	if len(p.t.ctx.Ignore) > 0 {
		key := ignoreKey(p.rule, p.t, Finding{Field: "instructions", Span: sp})
		if slices.Contains(p.t.ctx.Ignore, key) {
			return
		}
	}
	p.list = append(p.list, sp)
}

// report reports f at the first place, with the words found in its message where it has a %s.
func (p *places) report(r report, f Finding) {
	if len(p.list) == 0 {
		return
	}
	slices.SortFunc(p.list, func(a, b job.Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	f.Span = p.list[0]
	f.Message = strings.Replace(f.Message, "%s", p.t.show(f.Span), 1)
	for _, sp := range p.list[1:] {
		f.Also = append(f.Also, Place{Name: p.t.spec.Name, Field: "instructions", Span: sp})
	}
	r(f)
}

// quoteAfter returns the first fact from byte at on when it is a quotation.
func (t *text) quoteAfter(at int) (job.Span, bool) {
	i := sort.Search(len(t.out.Facts), func(i int) bool { return t.out.Facts[i].Span.Start >= at })
	if i < len(t.out.Facts) && t.out.Facts[i].Kind == job.FactQuote {
		return t.out.Facts[i].Span, true
	}
	return job.Span{}, false
}

// quoteBefore returns the last fact that ends by byte at when it is a quotation.
func (t *text) quoteBefore(at int) (job.Span, bool) {
	i := sort.Search(len(t.out.Facts), func(i int) bool { return t.out.Facts[i].Span.Start >= at }) - 1
	if i >= 0 && t.out.Facts[i].Span.End <= at && t.out.Facts[i].Kind == job.FactQuote {
		return t.out.Facts[i].Span, true
	}
	return job.Span{}, false
}

// wordAt returns the index of the first word that ends after byte at.
func (t *text) wordAt(at int) int {
	return sort.Search(len(t.words), func(i int) bool { return t.words[i].span.End > at })
}

// anyOf reports whether a word of set stands in sentence sent, as far as a clause may reach.
func (t *text) anyOf(set wordSet, sent int) bool {
	s := t.sents[sent]
	return t.has(set, s.from, min(s.to, s.from+2*maxClause)) >= 0
}

// directs reports whether the sentence of h is a rule or an order rather than a description: a word of rules
// stands before h, or the verb of an order begins the sentence, a clause of it or what follows a label.
func (t *text) directs(h hit) bool {
	s := t.sents[h.sent]
	first := max(s.from, h.from-maxClause)
	if t.has(ruleWords, first, h.from) >= 0 || t.has(ruleWords, h.to, min(h.to+6, s.to)) >= 0 {
		return true
	}
	for i := first; i <= h.from; i++ {
		if i > first && !t.clauseEnds(h.sent, i) && !verbLeads[t.plain(i-1)] && !(mayVerbs[t.plain(i-1)] && t.plain(i-2) == "you") {
			continue
		}
		if w := t.plain(i); (orderVerbs[w] || plainVerbs[w] || moreVerbs[w]) && !strings.HasSuffix(w, "ing") {
			return true
		}
	}
	return false
}

var (
	ruleWords = setOf("must shall should always never ensure need needs required requirement goal")
	verbLeads = setOf("and please then")
	mayVerbs  = setOf("can may could")
	moreVerbs = setOf(`handle help guide select route direct redirect process resolve avoid maintain call escalate search find add avoid respond switch speak
		assist troubleshoot follow complete create update document review perform treat return approve deny proceed convert summarize switch do start go enter
		invoke adjust deal act respond reply behave work react speak take move get understand prioritize prioritise address ship call-back`)
)
