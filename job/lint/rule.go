package lint

import (
	"slices"

	"github.com/sonajobs/sona/job"
)

// Practice is what a rule is good for: the five practices of good instructions (Seed 49–53), and three
// that the author of a single text cannot see.
type Practice string

// The practices.
const (
	Goal      Practice = "goal"       // the goal is named up front (Seed 49)
	Order     Practice = "order"      // the order is numbered (Seed 50)
	OffScript Practice = "off_script" // it is said what happens when a caller leaves the script (Seed 51)
	Clarity   Practice = "clarity"    // no ambiguity (Seed 52)
	Voice     Practice = "voice"      // it can be said and heard on a phone
	Reach     Practice = "reach"      // what is named exists: actions, targets, variables, jobs, results
	Safety    Practice = "safety"     // nothing that a caller or a document could abuse
	Together  Practice = "together"   // the jobs, pages and the greeting of a step fit together
)

// RuleInfo describes a rule: what it looks for, why, and how.
type RuleInfo struct {
	ID       RuleID
	Practice Practice
	Severity Severity
	Title    string // a few words: "Goal missing"
	Catches  string // one sentence, what it finds
	Why      string // one sentence, what it does to a call; Finding.Why
	Source   string // where the rule comes from: a number of the requirements ("Seed 49"), a document, an incident
	How      string // one or two sentences, how it is found and what it cannot see
	Language string // "any", or "en": the words of the rule are English
	Set      bool   // it looks at the jobs of a step side by side
	Bad      []Example
	Good     []Example
}

// Example shows a rule at work: each Bad example has a finding of the rule, each Good one has none.
type Example struct {
	Jobs    []job.Spec // one, or several for a rule that looks at a set
	Context Context
}

// Rules returns what lint looks for, in the order of practices and names. The slice is the caller's.
func Rules() []RuleInfo {
	infos := make([]RuleInfo, 0, len(catalogue))
	for _, r := range catalogue {
		infos = append(infos, r.RuleInfo)
	}
	return infos
}

// rule is a RuleInfo and how it is carried out: by one of text and set.
type rule struct {
	RuleInfo
	text func(*text, report)
	set  func(*set, report)

	structure bool // Optimize would help: counted by the rule that suggests it
	late      bool // it runs after the others and sees text.found
}

// report takes a finding. The rule fills in what is its own: Span (and Field, where it is not the
// instructions), Message, and one of Fix, Offer, Question; the rest is filled in here. Why may be set
// where the rule's own is not precise enough; a Severity may only be lowered.
type report func(Finding)

// says makes an example of instructions alone.
func says(instructions string) Example {
	return Example{Jobs: []job.Spec{{Name: "Example", CallerIntent: "The caller wants this.", Instructions: instructions}}}
}

// in gives an example a context.
func (e Example) in(c Context) Example {
	e.Context = c
	return e
}

func byID(id RuleID) (rule, bool) {
	i := slices.IndexFunc(catalogue, func(r *rule) bool { return r.ID == id })
	if i < 0 {
		return rule{}, false
	}
	return *catalogue[i], true
}
