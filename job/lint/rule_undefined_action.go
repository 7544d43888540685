package lint

import (
	"slices"

	"github.com/sonajobs/sona/job"
)

// ruleUndefinedAction: an inline action that nobody carries out.
var ruleUndefinedAction = &rule{RuleInfo: RuleInfo{
	ID: "undefined-action", Practice: Reach, Severity: Error, Title: "Unknown action",
	Catches:  "An inline action that is neither built in nor declared by the host.",
	Why:      "Nothing happens at this point of the call, whatever Sona says about it.",
	Source:   "Package job: inline actions; Context.Actions",
	How:      "The names of inline actions against the built-in ones and Context.Actions. Each name is reported once.",
	Language: "any",
	Bad: []Example{
		says("1. Ask for a day.\n2. Book it. {{action book_table}}"),
		says("Hand over: {{action transfer to=\"inbox:office\"}}"),
		says("End. {{action endcall}}"),
	},
	Good: []Example{
		says("1. Ask for a day.\n2. Book it. {{action book_table}}").in(Context{Actions: []job.ActionSpec{{Name: "book_table"}}}),
		says("End. {{action end_call}}"),
		says("Ask about the action {{action}}."),
	},
}, text: func(t *text, r report) {
	var seen []job.ActionName
	for _, u := range t.out.Actions {
		if slices.Contains(seen, u.Name) || t.knows(u.Name) {
			continue
		}
		if len(seen) < 100 { // enough for any author, and linear
			seen = append(seen, u.Name)
		}
		f := Finding{Span: u.Span, Message: "No action is called “" + glance(string(u.Name)) + "”."}
		names := t.actionNames()
		if near := nearest(string(u.Name), names); near != "" {
			f.Question = "Is “" + near + "” meant?"
		} else {
			f.Question = "Which action is meant, or does somebody still have to declare it?"
		}
		r(f)
	}
}}

// knows reports whether an action of that name can be carried out.
func (t *text) knows(name job.ActionName) bool {
	switch name {
	case job.SendSMS, job.TransferCall, job.Voicemail, job.EndCall:
		return true
	}
	return slices.ContainsFunc(t.ctx.Actions, func(a job.ActionSpec) bool { return a.Name == name })
}

func (t *text) actionNames() []string {
	names := []string{string(job.SendSMS), string(job.TransferCall), string(job.Voicemail), string(job.EndCall)}
	for _, a := range t.ctx.Actions {
		names = append(names, string(a.Name))
	}
	return names
}
