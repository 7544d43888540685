package lint

import (
	"fmt"
	"strings"
)

var ruleAddressConflict = &rule{RuleInfo: RuleInfo{
	ID: "address-conflict", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Address said differently",
	Catches: "Two texts that a step reads give another street address for the same place.",
	Why:     "Sona sends callers now to the one, now to the other door.",
	Source:  "Seed 52, issue 7: conflicting facts across jobs and pages",
	How: "A street address is a number, one to four words and a word such as Street or Avenue. Addresses are compared where the sentences say the same about them: " +
		"“we are located at”, “our address”, or the same name. Addresses of other shapes are not seen.",
	Bad: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "About us", Text: "We are located at 12 Main Street."}}},
			spec("Answer questions", "If asked for the way, say: \"Our office is at 21 Main Street.\""), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a visit", "Our address is 5 Old Mill Road."), spec("Answer questions", "Address: we are at 7 Park Avenue.")),
	},
	Good: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "About us", Text: "We are located at 12 Main Street."}}},
			spec("Answer questions", "Our address is 12 Main St."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a visit", "The downtown shop is at 5 Old Mill Road."), spec("Answer questions", "The harbour shop is at 7 Park Avenue.")),
		together(Context{}, spec("Book a visit", "1. Ask for their address, such as 5 Old Mill Road."), spec("Answer questions", "1. Ask for their address, such as 7 Park Avenue.")),
	},
}, set: func(s *set, report report) {
	compareClaims(s, wordPlace, func(c *claim) (said, bool) {
		if c.class&wordPlace == 0 || c.class&wordSample != 0 {
			return said{}, false
		}
		t := s.sources[c.source].t
		value, from, to := street(t, c)
		if value == "" {
			return said{}, false
		}
		one := said{values: []string{value}, named: true}
		for i := c.from; i < c.to; i++ {
			w := t.word(i)
			if (i < from || i >= to) && classOf(w)&(wordPlain|wordNot|wordEver|wordCount|wordPlace|wordUs) == 0 && figures(w) == "" && w != "say" && w != "if" && w != "asked" {
				if i > to {
					break // what follows an address is the city, or something else
				}
				one.subject += mixed(termOf(w))
				one.words++
			}
		}
		return one, one.words > 0 || c.class&wordUs != 0
	}, func(a, b *said) bool { return a.values[0] != b.values[0] }, func(a, b *said) {
		f := s.clash(a.claim, b.claim)
		f.Message = fmt.Sprintf("The address %s is another than %s.", s.in(a.claim.source), s.in(b.claim.source))
		f.Question = "Which address is right?"
		report(f)
	})
}}

var streets = map[string]string{"street": "st", "st": "st", "avenue": "ave", "ave": "ave", "road": "rd", "rd": "rd", "boulevard": "blvd", "blvd": "blvd",
	"lane": "ln", "ln": "ln", "drive": "dr", "dr": "dr", "way": "way", "court": "ct", "ct": "ct", "place": "pl", "pl": "pl", "square": "sq",
	"highway": "hwy", "parkway": "pkwy"}

// street returns the first street address of a claim in a form that can be compared, and which words it is.
func street(t *text, c *claim) (address string, from, to int) {
	for i := c.from; i < c.to; i++ {
		suffix, ok := streets[t.word(i)]
		if !ok || !capital(t, i) {
			continue
		}
		for k := i - 1; k >= c.from && k >= i-5; k-- {
			if w := t.word(k); figures(w) != "" && w[0] >= '0' && w[0] <= '9' && k < i-1 {
				var name strings.Builder
				name.WriteString(w)
				for n := k + 1; n < i; n++ {
					name.WriteString(" " + t.word(n))
				}
				return name.String() + " " + suffix, k, i + 1
			}
		}
	}
	return "", 0, 0
}

// capital reports whether word i begins with a capital letter.
func capital(t *text, i int) bool {
	at := t.words[i].span.Start
	return t.s[at] != t.lower[at]
}
