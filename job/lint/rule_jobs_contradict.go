package lint

import "fmt"

var ruleJobsContradict = &rule{RuleInfo: RuleInfo{
	ID: "jobs-contradict", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Texts contradict each other",
	Catches: "One text says that something always happens or is so, another one of the same step that it never is.",
	Why:     "Sona reads both and follows now the one, now the other.",
	Source:  "Seed 52, issue 7: contradictions across jobs and pages",
	How: "Two sentences with the same telling words, one of them turned by a word such as “not” or “never”. Both must be rules for every call (always, never), " +
		"statements about the business (we, is, can), or one of them stand on a page. The same in other words is not seen.",
	Bad: []Example{
		together(Context{}, spec("Book a visit", "Always offer the waiting list."), spec("Move a visit", "Never offer the waiting list.")),
		together(Context{Pages: []Page{{ID: "p1", Title: "Policies", Text: "We do not accept walk-in guests."}}},
			spec("Answer questions", "If asked, say that we accept walk-in guests."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a room", "Dogs are allowed in all rooms."), spec("Answer questions", "Dogs are not allowed in rooms.")),
	},
	Good: []Example{
		together(Context{}, spec("Book a visit", "1. Ask for the e-mail address."), spec("Take a message", "Do not ask for the e-mail address.")),
		together(Context{}, spec("Book a visit", "Always offer the waiting list."), spec("Move a visit", "Never offer the waiting list to new guests.")),
		together(Context{}, spec("Book a room", "If the room is not free, offer another day."), spec("Answer questions", "If the room is free, offer it.")),
		together(Context{}, spec("Book a room", "Is the room free?"), spec("Answer questions", "The room is not free.")),
	},
}, set: func(s *set, report report) {
	first := map[uint64][]int{}
	for i := range s.claims {
		b := &s.claims[i]
		if len(b.terms) < 2 || b.class&wordIf != 0 || s.asks(b) || s.sources[b.source].kind == ofGuardrail {
			continue
		}
		for _, k := range first[b.key] {
			a := &s.claims[k]
			if a.source == b.source || a.class&wordNot == b.class&wordNot || len(a.facts) > 0 && len(b.facts) > 0 && !sameFacts(a, b) || !s.bindsBoth(a, b) {
				continue
			}
			f := s.clash(a, b)
			f.Message = fmt.Sprintf("“%s” stands %s, the opposite %s.", inShort(s.textOf(a)), s.in(a.source), s.in(b.source))
			f.Question = "Which of the two is right?"
			report(f)
			break
		}
		if len(first[b.key]) < mostAlike {
			first[b.key] = append(first[b.key], i)
		}
	}
}}

// asks reports whether a claim is a question.
func (s *set) asks(c *claim) bool {
	sp := s.textOf(c)
	return sp != "" && sp[len(sp)-1] == '?'
}

// bindsBoth reports whether two claims hold for every call, and not for the job of each alone.
func (s *set) bindsBoth(a, b *claim) bool {
	if s.sources[a.source].kind != ofJob || s.sources[b.source].kind != ofJob {
		return true
	}
	const states = wordUs | wordIs
	return a.class&wordEver != 0 && b.class&wordEver != 0 || a.class&states != 0 && b.class&states != 0
}

func sameFacts(a, b *claim) bool {
	if len(a.facts) != len(b.facts) {
		return false
	}
	for i := range a.facts {
		if a.facts[i].Text != b.facts[i].Text {
			return false
		}
	}
	return true
}
