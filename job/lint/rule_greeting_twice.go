package lint

import (
	"fmt"
	"slices"
	"strings"
)

var ruleGreetingTwice = &rule{RuleInfo: RuleInfo{
	ID: "greeting-twice", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Greeting twice",
	Catches: "The step greets callers, and a job greets them again.",
	Why:     "Callers are welcomed a second time in the middle of their call.",
	Source:  "Issue 7: greeting or closing twice",
	How:     "Only where the step has a greeting: words of a greeting among the first sentences of a job, unless they are negated or conditional.",
	Bad: []Example{
		together(Context{Greeting: "Thank you for calling Acme, how can I help?"}, spec("Book a table", "1. Greet the caller warmly.\n2. Ask for a day.\n3. Read it back."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Greeting: "Hello, this is Acme."}, spec("Book a table", "1. Say: \"Thank you for calling Acme, how can I help you?\"\n2. Ask for a day.\n3. Read it back."), spec("Take a message", "1. Ask for a message.")),
	},
	Good: []Example{
		together(Context{}, spec("Book a table", "1. Greet the caller.\n2. Ask for a day."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Greeting: "Hello, this is Acme."}, spec("Book a table", "1. Do not greet the caller again.\n2. Ask for a day."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Greeting: "Hello, this is Acme."}, spec("Book a table", "1. Ask for a day.\n2. Read it back.\n3. Ask for a name.\n4. Thank them for calling."), spec("Take a message", "1. Ask for a message.")),
	},
}, set: func(s *set, report report) {
	if s.ctx.Greeting == "" {
		return
	}
	for i, t := range s.texts {
		steps, seen := len(t.sents), -1
		greets.each(t, func(h hit) {
			sent := t.sents[h.sent]
			if seen >= 0 || h.sent > 5 || h.sent*3 > steps || sent.example || conditional(t, sent) || negatedBefore(t, sent.from, h.from) {
				return
			}
			seen = h.sent
			f := s.found(i, sent.span)
			f.Message = fmt.Sprintf("“%s” greets callers whom the greeting of the step has greeted already.", inShort(sent.span.In(t.s)))
			f.Question = "Can this step begin with what comes after the greeting?"
			f.Also = []Place{s.at(len(s.sources)-1, noSpan)}
			f.Ignore = foldedKey(sent.span.In(t.s))
			report(f)
		})
	}
}}

var greets = phrases(`greet the caller | greet the customer | greet the user | greet the guest | greet the patient | greet the client | greet them | greet callers
	greet customers | greet users | greet guests | greet warmly | greet by name | start by greeting | begin by greeting | start with a greeting | begin with a greeting
	warmly greet | politely greet | always greet | welcome the caller | welcome the customer | welcome the user | welcome the guest | welcome the patient | welcome callers
	introduce yourself | say hello | say hi | thank you for calling | thanks for calling | thank the caller for calling | thank them for calling`)

// conditional reports whether a sentence begins with a condition.
func conditional(t *text, s sentence) bool {
	return s.from < s.to && classOf(t.word(s.from))&wordIf != 0
}

// negatedBefore reports whether one of words[from:to] turns what follows.
func negatedBefore(t *text, from, to int) bool {
	for i := from; i < to; i++ {
		if classOf(t.word(i))&wordNot != 0 {
			return true
		}
	}
	return false
}

var ruleClosingTwice = &rule{RuleInfo: RuleInfo{
	ID: "closing-twice", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Closing twice",
	Catches: "A rule for all jobs says how calls end, and a job closes them with words of its own.",
	Why:     "Callers hear two goodbyes, or one that the workspace did not want.",
	Source:  "Issue 7: greeting or closing twice",
	How:     "A rule for all jobs with words of a goodbye and a job with such words, unless they are negated.",
	Bad: []Example{
		together(Context{Guardrails: []string{"End every call with: \"Thank you for calling Acme, goodbye.\""}},
			spec("Book a table", "1. Ask for a day.\n2. Read it back.\n3. Wish them a nice day and say goodbye."), spec("Take a message", "1. Ask for a message.")),
	},
	Good: []Example{
		together(Context{Guardrails: []string{"End every call with: \"Goodbye.\""}}, spec("Book a table", "1. Ask for a day.\n2. Read it back.\n3. Do not say goodbye yourself."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Guardrails: []string{"Never say goodbye first."}}, spec("Book a table", "1. Ask for a day.\n2. Say goodbye."), spec("Take a message", "1. Ask for a message.")),
	},
}, set: func(s *set, report report) {
	rule := slices.IndexFunc(s.sources, func(src source) bool {
		return src.kind == ofGuardrail && !negatedBefore(src.t, 0, len(src.t.words)) && slices.ContainsFunc(saysEnding, func(w string) bool { return strings.Contains(src.t.lower, w) })
	})
	if rule < 0 {
		return
	}
	for i, t := range s.texts {
		seen := false
		closes.each(t, func(h hit) {
			sent := t.sents[h.sent]
			if seen || sent.example || h.sent*2 < len(t.sents)-1 || negatedBefore(t, sent.from, h.from) {
				return
			}
			seen = true
			f := s.found(i, sent.span)
			f.Message = fmt.Sprintf("“%s” closes the call, and a rule for all jobs closes it, too.", inShort(sent.span.In(t.s)))
			f.Question = "Should the job leave the closing to the rule?"
			f.Also = []Place{s.at(rule, noSpan)}
			f.Ignore = foldedKey(sent.span.In(t.s))
			report(f)
		})
	}
}}

var (
	saysEnding = []string{"end every call", "end each call", "end all calls", "end the call with", "close every call", "close each call", "close the call with", "say goodbye",
		"before hanging up", "finish every call", "close with", "end with"}
	closes = phrases(`say goodbye | says goodbye | say good bye | goodbye | have a great day | have a nice day | have a good day | have a wonderful day | a nice day | a great day
	a good day | thank you for calling | thanks for calling | thank them for calling | thank the caller for calling | thank the customer for calling`)
)
