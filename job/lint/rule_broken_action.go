package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleBrokenAction: braces that cannot be read, and actions that cannot be carried out as they are written.
var ruleBrokenAction = &rule{RuleInfo: RuleInfo{
	ID: "broken-action", Practice: Reach, Severity: Error, Title: "Action or braces that cannot be read",
	Catches:  "Double braces that are neither an action nor a variable, a text message without text, a transfer without a target.",
	Why:      "Nothing happens at this point of the call; Sona may even read the braces aloud.",
	Source:   "Package job: inline actions",
	How:      "Every pair of double braces that is not escaped must be read as an action or a variable, and every built-in action must be complete.",
	Language: "any",
	Bad: []Example{
		says("Send it: {{action send_sms}}"),
		says("Hand over. {{action transfer_call to=\"the office\"}}"),
		says("Greet {{Caller Name}}."),
		says("End the call. {{action end_call"),
		says("{% if known %}Greet them.{% endif %}"),
	},
	Good: []Example{
		says("Send it: {{action send_sms text=\"Thank you.\"}}"),
		says("Hand over. {{action transfer_call to=\"inbox:office\"}}"),
		says(`Greet {{caller_name | default: "the caller"}}.`),
		says(`Write \{{Name}} on the form.`),
	},
}, text: func(t *text, r report) {
	for _, u := range t.out.Actions {
		if u.Problem() == nil { // only a text message and a transfer can have one
			continue
		}
		f := Finding{Span: u.Span, Message: "This text message has no text.", Question: "Which words should the caller get?"}
		if u.Name == job.TransferCall {
			f.Message, f.Question = "This transfer names no target that can be read.", "Who should take the call: a member, a shared inbox or an outside number?"
		}
		r(f)
	}
	found := places{t: t, rule: "broken-action"}
	t.unread(func(sp job.Span) { found.add(sp) })
	found.report(r, Finding{Message: "%s is neither an action nor a variable.", Question: "Which action or variable is meant?"})
}}

// unread yields the double braces that job could not read, and tags of template languages.
func (t *text) unread(yield func(job.Span)) {
	acts, vars := t.out.Actions, t.out.Variables
	for i := 0; i < len(t.s); {
		at := strings.IndexByte(t.s[i:], '{')
		if at < 0 || i+at+1 >= len(t.s) {
			return
		}
		at += i
		if i = at + 1; t.s[at+1] != '{' && t.s[at+1] != '%' {
			continue
		}
		i = at + 2
		for len(acts) > 0 && acts[0].Span.End <= at {
			acts = acts[1:]
		}
		for len(vars) > 0 && vars[0].Span.End <= at {
			vars = vars[1:]
		}
		switch {
		case len(acts) > 0 && acts[0].Span.Start <= at+1:
			i = acts[0].Span.End
		case len(vars) > 0 && vars[0].Span.Start <= at+1:
			i = vars[0].Span.End
		case at > 0 && t.s[at-1] == '\\':
		default:
			sp := job.Span{Start: at, End: t.bracesTo(at)}
			yield(sp)
			i = max(i, sp.End)
		}
	}
}

// bracesTo returns the end of the braces that begin at byte at: on the same line, or just their first two bytes.
func (t *text) bracesTo(at int) int {
	const most = 200
	rest := t.s[at:min(len(t.s), at+most)]
	if n := strings.IndexByte(rest, '\n'); n >= 0 {
		rest = rest[:n]
	}
	for _, end := range [...]string{"}}", "%}"} {
		if n := strings.Index(rest, end); n >= 0 {
			return at + n + 2
		}
	}
	return at + 2
}
