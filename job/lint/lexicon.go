package lint

import "strings"

// lexicon finds the phrases of all rules in one pass over the words of a text. It is filled while the
// package is initialised, by phrases, and read-only from then on.
var lexicon = &phraseBook{ids: map[string]wordID{}, next: map[step]int{}, lists: make([][]listID, 1)}

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
		next  map[step]int
		lists [][]listID // of each node: the lists that have the phrase that ends there
		count listID
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
				if id = b.ids[w]; id == 0 {
					id = wordID(len(b.ids) + 1)
					b.ids[w] = id
				}
			}
			next := b.next[step{node, id}]
			if next == 0 {
				next = len(b.lists)
				b.lists = append(b.lists, nil)
				b.next[step{node, id}] = next
			}
			node = next
		}
		if node != 0 {
			b.lists[node] = append(b.lists[node], l.id)
		}
	}
	return l
}

// id returns the number of a word in small letters, 0 when no phrase has it.
func (b *phraseBook) id(w string) wordID {
	if strings.Contains(w, "’") {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return b.ids[w]
}

// find returns all hits in t, in the order of their first words. Phrases do not reach over the end of a sentence.
func (b *phraseBook) find(t *text) []hit {
	var hits []hit
	done := make([]int, b.count+1) // where the last hit of each list ends
	for si, s := range t.sents {
		for from := s.from; from < s.to; from++ {
			if t.words[from].id == 0 && b.next[step{0, anyWord}] == 0 {
				continue
			}
			first := len(hits)
			hits = b.walk(t, hits, 0, from, from, s.to)
			hits = longest(hits, first, done, si)
		}
	}
	return hits
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

// each calls yield with every hit of l in t, in order.
func (l list) each(t *text, yield func(hit)) {
	for _, h := range t.hits {
		if h.list == l.id {
			yield(h)
		}
	}
}

// in reports whether a phrase of l stands in sentence number sent of t, and returns the first.
func (l list) in(t *text, sent int) (hit, bool) {
	for _, h := range t.hits {
		if h.list == l.id && h.sent == sent {
			return h, true
		}
		if h.sent > sent {
			break
		}
	}
	return hit{}, false
}
