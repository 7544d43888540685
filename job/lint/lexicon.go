package lint

import (
	"math"
	"slices"
	"strings"
)

// lexicon finds the phrases of all rules in one pass over the words of a text. It is filled while the
// package is initialised, by phrases, and read-only from then on.
var lexicon = newPhraseBook()

type (
	wordID int32
	listID int32

	// list is a list of phrases that a rule asks for.
	list struct{ id listID }

	// hit is one phrase of a list in a text: words[from:to]. The longest phrase of a list wins; hits of one
	// list do not overlap.
	hit struct {
		list     listID
		from, to int
		sent     int // index of its sentence
	}

	// phraseBook is a tree of phrases: from a node, a word leads to the next node.
	phraseBook struct {
		ids   map[string]wordID
		first []int // the node that each word leads to from the root, 0 for none
		any   int   // the node that any word leads to from the root
		next  map[step]int
		lists [][]listID // of each node: the lists that have the phrase that ends there
		count listID

		tongues []tongue // of each word
		marks   []mark   // of each word
	}

	step struct {
		node int
		word wordID
	}
)

// anyWord stands for any one word: "_" in a phrase.
const anyWord wordID = -1

// phrases makes a list of the phrases in text, which are parted by | or line breaks. A phrase is words in
// small letters with straight apostrophes; _ stands for any one word. Call it for package variables only.
func phrases(text string) list {
	b := lexicon
	b.count++
	l := list{b.count}
	for p := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '|' || r == '\n' }) {
		node := 0
		for w := range strings.FieldsSeq(p) {
			id := anyWord
			if w != "_" {
				id = b.learn(w)
			}
			node = b.step(node, id)
		}
		if node != 0 && !slices.Contains(b.lists[node], l.id) {
			b.lists[node] = append(b.lists[node], l.id)
		}
	}
	return l
}

// id returns the number of a word in small letters, 0 when no phrase has it.
func (b *phraseBook) id(w string) wordID {
	if strings.IndexByte(w, "’"[0]) >= 0 {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return b.ids[w]
}

func newPhraseBook() *phraseBook {
	b := &phraseBook{
		ids: map[string]wordID{}, next: map[step]int{}, lists: make([][]listID, 1),
		first: make([]int, 1), tongues: make([]tongue, 1), marks: make([]mark, 1),
	}
	b.teach()
	return b
}

// learn returns the number of the word w, a new one if need be.
func (b *phraseBook) learn(w string) wordID {
	id := b.ids[w]
	if id == 0 {
		id = wordID(len(b.ids) + 1)
		b.ids[w] = id
		b.first, b.tongues, b.marks = append(b.first, 0), append(b.tongues, 0), append(b.marks, 0)
	}
	return id
}

// step returns the node that a word leads to from a node, a new one if need be.
func (b *phraseBook) step(node int, id wordID) int {
	next := b.next[step{node, id}]
	if next != 0 {
		return next
	}
	next = len(b.lists)
	b.lists = append(b.lists, nil)
	b.next[step{node, id}] = next
	switch {
	case node == 0 && id == anyWord:
		b.any = next
	case node == 0:
		b.first[id] = next
	}
	return next
}

// find finds all hits in t, in the order of their first words. Phrases do not reach over the end of a sentence.
func (b *phraseBook) find(t *text) {
	hits := make([]hit, 0, len(t.words)/2)
	done := make([]int, b.count+1) // where the last hit of each list ends
	for si := range t.sents {
		s := &t.sents[si]
		s.hitFrom = len(hits)
		for from := s.from; from < s.to; from++ {
			first := len(hits)
			if node := b.first[t.words[from].id]; node != 0 {
				hits = b.walk(t, hits, node, from, from+1, s.to)
			}
			if b.any != 0 {
				hits = b.walk(t, hits, b.any, from, from+1, s.to)
			}
			if len(hits) > first {
				hits = longest(hits, first, done, si)
			}
		}
		s.hitTo = len(hits)
	}
	t.hits = hits
	t.sortHits(int(b.count))
}

// sortHits fills byList and listEnd: a rule reads its own hits and no others.
func (t *text) sortHits(lists int) {
	if len(t.hits) > math.MaxInt32 {
		return // no text is that long
	}
	t.byList, t.listEnd = make([]hit, len(t.hits)), make([]int32, lists+1)
	for _, h := range t.hits {
		t.listEnd[h.list]++
	}
	at := int32(0)
	for l, n := range t.listEnd { // for now: where the hits of each list begin
		t.listEnd[l], at = at, at+n
	}
	for _, h := range t.hits {
		t.byList[t.listEnd[h.list]] = h
		t.listEnd[h.list]++
	}
}

// walk follows the words from at on, and both ways where any word will do.
func (b *phraseBook) walk(t *text, hits []hit, node, from, at, end int) []hit {
	for _, l := range b.lists[node] {
		hits = append(hits, hit{list: l, from: from, to: at})
	}
	if at == end {
		return hits
	}
	if id := t.words[at].id; id != 0 {
		if next := b.next[step{node, id}]; next != 0 {
			hits = b.walk(t, hits, next, from, at+1, end)
		}
	}
	if next := b.next[step{node, anyWord}]; next != 0 {
		hits = b.walk(t, hits, next, from, at+1, end)
	}
	return hits
}

// longest keeps of hits[first:], which begin at one word, the longest of each list that does not reach into
// an earlier one.
func longest(hits []hit, first int, done []int, sent int) []hit {
	out := hits[:first]
	for i := first; i < len(hits); i++ {
		h := hits[i]
		if h.from < done[h.list] {
			continue
		}
		keep := true
		for k := first; k < len(hits); k++ {
			if hits[k].list == h.list && (hits[k].to > h.to || hits[k].to == h.to && k < i) {
				keep = false
			}
		}
		if keep {
			h.sent = sent
			out = append(out, h)
		}
	}
	for _, h := range out[first:] {
		done[h.list] = h.to
	}
	return out
}

// all returns the hits of l in t, in order. They are not the caller's.
func (l list) all(t *text) []hit { return t.byList[t.listEnd[l.id-1]:t.listEnd[l.id]] }

// each calls yield with every hit of l in t, in order.
func (l list) each(t *text, yield func(hit)) {
	for _, h := range l.all(t) {
		yield(h)
	}
}

// any reports whether a phrase of l stands in t, be it in an example.
func (l list) any(t *text) bool { return len(l.all(t)) > 0 }

// in reports whether a phrase of l stands in sentence number sent of t, and returns the first.
func (l list) in(t *text, sent int) (hit, bool) {
	all := l.all(t)
	i, _ := slices.BinarySearchFunc(all, sent, func(h hit, sent int) int { return h.sent - sent })
	if i < len(all) && all[i].sent == sent {
		return all[i], true
	}
	return hit{}, false
}

// before returns the last hit of l in the sentence of h that begins before h does.
func (l list) before(t *text, h hit) (hit, bool) {
	all := l.all(t)
	i, _ := slices.BinarySearchFunc(all, h.from, func(have hit, from int) int { return have.from - from })
	if i == 0 || all[i-1].sent != h.sent {
		return hit{}, false
	}
	return all[i-1], true
}

// begins reports whether sentence number sent of t begins with a phrase of l, and returns it.
func (l list) begins(t *text, sent int) (hit, bool) {
	h, ok := l.in(t, sent)
	return h, ok && h.from == t.sents[sent].from
}
