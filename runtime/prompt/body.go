package prompt

import (
	"maps"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// jobText is what is read out of a job's text, whatever its handle and its workspace. It is shared and
// never written.
type jobText struct {
	spec    job.Spec
	outline job.Outline
	names   map[string]string // of the variables, as the prompt shows them
	when    string            // when the job applies
}

func readJob(j job.Job) *jobText {
	t := &jobText{spec: j.Spec(), outline: j.Outline(), names: map[string]string{}}
	for _, v := range t.outline.Variables {
		t.names[v.Name] = "{" + v.Name + "}"
	}
	t.when = t.applies()
	return t
}

// planned is an attached job under its handle.
type planned struct {
	*jobText
	handle string
	job    job.Job

	handles     map[int]string // start of an inline action in the instructions → its handle; none when it cannot be carried out
	unavailable bool           // one of them cannot be carried out
}

// glance writes the job's line of the overview.
func (p *planned) glance(w *writer) {
	w.text("- ", p.handle, " ")
	w.bare(p.spec.Name)
	if p.when != "" {
		w.text(": ")
		w.bare(p.when)
	}
	w.text("\n")
}

// mostGlance bounds what the overview takes from free text. The whole text stands in the job.
const mostGlance = job.MaxCallerIntent

// applies says in one line when the job applies: its intent, else its goal, else its description. A goal is
// a sentence of the instructions, so its variables and actions are shown by their names.
func (t *jobText) applies() string {
	switch {
	case !blankText(t.spec.CallerIntent):
		return t.spec.CallerIntent
	case !blankText(t.outline.Goal):
		goal := job.ParseOutline(t.outline.Goal)
		named := func(u job.ActionUse) string { return "[" + string(u.Name) + "]" }
		return shorten(replace(t.outline.Goal, goal, t.names, named), mostGlance)
	}
	return t.spec.Description
}

func blankText(s string) bool { return strings.TrimSpace(s) == "" }

// shorten cuts a text after most characters, and shows that it did.
func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + " …"
		}
		n++
	}
	return s
}

// body writes the job between its fences: name, intent, instructions with headings demoted and inline
// actions under their handles, and what the job is to find out.
func (p *planned) body(w *writer) {
	w.open("job", p.handle)
	w.text("Name: ")
	w.bare(p.spec.Name)
	if !blankText(p.spec.CallerIntent) {
		w.text("\nWhen: ")
		w.bare(p.spec.CallerIntent)
	}
	w.text("\nInstructions:\n")
	w.demote(strings.TrimRight(p.instructions(w.nonce), "\n"))
	if len(p.spec.Results) > 0 {
		w.text("Find out:\n")
	}
	for _, f := range p.spec.Results {
		p.result(w, f)
	}
	w.close("job", p.handle)
}

// result writes one thing that the job is to find out.
func (p *planned) result(w *writer, f job.Field) {
	w.item(f.Name)
	w.text(" (", strings.ReplaceAll(string(f.Type), "_", " or "))
	if f.Required {
		w.text(", required")
	}
	w.text(")")
	for i, choice := range f.Choices {
		if i == 0 {
			w.text(", one of: ")
		} else {
			w.text("; ")
		}
		w.bare(choice)
	}
	if !blankText(f.Ask) {
		w.text(" — ")
		w.bare(f.Ask)
	}
	w.text("\n")
}

// instructions returns the job's text, defused, with inline actions as [action J1.A1: …], variables as
// {name}, and escaped braces as braces. Everything else stays as the author typed it.
func (p *planned) instructions(nonce string) string {
	return replace(p.spec.Instructions, p.outline, p.names, func(u job.ActionUse) string {
		handle, ok := p.handles[u.Span.Start]
		if !ok {
			return unavailable
		}
		w := writer{nonce: nonce}
		w.text("[action ", handle, ": ", string(u.Name))
		for _, key := range slices.Sorted(maps.Keys(u.Args)) {
			w.text(" ", key, "=")
			shown, _ := job.Expand(u.Args[key], p.names)
			w.line(shown)
		}
		w.text("]")
		return string(w.buf)
	})
}

// unavailable stands where an inline action cannot be carried out; the section of actions says what then.
const unavailable = "[action not available]"

// replace returns text, defused, with its variables and actions shown otherwise. What is put in is the
// assembler's and is not defused.
func replace(text string, o job.Outline, names map[string]string, action func(job.ActionUse) string) string {
	shown := make(map[job.Span]string, len(o.Variables)+len(o.Actions))
	for _, v := range o.Variables {
		shown[v.Span] = names[v.Name]
	}
	for _, u := range o.Actions { // after the variables: one inside an action's text has the action's span
		shown[u.Span] = action(u)
	}
	var b strings.Builder
	done := 0
	for _, at := range slices.SortedFunc(maps.Keys(shown), func(a, b job.Span) int { return a.Start - b.Start }) {
		b.WriteString(defuse(unescape(text[done:at.Start])))
		b.WriteString(shown[at])
		done = at.End
	}
	if done == 0 {
		return defuse(unescape(text))
	}
	b.WriteString(defuse(unescape(text[done:])))
	return b.String()
}

func unescape(text string) string { return strings.ReplaceAll(text, `\{{`, "{{") }
