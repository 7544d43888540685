package lint

import (
	"slices"
	"sort"
	"strings"

	"github.com/sonajobs/sona/job"
)

// said is what a claim says about a subject, in a form that can be compared.
type said struct {
	claim   *claim
	subject uint64 // of the words that name what it is about; 0 when it is the business as a whole
	words   int    // in the subject
	named   bool   // subject and words are given; else they are what the claim says beside the class
	about   []term // the heading above it and the title, for rows and entries that name little themselves
	inJob   bool
	values  []string
}

// conflicts calls yield with the first two of every subject that say something else in different sources, unless one
// of these says both: then it knows more than one case.
func conflicts(all []said, differ func(a, b *said) bool, yield func(a, b *said)) {
	groups := map[uint64][]*said{}
	var subjects []uint64
	for i := range all {
		of := groups[all[i].subject]
		if of == nil {
			subjects = append(subjects, all[i].subject)
		}
		if len(of) < mostAlike {
			groups[all[i].subject] = append(of, &all[i])
		}
	}
	for _, subject := range subjects {
		if a, b := firstConflict(groups[subject], differ); a != nil {
			yield(a, b)
		}
	}
}

// mostAlike is how many claims about one subject are compared.
const mostAlike = 24

func firstConflict(of []*said, differ func(a, b *said) bool) (*said, *said) {
	for k, b := range of {
		for _, a := range of[:k] {
			if a.claim.source == b.claim.source || a.inJob == b.inJob && !near(a.about, b.about) || !differ(a, b) {
				continue
			}
			agree := slices.ContainsFunc(of, func(c *said) bool {
				return c != a && c.claim.source == a.claim.source && !differ(c, b) || c != b && c.claim.source == b.claim.source && !differ(a, c)
			})
			if !agree {
				return a, b
			}
		}
	}
	return nil, nil
}

// near reports whether two headings can stand above the same thing: one of them is missing, or says no more than
// the other.
func near(a, b []term) bool { return !lacks(a, b) || !lacks(b, a) }

// subject returns what is left of the telling words of c without those of a class.
func (s *set) subject(c *claim, without wordClass) (sum uint64, n int) {
	return s.subjectIn(c, c.span, without)
}

// subjectIn is subject for a part of c.
func (s *set) subjectIn(c *claim, part job.Span, without wordClass) (sum uint64, n int) {
	t := s.sources[c.source].t
	next := 0
	for i := c.from; i < c.to && next < len(c.terms); i++ {
		h, class := t.weight(i)
		if h != c.terms[next] {
			continue
		}
		next++
		if sp := t.words[i].span; class&without == 0 && sp.Start >= part.Start && sp.End <= part.End {
			sum += mixed(h)
			n++
		}
	}
	return sum, n
}

// clauseOf returns the part of c between commas that sp stands in.
func (s *set) clauseOf(c *claim, sp job.Span) job.Span {
	text := s.sources[c.source].t.s
	part := c.span
	for i := sp.Start - 1; i >= c.span.Start; i-- {
		if text[i] == ',' || text[i] == ';' {
			part.Start = i + 1
			break
		}
	}
	for i := sp.End; i < c.span.End; i++ {
		if text[i] == ',' || text[i] == ';' {
			part.End = i
			break
		}
	}
	return part
}

// above returns the telling words of the heading above a claim, and of the title where it is on a page, without
// those of a class.
func (s *set) above(c *claim, without wordClass) []term {
	src := &s.sources[c.source]
	var terms []term
	var heading job.Span
	if i := sort.Search(len(src.headings), func(i int) bool { return src.headings[i].Start >= c.span.Start }); i > 0 {
		heading = src.headings[i-1]
	}
	key := aboveKey{c.source, heading.Start, heading.End, without}
	if s.lastAbove != key || s.lastTerms == nil { // the claims below one heading follow one another
		if src.kind == ofPage {
			terms = termsOf(src.name, without|wordUs)
		}
		s.lastAbove, s.lastTerms = key, slices.Clip(append(terms, termsOf(heading.In(src.t.s), without|wordUs)...))
	}
	return s.lastTerms
}

// aboveKey is what the result of above depends on.
type aboveKey struct {
	source, start, end int
	without            wordClass
}

// titleWords are words of titles that say nothing about what a page is about.
var titleWords = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq("information info faq faqs general details overview knowledge page contact common questions policy policies") {
		words[w] = true
	}
	return words
}()

func termsOf(s string, without wordClass) (terms []term) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !isWordRune(r) }) {
		if classOf(w)&(wordPlain|wordNot|wordEver|wordCount|without) == 0 && !titleWords[w] {
			terms = append(terms, termOf(w))
		}
	}
	return terms
}

func isWordRune(r rune) bool { return wordLen(string(r)) > 0 || r == '\'' || r == '’' }

// textOf returns what stands at a claim.
func (s *set) textOf(c *claim) string { return c.span.In(s.sources[c.source].t.s) }

// clash makes a finding of two claims. It stands at the job, where one of them is in a job.
func (s *set) clash(a, b *claim) Finding {
	if s.sources[a.source].kind != ofJob && s.sources[b.source].kind == ofJob {
		a, b = b, a
	}
	f := s.found(a.source, a.span)
	f.Also = []Place{s.at(b.source, b.span)}
	f.Ignore = foldedKey(s.textOf(a), s.textOf(b))
	return f
}
