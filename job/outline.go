package job

import "slices"

// Span is a range of bytes of the instructions: Instructions[Start:End].
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// In returns the text of s within instructions, empty where s lies outside.
func (s Span) In(instructions string) string {
	if s.Start < 0 || s.End > len(instructions) || s.Start >= s.End {
		return ""
	}
	return instructions[s.Start:s.End]
}

// Outline is what can be read off the shape of instructions: lint, rehearsal, results and editors
// share it. It is a reading, not a judgement: it never fails, and on free prose it may find little.
type Outline struct {
	Goal      string      `json:"goal,omitempty"`      // what the job is for, in the author's words; empty when nothing says so
	Items     []Item      `json:"items,omitempty"`     // entries of lists, headings and sentences that give an order, in order
	OffScript []Span      `json:"offScript,omitempty"` // sentences that say what to do when a caller declines, drifts or fails
	Actions   []ActionUse `json:"actions,omitempty"`   // every inline action, in order
	Variables []Variable  `json:"variables,omitempty"` // every variable, in order; those in the texts of actions, too
	Facts     []Fact      `json:"facts,omitempty"`     // what a rewrite must not lose, in order
	Sentences []Span      `json:"-"`                   // every sentence, in order: of headings, of lists (without markers) and of prose
}

// ItemKind is what an item tells Sona to do.
type ItemKind string

// The kinds of items.
const (
	ItemHeading   ItemKind = "heading"    // names a section
	ItemAsk       ItemKind = "ask"        // asks the caller for something
	ItemSay       ItemKind = "say"        // tells the caller something
	ItemDo        ItemKind = "do"         // anything else to be done
	ItemBranch    ItemKind = "branch"     // applies under a condition only
	ItemOffScript ItemKind = "off_script" // what to do when the caller declines, drifts or fails
	ItemEnd       ItemKind = "end"        // ends the conversation
)

// Item is one entry of a list, a heading, or a sentence outside of lists that asks, says, acts, branches
// or ends.
type Item struct {
	Number  string   `json:"number,omitempty"` // of an ordered item, dotted from the outermost, as its author numbered it: "2", "2.1", "2.b"
	Depth   int      `json:"depth"`            // 0 for the outermost
	Ordered bool     `json:"ordered,omitempty"`
	Kind    ItemKind `json:"kind"`
	Span    Span     `json:"span"` // its own text without marker and without the items below it; empty when it has none
}

// Steps returns the items that a call walks through one after the other: the outermost numbered items;
// where there are none, the outermost bullets and sentences; where there are none either, the numbered
// headings. Other headings are no steps, nor are off-script rules without a number.
func (o Outline) Steps() []Item {
	var numbered, others, headings []Item
	for _, it := range o.Items {
		switch {
		case it.Kind == ItemHeading && it.Ordered:
			headings = append(headings, it)
		case it.Depth > 0 || it.Kind == ItemHeading:
		case it.Ordered:
			numbered = append(numbered, it)
		case it.Kind != ItemOffScript:
			others = append(others, it)
		}
	}
	switch {
	case numbered != nil:
		return numbered
	case others != nil:
		return others
	}
	return headings
}

// FactKind is what a fact is about.
type FactKind string

// The kinds of facts.
const (
	FactURL    FactKind = "url"
	FactEmail  FactKind = "email"
	FactPhone  FactKind = "phone"
	FactMoney  FactKind = "money"
	FactTime   FactKind = "time"
	FactDate   FactKind = "date"
	FactNumber FactKind = "number"
	FactQuote  FactKind = "quote" // words in quotation marks, with the marks and all that is in them: what to say verbatim
)

// Fact is one piece of hard information in the instructions. Numbers of lists are none.
type Fact struct {
	Kind FactKind `json:"kind"`
	Text string   `json:"text"` // as it stands there
	Span Span     `json:"span"`
}

func (o Outline) clone() Outline {
	o.Items, o.OffScript = slices.Clone(o.Items), slices.Clone(o.OffScript)
	o.Variables, o.Facts = slices.Clone(o.Variables), slices.Clone(o.Facts)
	o.Sentences = slices.Clone(o.Sentences)
	o.Actions = slices.Clone(o.Actions)
	for i, u := range o.Actions {
		o.Actions[i] = u.clone()
	}
	return o
}
