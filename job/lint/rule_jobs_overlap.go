package lint

import (
	"fmt"
	"slices"
	"strings"
)

var ruleJobsOverlap = &rule{RuleInfo: RuleInfo{
	ID: "jobs-overlap", Practice: Together, Severity: Hint, Language: "en", Set: true,
	Title:   "Two jobs for the same wish",
	Catches: "The same sentence of a caller fits two jobs of a step.",
	Why:     "Sona follows now the one, now the other, or asks callers which of them they mean.",
	Source:  "Seed 42, Seed 56: another job fits as well",
	How: "The telling words of the overview lines are compared: name and intent, else goal, else description; words for the same wish (book, schedule) count as one. " +
		"Jobs that want different things done (book, cancel) do not overlap. What different words mean alike is not seen.",
	Bad: []Example{
		together(Context{}, about("Book an appointment", "The caller wants to book an appointment."), about("Scheduling", "The caller wants to schedule an appointment with us.")),
		together(Context{}, about("Order status", "The caller wants to know where their order is."), about("Delivery questions", "The caller has a question about the status or delivery of an order.")),
	},
	Good: []Example{
		together(Context{}, about("Book an appointment", "The caller wants to book an appointment."), about("Cancel an appointment", "The caller wants to cancel an appointment.")),
		together(Context{}, about("Order status", "The caller wants to know where their order is."), about("Opening hours", "The caller wants to know when the shop is open.")),
	},
}, set: func(s *set, report report) {
	all := s.overviews()
	wide := widespread(all)
	twins := s.twins()
	for i := range all {
		best, most := -1, 0
		for k := i + 1; k < len(all); k++ {
			if inOneGroup(twins, i, k) || apart(all[i].acts, all[k].acts) {
				continue
			}
			if n := overlap(&all[i], &all[k], wide); n > most {
				best, most = k, n
			}
		}
		if best < 0 {
			continue
		}
		f := s.found(i, noSpan)
		f.Field = all[i].field
		p := s.at(best, noSpan)
		p.Field = all[best].field
		f.Also = []Place{p}
		f.Message = fmt.Sprintf("“%s” and “%s” fit the same callers: both speak of %s.", inShort(s.texts[i].spec.Name), inShort(s.texts[best].spec.Name),
			shown(&all[i], &all[best]))
		f.Question = "What would a caller say who means the one and not the other?"
		f.Ignore = s.jobsKey([]int{i, best})
		report(f)
	}
}}

// overlap returns how much two overviews share, 0 when a caller's words can tell them apart.
func overlap(a, b *overview, wide map[term]bool) int {
	if !lacks(a.terms, b.terms) && !lacks(b.terms, a.terms) && !apart(a.name, b.name) {
		return 0 // overview-indistinct says it
	}
	return max(inCommon(a.terms, b.terms, wide), inCommon(a.when, b.when, wide))
}

// inCommon returns how many of a hundred words of two lists both have, 0 when that is too few.
func inCommon(a, b []term, wide map[term]bool) int {
	n, telling := 0, 0
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
			if !wide[w] {
				telling++
			}
		}
	}
	small, all := min(len(a), len(b)), len(a)+len(b)-n
	if n < 2 || telling == 0 || n < small && n*100 < all*60 {
		return 0
	}
	return n * 100 / all
}

// shown lists the words that two overviews share.
func shown(a, b *overview) string {
	var words []string
	for i, w := range a.terms {
		if slices.Contains(b.terms, w) && len(words) < 5 {
			words = append(words, a.words[i])
		}
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func inOneGroup(groups [][]int, i, k int) bool {
	return slices.ContainsFunc(groups, func(g []int) bool { return slices.Contains(g, i) && slices.Contains(g, k) })
}
