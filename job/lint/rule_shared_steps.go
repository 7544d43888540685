package lint

import (
	"fmt"
	"slices"

	"github.com/sonajobs/sona/job"
)

var ruleSharedSteps = &rule{RuleInfo: RuleInfo{
	ID: "shared-steps", Practice: Together, Severity: Hint, Language: "any", Set: true,
	Title:   "The same steps in several jobs",
	Catches: "Five or more steps stand word for word in two or more jobs.",
	Why:     "A change of one of them has to be made in every job, and is easily forgotten in one.",
	Source:  "Issue 7: shared steps",
	How:     "Sentences and entries of four words and more are compared as they stand, whatever their number. Nearly equal jobs are left to job-duplicate.",
	Bad: []Example{
		together(Context{}, spec("Book a visit", sharedSteps+"\n6. Offer the next free day and read it back.\n7. Ask whether anybody comes along.\n8. Tell them where they can park their car."),
			spec("Ask for a call back", "Callers who want a technician to call them back.\n"+sharedSteps+"\n6. Say that somebody calls back within the day.\n7. Ask when it suits them.")),
	},
	Good: []Example{
		together(Context{}, spec("Book a visit", "1. Ask for the caller's name.\n2. Ask for their phone number.\n3. Offer the next free day.\n4. Read the day back to them."),
			spec("Ask for a call back", "1. Ask for the caller's name.\n2. Ask for their phone number.\n3. Ask when it suits them.\n4. Say that somebody calls back.")),
	},
}, set: func(s *set, report report) {
	type place struct{ source, claim int }
	first := map[uint64]place{}
	shared := map[[2]int][]job.Span{} // of two jobs: where the sentences stand in the first of them
	last := map[uint64]int{}
	for i := range s.claims {
		c := &s.claims[i]
		if s.sources[c.source].kind != ofJob || c.to-c.from < 4 {
			continue
		}
		p, ok := first[c.whole]
		switch {
		case !ok:
			first[c.whole] = place{c.source, i}
		case p.source != c.source && last[c.whole] != c.source+1:
			last[c.whole] = c.source + 1
			pair := [2]int{p.source, c.source}
			shared[pair] = append(shared[pair], s.claims[p.claim].span)
		}
	}
	twins := newGroups(len(s.texts))
	for _, group := range s.twins() {
		for _, i := range group[1:] {
			twins.join(group[0], i)
		}
	}
	g := newGroups(len(s.texts))
	for pair, spans := range shared {
		if len(spans) >= fewestShared && twins.root(pair[0]) != twins.root(pair[1]) {
			g.join(pair[0], pair[1])
		}
	}
	for _, group := range g.all() {
		spans := shared[[2]int{group[0], group[1]}]
		for _, i := range group[2:] {
			if more := shared[[2]int{group[0], i}]; len(more) > len(spans) {
				spans = more
			}
		}
		if len(spans) == 0 {
			continue
		}
		slices.SortFunc(spans, func(a, b job.Span) int { return a.Start - b.Start })
		f := s.found(group[0], spans[0])
		for _, i := range group[1:] {
			f.Also = append(f.Also, s.at(i, job.Span{}))
		}
		f.Message = fmt.Sprintf("%s %d sentences word for word.", s.namesOf(group), len(spans))
		f.Question = "Should they be rules for all jobs, or a job of their own?"
		f.Ignore = s.jobsKey(group)
		report(f)
	}
}}

const fewestShared = 5

// sharedSteps are the steps that the jobs of the example share.
const sharedSteps = `1. Ask for the caller's full name.
2. Ask for the number of the contract.
3. Read the number back in groups of three.
4. Ask for the make of the machine.
5. Ask what exactly does not work.`
