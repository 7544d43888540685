package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleActionNoFailure = &rule{
	RuleInfo: RuleInfo{
		ID: "action-no-failure", Practice: OffScript, Severity: Hint, Language: "any",
		Title:   "No word about failures",
		Catches: "A text message or an action of your own systems, and nothing about what to say when it fails or finds nothing.",
		Why:     "Messages to landlines fail and look-ups find nobody; without a word about it Sona may claim that it worked.",
		Source:  "PRODUCT: actions",
		How: "An inline action other than transfer, voicemail and end of the call, or the name of a tool (words joined by underscores that are called or used), " +
			"in a text without any word for failing or not being found.",
		Bad: []Example{
			says("1. Say that you text the form, and send it: {{action send_sms text=\"Form: https://example.com\"}}\n2. Ask whether it arrived.\n3. Say goodbye."),
			says("1. Ask for the order number.\n2. Look it up: {{action find_order}}\n3. Say when the parcel comes."),
			says("Ask for the name. Use the lookup_patient tool and say when the appointment is."),
		},
		Good: []Example{
			says("1. Say that you text the form, and send it: {{action send_sms text=\"Form: https://example.com\"}}\n   - If it did not arrive, spell the address.\n2. Say goodbye."),
			says("1. Ask for the order number.\n2. Look it up: {{action find_order}}\n   - If nothing is found, ask for the number once more."),
			says("Ask for the name. Use the lookup_patient tool; without a result, take a message."),
			says("Say goodbye and end the call: {{action end_call}}"),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if failures.any(t) {
			return
		}
		sp, name := t.firstAction()
		if name == "" {
			return
		}
		found(Finding{
			Span:    sp,
			Message: "Nothing says what Sona does when " + name + " fails or finds nothing.",
			Offer:   &Fix{Span: job.Span{Start: len(t.s), End: len(t.s)}, Text: "\n\nIf " + strings.Trim(name, "“”") + " fails, say so and ____."},
		})
	},
}

// failures are words for what did not work.
var failures = phrases(`fail|fails|failed|failing|failure|failures|error|errors|unsuccessful|unsuccessfully|not found|no results|no result|nothing found|no match|no matches|not match|doesn't match|don't match|no record|no records|nothing is found|nothing
	without a result|cannot find|can't find|could not find|couldn't find|cannot be found|can't be found|can't be|cannot be|could not be|couldn't be|unable|isn't found|aren't found|is not found|not exist|doesn't exist|don't exist
	not arrive|didn't arrive|doesn't arrive|not go through|doesn't go through|didn't go through|not work|doesn't work|didn't work|not receive|didn't receive|doesn't receive|not received
	not available|isn't available|aren't available|unavailable|no availability|no slots|none are available|none is available|no openings|not successful|invalid|rejected|declined|timeout|times out|timed out|went wrong|goes wrong|landline|landlines|trouble|issue with the|not yet|not verified|cannot verify|can't verify|fallback|otherwise|if not|if no|if none|if false
	falla|fallan|fallo|error|no encuentra|no llega|no funciona|no hay|no está|échoue|échec|erreur|introuvable|ne trouve|n'arrive pas|ne fonctionne pas|aucun|aucune`)

// firstAction returns the first action that can fail, and how to name it.
func (t *text) firstAction() (job.Span, string) {
	for _, u := range t.out.Actions {
		switch u.Name {
		case job.TransferCall, job.Voicemail, job.EndCall:
		case job.SendSMS:
			return u.Span, "the text message"
		default:
			return u.Span, cite(string(u.Name))
		}
	}
	for i := range t.words {
		if sp, ok := t.tool(i); ok && !strings.HasPrefix(sp.In(t.lower), "get_current_") && !strings.HasSuffix(sp.In(t.lower), "_agent") {
			return sp, cite(sp.In(t.s))
		}
	}
	return job.Span{}, ""
}

// tool returns the name of a tool that begins at word i and is used: words joined by underscores behind
// "call" or "use", or before "tool", "function" or parentheses.
func (t *text) tool(i int) (job.Span, bool) {
	sp := t.words[i].span
	if sp.End >= len(t.s) || t.s[sp.End] != '_' || sp.Start > 0 && t.s[sp.Start-1] == '_' {
		return sp, false
	}
	k := i
	for k+1 < len(t.words) && t.words[k+1].span.Start == t.words[k].span.End+1 && t.s[t.words[k].span.End] == '_' {
		k++
	}
	if k == i {
		return sp, false
	}
	sp.End = t.words[k].span.End
	if sp.In(t.s) != sp.In(t.lower) {
		return sp, false // a constant, a tag
	}
	if line, all := t.lineBefore(sp.Start, 200); all && strings.HasPrefix(strings.TrimSpace(line), "|") {
		return sp, false // a table
	}
	used := strings.HasPrefix(t.s[sp.End:], "(")
	if lexicon.marks[t.words[i].id]&markNoFailure != 0 {
		return sp, false
	}
	for j := max(0, i-3); j < i; j++ {
		if t.s[t.words[j].span.End] == '_' {
			continue
		}
		switch t.word(j) {
		case "use", "call", "run", "invoke", "using", "calling", "execute", "trigger", "via", "invoking", "then":
			used = true
		case "don't", "never", "not":
			return sp, false
		}
	}
	switch t.word(k + 1) {
	case "tool", "function", "action":
		used = true
	}
	return sp, used
}
