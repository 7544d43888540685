package job

import "slices"

// Span is a range of bytes of the instructions: Instructions[Start:End].
type Span struct{ Start, End int }

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
	Goal      string      // what the job is for, in the author's words; empty when nothing says so
	Items     []Item      // lists, headings and free sentences that mean something, in order
	OffScript []Span      // sentences that say what to do when a caller declines, drifts or fails
	Actions   []ActionUse // every inline action, in order
	Variables []Variable  // every variable, in order
	Facts     []Fact      // what a rewrite must not lose, in order
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

// Item is one entry of a list, a heading, or a sentence outside of lists that asks, acts or ends.
type Item struct {
	Number  string // of an ordered item, dotted from the outermost: "2", "2.1"; empty for others
	Depth   int    // 0 for the outermost
	Ordered bool   // it stands in a numbered list
	Kind    ItemKind
	Span    Span // its own text without marker and without the items below it
}

// Steps returns the items that a call walks through one after the other: the outermost numbered items;
// where there are none, the outermost bullets; where there are none either, the sentences that ask, say,
// act or end. Headings and off-script rules are no steps.
func (o Outline) Steps() []Item {
	var numbered, bullets []Item
	for _, it := range o.Items {
		switch {
		case it.Depth > 0 || it.Kind == ItemHeading:
		case it.Ordered:
			numbered = append(numbered, it)
		case it.Kind != ItemOffScript:
			bullets = append(bullets, it)
		}
	}
	if numbered != nil {
		return numbered
	}
	return bullets
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
	FactQuote  FactKind = "quote" // words in quotation marks: what to say verbatim
)

// Fact is one piece of hard information in the instructions.
type Fact struct {
	Kind FactKind
	Text string // as it stands there
	Span Span
}

func (o Outline) clone() Outline {
	o.Items, o.OffScript = slices.Clone(o.Items), slices.Clone(o.OffScript)
	o.Variables, o.Facts = slices.Clone(o.Variables), slices.Clone(o.Facts)
	o.Actions = slices.Clone(o.Actions)
	for i, u := range o.Actions {
		o.Actions[i] = u.clone()
	}
	return o
}
