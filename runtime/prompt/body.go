package prompt

import (
	"maps"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// glance writes a job's line of the overview.
func (j plannedJob) glance(w *writer) {
	w.text("- ", j.handle, " ", bare(j.spec.Name))
	if when := j.overview(); when != "" {
		w.text(": ", when)
	}
	w.text("\n")
}

// body writes a job between its fences: name, intent, instructions with headings demoted and inline
// actions under their handles, and what the job is to find out.
func (j plannedJob) body(w *writer) {
	w.fence("job "+j.handle, func() {
		w.text("Name: ", bare(j.spec.Name), "\n")
		if strings.TrimSpace(j.spec.CallerIntent) != "" {
			w.text("When: ", bare(j.spec.CallerIntent), "\n")
		}
		w.text("Instructions:\n", strings.TrimRight(defuse(demote(j.instructions())), "\n"), "\n")
		if len(j.spec.Results) > 0 {
			w.text("Find out:\n")
		}
		for _, f := range j.spec.Results {
			w.text("- ", field(f), "\n")
		}
	})
}

func field(f job.Field) string {
	text := bare(f.Name) + " (" + strings.ReplaceAll(string(f.Type), "_", " or ")
	if f.Required {
		text += ", required"
	}
	text += ")"
	if len(f.Choices) > 0 {
		choices := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			choices[i] = bare(c)
		}
		text += ", one of: " + strings.Join(choices, "; ")
	}
	if strings.TrimSpace(f.Ask) != "" {
		text += " — " + bare(f.Ask)
	}
	return text
}

// instructions returns the job's text with inline actions as [action J1.A1: …], variables as {name}, and
// escaped braces as braces. Everything else stays as the author typed it.
func (j plannedJob) instructions() string {
	text := j.spec.Instructions
	if !strings.Contains(text, "{{") {
		return text
	}
	shown := map[job.Span]string{}
	for _, v := range j.outline.Variables {
		shown[v.Span] = "{" + v.Name + "}"
	}
	for _, u := range j.outline.Actions { // last: a variable inside an action's text has the action's span
		shown[u.Span] = j.action(u)
	}
	var b strings.Builder
	done := 0
	for _, at := range slices.SortedFunc(maps.Keys(shown), func(a, b job.Span) int { return a.Start - b.Start }) {
		b.WriteString(unescape(text[done:at.Start]))
		b.WriteString(shown[at])
		done = at.End
	}
	b.WriteString(unescape(text[done:]))
	return b.String()
}

func unescape(text string) string { return strings.ReplaceAll(text, `\{{`, "{{") }

func (j plannedJob) action(u job.ActionUse) string {
	handle, ok := j.actions[u.Span.Start]
	if !ok {
		return "[action not available: go on without it and tell the caller that you cannot do this]"
	}
	text := "[action " + handle + ": " + string(u.Name)
	for _, key := range slices.Sorted(maps.Keys(u.Args)) {
		text += " " + key + "=" + line(references(u.Args[key]))
	}
	return text + "]"
}

// references shows the variables of an action's text by their names.
func references(text string) string {
	names := map[string]string{}
	for _, v := range job.ParseOutline(text).Variables {
		names[v.Name] = "{" + v.Name + "}"
	}
	shown, _ := job.Expand(text, names)
	return shown
}
