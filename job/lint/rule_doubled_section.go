package lint

import (
	"cmp"
	"slices"

	"github.com/sonajobs/sona/job"
)

var ruleDoubledSection = &rule{
	RuleInfo: RuleInfo{
		ID: "doubled-section", Practice: Clarity, Severity: Warning, Language: "any",
		Title:   "The same thing twice",
		Catches: "A stretch of text that stands there twice, word for word or nearly so: a new text pasted over the old one.",
		Why:     "Where the two differ Sona follows now one and now the other, and a list that stands there twice is walked through twice.",
		Source:  "Incident of another product: a rewritten prompt was pasted above the old one",
		How: "Each sentence is compared with those that share its rarest words; two stretches of sentences in the same order that share most of their words " +
			"are reported where they have the same heading, are the same word for word, or make up a good part of the text. What two branches share in a sentence is not.",
		Bad: []Example{
			says("This job takes a message.\n\n1. Ask for the full name of the caller.\n2. Ask for the best callback number.\n3. Repeat the message in one sentence.\n4. Thank the caller and say goodbye.\n\n" +
				"This job takes a message.\n\n1. Ask for the full name of the caller.\n2. Ask for the best callback number today.\n3. Repeat the message in one sentence.\n4. Thank the caller and say goodbye."),
			says("## Style\n\nSpeak slowly and never interrupt the caller. Use short sentences without technical words.\n\n## Steps\n\n1. Ask for the name.\n2. Say goodbye.\n\n" +
				"## Style\n\nSpeak slowly and never interrupt the caller. Use short sentences without technical words."),
		},
		Good: []Example{
			says("## New callers\n\n1. Ask for the full name.\n2. Ask for the date of the visit.\n\n## Old callers\n\n1. Ask for the full name.\n2. Ask for the order number."),
			says("1. Ask for the order number.\n   - If the order is late, thank the caller for their patience and say goodbye.\n2. Ask for the reason.\n   - If there is none, thank the caller for their patience and say goodbye."),
			says("Speak slowly.\n\n1. Ask for the name.\n2. Speak slowly."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if len(t.sents) < 3 {
			return
		}
		twins := t.twins()
		for i := 0; i < len(twins); {
			if twins[i] < 0 {
				i++
				continue
			}
			s := t.stretch(twins, i, 1)
			if !s.enough(len(t.words)) {
				s = t.stretch(twins, i, maxBetween)
			}
			end, first := s.end, twins[i]
			if s.enough(len(t.words)) {
				sp := job.Span{Start: t.sents[i].span.Start, End: t.sents[end-1].span.End}
				from := job.Span{Start: t.sents[first].span.Start, End: t.sents[twins[end-1]].span.End}
				found(Finding{
					Span:     sp,
					Message:  "What begins with " + cite(t.sents[i].span.In(t.s)) + " stands further up already, in the same words or nearly so.",
					Question: "Which of the two is the current one, and can the other go?",
					Also:     also([]job.Span{from}),
				})
				return
			}
			i = end
		}
	},
}

// stretch is a run of sentences whose twins follow one another.
type stretch struct {
	end          int // of the sentences
	count, words int // of those that have a twin
	exact        int // how many of them are the same word for word
	named        bool
	first        bool // the text begins with it
}

// enough reports whether s is more than what two branches of one job share: the section has the same
// heading, all of it stands there word for word, or it is a good part of the text.
func (s stretch) enough(words int) bool {
	switch {
	case s.named:
		return s.count >= 3 && s.words >= 9 || s.exact == s.count && s.count >= 2 && s.words >= 8
	case s.exact == s.count:
		return s.count >= 2 && s.words >= 24
	}
	return s.first && s.count >= 2 && 10*s.words >= 3*words || s.count >= 4 && 10*s.words >= 3*words || s.count >= 8 && 10*s.words >= 2*words
}

// stretch returns the run of sentences from number i on whose twins follow one another and end before i.
// That many sentences between them may have none.
func (t *text) stretch(twins []int, i, between int) stretch {
	s := stretch{named: t.sents[i].heading && t.same(twins[i], i) && t.onlyTwice(twins[i], i), first: twins[i] <= 1}
	last, at := twins[i], i
	for k := i; k < len(twins) && k <= at+between+1; k++ {
		if twins[k] < last || twins[k] > last+between+1 || twins[k] >= i || k > i && twins[k] == last {
			continue
		}
		last, at = twins[k], k
		s.words += t.sents[k].to - t.sents[k].from
		s.count++
		if t.same(twins[k], k) {
			s.exact++
		}
	}
	s.end = at + 1
	s.named = s.named && 3*s.count >= 2*(t.sectionEnd(i)-i) && 3*s.count >= 2*(t.sectionEnd(twins[i])-twins[i])
	return s
}

// sectionEnd returns where the section of the heading, sentence number i, ends.
func (t *text) sectionEnd(i int) int {
	i++
	for i < len(t.sents) && !t.sents[i].heading {
		i++
	}
	return i
}

// onlyTwice reports whether the heading, sentences number a and b, stands nowhere else: a label such as
// "Conditions:" in many sections does not make them the same.
func (t *text) onlyTwice(a, b int) bool {
	for i, s := range t.sents {
		if s.to-s.from <= maxCompared && i != a && i != b && t.same(i, a) {
			return false
		}
	}
	inOthers := a > 0 && b > 0 && t.sents[a-1].heading && t.sents[b-1].heading && !t.same(a-1, b-1)
	return !inOthers
}

// same reports whether two sentences have the same words.
func (t *text) same(a, b int) bool {
	sa, sb := t.sents[a], t.sents[b]
	if sa.to-sa.from != sb.to-sb.from {
		return false
	}
	for k := range sa.to - sa.from {
		if t.word(sa.from+k) != t.word(sb.from+k) {
			return false
		}
	}
	return true
}

// twins returns for each sentence the nearest earlier one that says nearly the same, -1 for none.
func (t *text) twins() []int {
	hashes := make([]uint32, len(t.words))
	for i := range t.words {
		hashes[i] = hashOf(t.word(i))
	}
	type mark struct {
		key  uint32
		sent int32
	}
	const rounds = 4 // by words, then by pairs of them, which are rarer
	marks := make([]mark, 0, rounds*len(t.sents))
	for i, s := range t.sents {
		if s.example || s.to-s.from < 2 && !s.heading || t.s[s.span.Start] == '"' || t.data(s) {
			continue
		}
		for r := range uint32(rounds) {
			least, before := ^uint32(0), uint32(0)
			for _, h := range hashes[s.from:min(s.to, s.from+maxCompared)] {
				pair := h
				if r >= rounds/2 {
					pair, before = before*31^h, h
				}
				least = min(least, mix(pair, r))
			}
			marks = append(marks, mark{key: least ^ r<<30, sent: int32(i)})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.sent, b.sent)) })
	twins := make([]int, len(t.sents))
	for i := range twins {
		twins[i] = -1
	}
	for k, m := range marks {
		for j := k - 1; j >= 0 && j >= k-6 && marks[j].key == m.key; j-- {
			a, b := int(marks[j].sent), int(m.sent)
			if a != b && a > twins[b] && t.alike(hashes, a, b) {
				twins[b] = a
			}
		}
	}
	return twins
}

