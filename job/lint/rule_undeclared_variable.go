package lint

import (
	"slices"
	"strings"
)

// ruleUndeclaredVariable: a variable that the host does not give.
var ruleUndeclaredVariable = &rule{RuleInfo: RuleInfo{
	ID: "undeclared-variable", Practice: Reach, Severity: Error, Title: "Unknown variable",
	Catches:  "A variable in double braces that is not among those that are known of a call.",
	Why:      "The place stays empty in every call, and Sona says a sentence with a hole.",
	Source:   "Context.Variables",
	How:      "The names in double braces against Context.Variables; without such a list nothing is checked. Each name is reported once.",
	Language: "any",
	Bad: []Example{
		says("Greet {{caller_name}} and ask what it is about.").in(Context{Variables: []string{"first_name"}}),
		says(`{{action send_sms text="Your number: {{ticket}}"}}`).in(Context{Variables: []string{}}),
		says(`Greet {{nme | default: "the caller"}}.`).in(Context{Variables: []string{"name"}}),
	},
	Good: []Example{
		says("Greet {{caller_name}} and ask what it is about.").in(Context{Variables: []string{"caller_name"}}),
		says("Greet {{caller_name}} and ask what it is about."),
		says(`Write \{{name}} on the form.`).in(Context{Variables: []string{}}),
	},
}, text: func(t *text, r report) {
	if t.ctx.Variables == nil {
		return
	}
	seen := map[string]bool{}
	for _, v := range t.out.Variables {
		if seen[v.Name] || slices.Contains(t.ctx.Variables, v.Name) {
			continue
		}
		seen[v.Name] = true
		f := Finding{Span: v.Span, Message: "“" + glance(v.Name) + "” is no variable that is known of a call."}
		if near := nearest(v.Name, t.ctx.Variables); near != "" {
			f.Question = "Is “" + glance(near) + "” meant?"
		} else if len(t.ctx.Variables) > 0 {
			f.Question = "Which one is meant? Known: " + glance(strings.Join(t.ctx.Variables, ", ")) + "."
		}
		r(f)
	}
}}

// nearest returns the name in known that differs from name by a slip: one letter, or its case.
func nearest(name string, known []string) string {
	for _, k := range known {
		if strings.EqualFold(k, name) || slip(k, name) {
			return k
		}
	}
	return ""
}

// slip reports whether a and b differ by one letter that is missing, added or another one.
func slip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || len(b) < 3 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	return i < len(b) && a[i+1:] == b[i+1:]
}
