package lint

import (
	"slices"

	"github.com/sonajobs/sona/job"
)

// ruleUndefinedTarget: a transfer to somebody whom calls may not be transferred to.
var ruleUndefinedTarget = &rule{RuleInfo: RuleInfo{
	ID: "undefined-target", Practice: Reach, Severity: Error, Title: "Unknown target of a transfer",
	Catches:  "A transfer to a member, an inbox or a number that is not among the targets of the workspace.",
	Why:      "The transfer fails in the middle of the call, after the caller agreed to it.",
	Source:   "Package callflow: the settings’ targets; Context.Targets",
	How:      "The targets of inline transfers against Context.Targets; without such a list nothing is checked. Each target is reported once.",
	Language: "any",
	Bad: []Example{
		says("Hand over. {{action transfer_call to=\"inbox:sales\"}}").in(Context{Targets: []job.Target{{Kind: job.TargetInbox, ID: "office"}}}),
		says("Hand over. {{action transfer_call to=\"number:+15550100123\"}}").in(Context{Targets: []job.Target{}}),
	},
	Good: []Example{
		says("Hand over. {{action transfer_call to=\"inbox:office\"}}").in(Context{Targets: []job.Target{{Kind: job.TargetInbox, ID: "office"}}}),
		says("Hand over. {{action transfer_call to=\"inbox:sales\"}}"),
		says("Hand over. {{action transfer_call to=\"nobody\"}}").in(Context{Targets: []job.Target{}}),
	},
}, text: func(t *text, r report) {
	if t.ctx.Targets == nil {
		return
	}
	seen := map[job.Target]bool{}
	for _, u := range t.out.Actions {
		if u.Target.IsZero() || seen[u.Target] || slices.Contains(t.ctx.Targets, u.Target) {
			continue
		}
		seen[u.Target] = true
		r(Finding{Span: u.Span, Message: "Calls cannot be transferred to “" + glance(u.Target.String()) + "”.",
			Question: "Who should take the call, or has this target still to be allowed in the settings?"})
	}
}}
