package lint

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// defect is a class of mistakes that is planted into texts which do not have it.
type defect struct {
	name   string
	expect []RuleID // one of them has to find it
	allow  []RuleID // these are right about what was planted, too
	plant  func(*planter) bool
}

// planter changes one text. What it does depends on the text and the class alone.
type planter struct {
	spec job.Spec
	ctx  Context
	out  job.Outline
	rand *rand.Rand
	at   int // where something was put in

	surrounded bool // the class has a context of its own
}

func newPlanter(class string, s job.Spec) *planter {
	h := fnv.New64a()
	_, _ = h.Write([]byte(class + s.Instructions))
	return &planter{spec: s, out: job.ParseOutline(s.Instructions), rand: rand.New(rand.NewPCG(h.Sum64(), 1))}
}

func pick[T any](p *planter, all ...T) T { return all[p.rand.IntN(len(all))] }

// cut takes spans out, which are rising.
func (p *planter) cut(spans []job.Span) {
	for _, sp := range slices.Backward(spans) {
		p.spec.Instructions = p.spec.Instructions[:sp.Start] + p.spec.Instructions[sp.End:]
	}
	p.out = job.ParseOutline(p.spec.Instructions)
}

// put adds a sentence behind one that stands in an entry or in prose.
func (p *planter) put(sentence string) bool {
	s := p.spec.Instructions
	t := read(p.spec, &p.ctx)
	var places []int
	for i := range t.sents {
		sp := t.sents[i].span
		if strings.HasSuffix(sp.In(s), ".") && (sp.End == len(s) || s[sp.End] == '\n') && t.instructs(i) && !t.quoted(job.Span{Start: sp.End - 1, End: sp.End}) {
			places = append(places, sp.End)
		}
	}
	if places == nil {
		return p.append(sentence)
	}
	p.at = places[p.rand.IntN(len(places))]
	p.spec.Instructions = s[:p.at] + " " + sentence + s[p.at:]
	return true
}

// append adds a paragraph at the end.
func (p *planter) append(paragraph string) bool {
	p.at = len(p.spec.Instructions)
	p.spec.Instructions = strings.TrimRight(p.spec.Instructions, "\n ") + "\n\n" + paragraph
	return true
}

// numbered returns the entries of the longest list with numbers, in rising order, and where their numbers stand.
func (p *planter) numbered() (items []job.Item, marks []job.Span) {
	s := p.spec.Instructions
	var run []job.Item
	for _, it := range p.out.Items {
		switch {
		case it.Kind == job.ItemHeading || it.Span.Start >= it.Span.End:
			run = nil
		case it.Depth == 0 && it.Ordered && it.Number == fmt.Sprint(len(run)+1):
			run = append(run, it)
		case it.Depth == 0 && it.Ordered:
			run = nil
		}
		if len(run) > len(items) {
			items = slices.Clone(run)
		}
	}
	for _, it := range items {
		line := strings.LastIndexByte(s[:it.Span.Start], '\n') + 1
		at := strings.Index(s[line:it.Span.Start], it.Number)
		if at < 0 {
			return nil, nil
		}
		marks = append(marks, job.Span{Start: line + at, End: line + at + len(it.Number)})
	}
	return items, marks
}

// renumber writes other numbers in front of entries.
func (p *planter) renumber(marks []job.Span, number func(i int) string) {
	for i, sp := range slices.Backward(marks) {
		p.spec.Instructions = p.spec.Instructions[:sp.Start] + number(i) + p.spec.Instructions[sp.End:]
	}
}

// plants makes a class of sentences that are put in as they are. One more order in a text that has several of them without
// numbers is rightly found as such.
func plants(name string, expect RuleID, allow []RuleID, sentences ...string) defect {
	return defect{name, []RuleID{expect}, append(slices.Clone(allow), "order-unnumbered"), func(p *planter) bool { return p.put(pick(p, sentences...)) }}
}

// surrounded makes a class that needs a context.
func surrounded(d defect, change func(*planter)) defect {
	plant := d.plant
	d.plant = func(p *planter) bool {
		p.surrounded = true
		change(p)
		return plant(p)
	}
	return d
}
