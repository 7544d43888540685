package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleHoursConflict = &rule{RuleInfo: RuleInfo{
	ID: "hours-conflict", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Opening hours said differently",
	Catches: "Two texts that a step reads give other opening hours for the same day.",
	Why:     "Sona reads both and tells callers now the one, now the other.",
	Source:  "Seed 52, issue 7: conflicting facts across jobs and pages",
	How: "Days and times of each sentence and row are read and compared between jobs, pages, guardrails and the greeting, where they are about the same thing. " +
		"Hours given in words (“nine to five”) are not seen.",
	Bad: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "About us", Text: "We are open Monday to Friday from 9 am to 5 pm."}}},
			spec("Book a table", "1. Say that we are open Monday to Friday, 9 am to 6 pm.\n2. Ask for a day."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a visit", "Our opening hours are Mon-Fri 9:00-17:00 and Sat 10:00-14:00."), spec("Answer questions", "Opening hours: Saturday 9 am to 2 pm.")),
		together(Context{Greeting: "We are open daily from 8 am to 8 pm."}, spec("Book a visit", "1. Ask for a day."), spec("Answer questions", "1. Say: \"We are closed on Sundays.\"")),
	},
	Good: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Hours", Text: "Mon–Fri: 9:00–17:00\nSat: 10:00–14:00"}}},
			spec("Book a table", "We are open Monday through Friday from 9 am to 5 pm and on Saturdays from 10 to 2 pm."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Pages: []Page{{ID: "p1", Title: "Spa", Text: "Open daily from 10 am to 8 pm."}}},
			spec("Book a table", "The restaurant is open daily from 11 am to 11 pm."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a visit", "Visits are on Monday from 9 am to 5 pm."), spec("Deliveries", "Deliveries come on Monday from 7 am to 9 am.")),
	},
}, set: func(s *set, report report) {
	given := map[*claim][]hours{}
	compareClaims(s, wordOpen, func(c *claim) (said, bool) {
		if c.class&wordOpen == 0 && !hasDay(c) || c.class&wordSample != 0 || !mayGiveHours(s.sources[c.source].t, c) {
			return said{}, false
		}
		h := hoursOf(s.sources[c.source].t, c)
		if len(h) == 0 {
			return said{}, false
		}
		given[c] = h
		return said{}, true
	}, func(a, b *said) bool { return hoursDiffer(given[a.claim], given[b.claim]) }, func(a, b *said) {
		f := s.clash(a.claim, b.claim)
		f.Message = fmt.Sprintf("Opening hours stand %s and %s, and they differ.", s.in(a.claim.source), s.in(b.claim.source))
		f.Question = "Which hours are right?"
		report(f)
	})
}}

// row reports whether a claim is a row of a table or an entry such as "Haircut: $30", which needs its heading.
func (s *set) row(c *claim) bool {
	words := s.textOf(c)
	at := strings.IndexAny(words, ":|")
	return at >= 0 && at+1 < len(words)
}

// mayGiveHours reports whether two times stand in a claim, or the word "closed".
func mayGiveHours(t *text, c *claim) bool {
	times := 0
	for _, f := range c.facts {
		if f.Kind == job.FactTime || f.Kind == job.FactNumber {
			times++
		}
	}
	return times > 1 || c.class&wordOpen != 0 && strings.Contains(c.span.In(t.lower), "closed")
}

// hasDay reports whether a day stands in a claim.
func hasDay(c *claim) bool {
	for _, f := range c.facts {
		if f.Kind == job.FactDate {
			return true
		}
	}
	return false
}

// compareClaims reads what claims say about one kind of thing and yields those that differ. The words of class are
// no part of what they are about.
func compareClaims(s *set, class wordClass, read func(*claim) (said, bool), differ func(a, b *said) bool, yield func(a, b *said)) {
	var all []said
	for i := range s.claims {
		c := &s.claims[i]
		one, ok := read(c)
		if !ok {
			continue
		}
		one.claim = c
		if !one.named {
			one.subject, one.words = s.subject(c, class|wordUs)
		}
		if one.words <= 2 || s.row(c) {
			one.inJob = s.sources[c.source].kind == ofJob
			if !one.inJob || one.words > 0 && c.class&wordUs == 0 { // headings of jobs name steps, mostly
				one.about = s.above(c, class)
			}
		}
		if one.words == 0 && !one.inJob && len(one.about) > 0 { // a row says nothing itself
			for _, w := range one.about {
				one.subject += mixed(w)
			}
		}
		all = append(all, one)
	}
	conflicts(all, differ, yield)
}

// together makes an example of the jobs of one step.
func together(c Context, specs ...job.Spec) Example { return Example{Jobs: specs, Context: c} }

// spec makes a job of an example.
func spec(name, instructions string) job.Spec {
	return job.Spec{Name: name, CallerIntent: "The caller wants this: " + name + ".", Instructions: instructions}
}
