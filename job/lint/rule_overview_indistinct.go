package lint

import (
	"fmt"
	"slices"

	"github.com/sonajobs/sona/job"
)

var noSpan = job.Span{}

var ruleOverviewIndistinct = &rule{RuleInfo: RuleInfo{
	ID: "overview-indistinct", Practice: Together, Severity: Warning, Language: "any", Set: true,
	Title:   "Jobs that cannot be told apart",
	Catches: "The names and intents of two jobs differ by nothing that a caller could mean, or a job says nothing about when it applies.",
	Why:     "Sona chooses a job by these lines, and has nothing to choose by.",
	Source:  "Seed 42, issue 7: indistinct overview lines",
	How:     "Name and intent, else goal, else description, are compared without figures and words that name nothing (copy, new, test).",
	Bad: []Example{
		together(Context{}, about("Booking", "The caller wants a table."), about("Booking 2", "The caller wants a table.")),
		together(Context{}, job.Spec{Name: "Test", Instructions: "Ask for the name."}, about("Booking", "The caller wants a table.")),
	},
	Good: []Example{
		together(Context{}, about("Booking", "The caller wants a table."), about("Booking for groups", "The caller wants a table for more than 8.")),
		together(Context{}, job.Spec{Name: "Bookings", Instructions: "Ask for the name."}, about("Complaints", "The caller is unhappy.")),
	},
}, set: func(s *set, report report) {
	if len(s.texts) < 2 {
		return
	}
	all := s.overviews()
	for i := range all {
		slices.Sort(all[i].terms)
		f := s.found(i, noSpan)
		f.Field = all[i].field
		if len(all[i].terms) == 0 {
			f.Message = fmt.Sprintf("Neither the name “%s” nor anything else says when this job applies.", inShort(s.texts[i].spec.Name))
			f.Question = "What would a caller say who needs this job?"
			f.Ignore = s.jobsKey([]int{i})
			report(f)
			continue
		}
		k := slices.IndexFunc(all[:i], func(o overview) bool { return slices.Equal(o.terms, all[i].terms) && !apart(o.name, all[i].name) })
		if k < 0 {
			continue
		}
		p := s.at(k, noSpan)
		p.Field = all[k].field
		f.Also = []Place{p}
		f.Message = fmt.Sprintf("Nothing tells “%s” from “%s” when Sona chooses a job.", inShort(s.texts[i].spec.Name), inShort(s.texts[k].spec.Name))
		f.Question = "What would a caller say who means the one and not the other?"
		f.Ignore = s.jobsKey([]int{k, i})
		report(f)
	}
}}

// about makes a job of an example by its overview line.
func about(name, intent string) job.Spec {
	return job.Spec{Name: name, CallerIntent: intent, Instructions: "1. Ask for the caller's name."}
}
