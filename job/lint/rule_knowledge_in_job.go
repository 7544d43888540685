package lint

import (
	"strconv"

	"github.com/sonajobs/sona/job"
)

// ruleKnowledge: a price list that is called a job.
var ruleKnowledge = &rule{RuleInfo: RuleInfo{
	ID: "knowledge-in-job", Practice: Together, Severity: Hint, Title: "Facts that belong on a page",
	Catches:  "A long list of prices, opening hours, phone numbers or addresses in the instructions.",
	Why:      "The list is read in every call, takes room from the steps, and goes stale where nobody looks for it.",
	Source:   "Seed 9, 10: jobs and Knowledge are different things",
	How:      "Six prices, or four phone numbers, or opening hours of four days, outside of quotations and actions.",
	Language: "any",
	Bad: []Example{
		says("Tell the prices:\n- Cut: $30\n- Colour: $80\n- Wash: $10\n- Shave: $15\n- Beard: $20\n- Braids: $60"),
		says("Hours: Monday 9 am to 5 pm, Tuesday 9 am to 5 pm, Wednesday 9 am to 6 pm, Thursday 9 am to 8 pm, Friday 9 am to 4 pm."),
		says("- Sales: +1 555 010 0001\n- Service: +1 555 010 0002\n- Billing: +1 555 010 0003\n- Press: +1 555 010 0004"),
	},
	Good: []Example{
		says("A visit costs $30, and a second one $20."),
		says("We are open from Monday to Friday, 9 am to 5 pm."),
		says("Ask for Monday, Tuesday, Wednesday or Thursday."),
		says("Ask for the name. Answer questions about prices from Knowledge."),
	},
}, text: func(t *text, r report) {
	var first, last [4]job.Span
	var n [4]int
	numbers := 0
	for _, f := range t.out.Facts {
		k := -1
		switch f.Kind {
		case job.FactMoney:
			k = 0
		case job.FactPhone:
			k = 1
		case job.FactTime:
			k = 2
		case job.FactDate:
			k = 3
		case job.FactNumber:
			numbers++
		default: // of no list
		}
		if k < 0 || t.inAction(f.Span) || t.sentenceAround(f.Span).example {
			continue
		}
		if n[k]++; n[k] == 1 {
			first[k] = f.Span
		}
		last[k] = f.Span
	}
	say := func(k int, what string) {
		r(Finding{Span: job.Span{Start: first[k].Start, End: last[k].End}, Message: "The instructions hold " + strconv.Itoa(n[k]) + " " + what + ".",
			Question: "Could they stand on a Knowledge page of the step? Sona finds them there when they are asked for."})
	}
	switch {
	case n[0] >= 6:
		say(0, "prices")
	case n[1] >= 4:
		say(1, "phone numbers")
	case n[3] >= 4 && n[2] >= 6, n[3] >= 5 && n[2]+numbers >= 8:
		if n[2] == 0 {
			n[2], first[2], last[2] = n[3], first[3], last[3]
		}
		say(2, "times of opening")
	}
}}
