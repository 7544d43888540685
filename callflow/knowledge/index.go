package knowledge

import (
	"iter"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/job"
)

// The size of a passage in characters, ours: long enough to be understood alone, short enough that a
// few of them cost the prompt little.
const (
	leastPassage = 500
	mostPassage  = 900
)

// titleWeight is what a word of the page's title counts against one of the passage.
const titleWeight = 2

// Passage is a part of a page that may answer a question.
type Passage struct {
	Page  ID
	Title string   // the page's title
	Text  string   // the passage, verbatim
	Span  job.Span // where it stands, in bytes of the page's text
	Score float64  // how well it fits; comparable within one answer only
}

// Index finds passages of a fixed set of pages. It never changes and is safe for concurrent use; the
// zero Index holds no page.
type Index struct {
	passages []Passage // Score is 0
	ranks    *bm25.Index
}

// NewIndex reads the pages once. The zero Page is left out, and so is a page whose ID came before.
func NewIndex(pages iter.Seq[Page]) *Index {
	x := &Index{}
	var docs []bm25.Doc
	seen := map[ID]bool{}
	for p := range pages {
		if p.IsZero() || seen[p.ID()] {
			continue
		}
		seen[p.ID()] = true
		title, text := p.Title(), p.Text()
		var above outline
		for at := range chunks(text, leastPassage, mostPassage) {
			above.begin(text[at.Start:at.End])
			passage := Passage{Page: p.ID(), Title: title, Text: text[at.Start:at.End], Span: at}
			x.passages = append(x.passages, passage)
			docs = append(docs, bm25.Doc{Text: passage.Text, Fields: []bm25.Field{
				{Text: title, Weight: titleWeight},
				{Text: above.String(), Weight: 1},
			}})
			above.read(passage.Text)
		}
	}
	x.ranks = bm25.New(slices.Values(docs))
	return x
}

// Find returns at most n passages that share words with the question, the best first; passages that
// fit equally well come in the order of the pages. It knows no synonyms: it finds words, in any
// grammatical number, with or without accents, and in languages without spaces pairs of characters.
// With n ≤ 0, or when nothing fits, there are none.
func (x *Index) Find(question string, n int) []Passage {
	if x.ranks == nil {
		return nil
	}
	hits := x.ranks.Rank(question, n)
	if len(hits) == 0 {
		return nil
	}
	found := make([]Passage, len(hits))
	for i, hit := range hits {
		found[i] = x.passages[hit.Doc]
		found[i].Score = hit.Score
	}
	return found
}

// outline holds the headings above a place of the text, by their level. A passage from the middle of a
// section is also found by the words above it.
type outline [7]string

// begin takes the heading that a passage begins with: it is above all the rest of it.
func (o *outline) begin(passage string) {
	first, _, _ := strings.Cut(passage, "\n")
	o.read(first)
}

func (o *outline) read(text string) {
	for line := range strings.Lines(text) {
		if level := headingLevel(line); level > 0 {
			o[level] = strings.TrimSpace(line[level:])
			clear(o[level+1:])
		}
	}
}

func (o *outline) String() string { return strings.Join(o[:], " ") }
