package optimize

import (
	"cmp"
	"slices"

	"github.com/sonajobs/sona/job"
)

// Guard names what a violation is about.
type Guard string

// The guards. Hard unless it says otherwise.
const (
	GuardField      Guard = "field"      // something besides the instructions changed
	GuardLimit      Guard = "limit"      // the result breaks a rule of length, or is blank
	GuardFinding    Guard = "finding"    // lint finds an error that was not there
	GuardFence      Guard = "fence"      // a control token of prompts or chats was lost or invented
	GuardLanguage   Guard = "language"   // the text is in another language
	GuardAction     Guard = "action"     // an inline action was lost, invented or changed
	GuardVariable   Guard = "variable"   // a variable was lost, invented or changed
	GuardURL        Guard = "url"        // as action
	GuardEmail      Guard = "email"      // as action
	GuardPhone      Guard = "phone"      // as action
	GuardMoney      Guard = "money"      // as action
	GuardTime       Guard = "time"       // as action; dates, days of the week and durations, too
	GuardNumber     Guard = "number"     // as action
	GuardName       Guard = "name"       // as action; names of tools and codes, too
	GuardQuote      Guard = "quote"      // words to be said as they stand changed
	GuardNegation   Guard = "negation"   // a "not" was lost or invented
	GuardBound      Guard = "bound"      // "at least", "at most" or the like was lost, invented or turned round
	GuardConnective Guard = "connective" // "and" became "or", or the other way round
	GuardCondition  Guard = "condition"  // "before" became "after" (hard); another word of a condition changed (soft)
	GuardOrder      Guard = "order"      // numbered steps changed places (hard); other steps did, or lost their numbers (soft)
	GuardModality   Guard = "modality"   // soft: "must" became "should" or "may", or the other way round
	GuardSentence   Guard = "sentence"   // soft: a sentence is gone or new
	GuardWording    Guard = "wording"    // soft: a sentence says the same facts in other words, or has moved facts
)

// Violation is one way in which a text says something else than the text it was made from. Violations
// are comparable: one that the author accepted is recognised by being equal.
type Violation struct {
	Guard   Guard    `json:"guard"`
	Hard    bool     `json:"hard,omitempty"` // refused; a soft one is for the author to accept
	Message string   `json:"message"`        // one sentence for a layperson
	Lost    string   `json:"lost,omitempty"` // the words of the text before that are gone
	New     string   `json:"new,omitempty"`  // the words of the text after that were not there
	Was     job.Span `json:"was"`            // where in the cleaned instructions before; empty for what is new
	Span    job.Span `json:"span"`           // where in the cleaned instructions after; empty for what is gone
}

// violations collects what the guard finds, each once.
type violations struct {
	list []Violation
	seen map[Violation]bool
}

func (vs *violations) add(v Violation) {
	if vs.seen == nil {
		vs.seen = map[Violation]bool{}
	}
	if !vs.seen[v] {
		vs.seen[v] = true
		vs.list = append(vs.list, v)
	}
}

func (vs *violations) sorted() []Violation {
	slices.SortStableFunc(vs.list, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), hardFirst(a, b), cmp.Compare(a.Guard, b.Guard))
	})
	return vs.list
}

func (v Violation) place() int {
	if v.Was != (job.Span{}) {
		return v.Was.Start
	}
	return v.Span.Start
}

func hardFirst(a, b Violation) int {
	switch {
	case a.Hard == b.Hard:
		return 0
	case a.Hard:
		return -1
	}
	return 1
}

// anyHard reports whether one of vs is hard.
func anyHard(vs []Violation) bool {
	return slices.ContainsFunc(vs, func(v Violation) bool { return v.Hard })
}
