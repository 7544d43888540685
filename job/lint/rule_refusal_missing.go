package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleRefusalMissing = &rule{
	RuleInfo: RuleInfo{
		ID: "refusal-missing", Practice: OffScript, Severity: Warning, Language: "any",
		Title:   "No word about refusals",
		Catches: "A job that asks callers for something and nowhere says what to do when they do not want to answer.",
		Why:     "Sona then asks again and again, or gives up at a place that you did not choose.",
		Source:  "Seed 46, Seed 51",
		How: "The outline finds a question and no sentence has a word for declining (declines, refuses, does not want to, prefers not to …) in English, Spanish or French. " +
			"A caller who does not know or does not have something is not one who declines.",
		Bad: []Example{
			says("This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye and end the call."),
			says("Ask the caller for the order number and look it up. If the number is wrong, ask once more. Say when the parcel comes."),
			says("1. Pida el nombre.\n2. Pida el mensaje.\n3. Despídase."),
		},
		Good: []Example{
			says("This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye.\n\nIf the caller declines a question, skip it."),
			says("Ask for the order number. If they won't give it, offer a callback."),
			says("Tell the caller when the office opens. Say goodbye."),
			says("1. Demandez le nom.\n   - Si l'appelant refuse, continuez sans le nom.\n2. Demandez le message."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		sp, asks := t.asks()
		if !asks || refusals.any(t) {
			return
		}
		f := Finding{Span: sp, Message: "Sona asks the caller (" + cite(sp.In(t.s)) + "), and nothing says what to do when they do not want to answer."}
		f.Offer = &Fix{
			Span: job.Span{Start: len(t.s), End: len(t.s)},
			Text: strings.Repeat("\n", max(0, 2-len(t.s)+len(strings.TrimRight(t.s, "\n")))) + "If the caller declines to answer, ____.",
		}
		found(f)
	},
}

// refusals are words for callers who do not want to answer.
var refusals = phrases(`decline|declines|declined|declining|refuse|refuses|refused|refusing|refusal|refusals|objection|objections|objects|unwilling|reluctant|hesitant|hesitates|hesitate|resists
	won't|will not answer|will not give|will not say|will not tell|will not provide|will not share|does not want|do not want|doesn't want|don't want|did not want|not willing|does not wish|do not wish|doesn't wish|don't wish
	prefers not|prefer not|rather not|would not|wouldn't|not comfortable|uncomfortable|does not answer|do not answer|doesn't answer|don't answer|does not respond|doesn't respond|no response
	does not provide|do not provide|doesn't provide|don't provide|not provided|cannot or will not|can't or won't|does not give|doesn't give|don't give|does not say|do not say|doesn't say
	does not share|doesn't share|don't share|opts out|opt out|not cooperate|uncooperative|non-cooperative|evades|stalls|skip the question|skip that question|skips|insists|not interested|stays silent|no answer
	rechaza|rechazan|se niega|no quiere|no quieren|no desea|no responde|no contesta|prefiere no|niega
	refuse de|refusent|refus|ne veut pas|ne souhaite pas|ne répond pas|préfère ne pas|veut pas`)