const (
	maxCompared = 48 // words of a sentence
	maxBetween  = 3  // sentences of a stretch that may have no twin
)

// alike reports whether two sentences share most of their words: all of them where there are few.
func (t *text) alike(hashes []uint32, a, b int) bool {
	sa, sb := t.sents[a], t.sents[b]
	if sa.heading != sb.heading {
		return false
	}
	wa, wb := hashes[sa.from:min(sa.to, sa.from+maxCompared)], hashes[sb.from:min(sb.to, sb.from+maxCompared)]
	if slices.Equal(wa, wb) {
		return true
	}
	if min(len(wa), len(wb)) < 4 || 2*len(wa) < len(wb) || 2*len(wb) < len(wa) {
		return false
	}
	shared := 0
	for _, h := range wa {
		if slices.Contains(wb, h) {
			shared++
		}
	}
	return 10*shared >= 7*max(len(wa), len(wb))
}

// hashOf is FNV-1a.
func hashOf(w string) uint32 {
	h := uint32(2166136261)
	for i := range len(w) {
		h = (h ^ uint32(w[i])) * 16777619
	}
	return h
}

// mix gives hashes another order in each round.
func mix(h, round uint32) uint32 {
	h ^= round * 0x9e3779b9
	h = (h ^ h>>16) * 0x85ebca6b
	return h ^ h>>13
}
