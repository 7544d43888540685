package job

import "strings"

// Variable is a {{name}} or {{name | default: "…"}} inside a text: a value that the host knows of this
// call. Names are 1 to 64 lower-case letters, digits and underscores, a letter first.
type Variable struct {
	Name       string `json:"name"`
	Default    string `json:"default,omitempty"`
	HasDefault bool   `json:"hasDefault,omitempty"`
	Span       Span   `json:"span"` // of the action around it for one in an action's text
}

// Expand returns text with each variable replaced by its value, else by its default. Values are put
// in as they are and never scanned again, so a value cannot smuggle in an action or another
// variable. A variable with neither value nor default is left out and named in missing, once, in
// order. \{{ becomes {{; inline actions stay as they are.
func Expand(text string, values map[string]string) (expanded string, missing []string) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	var b strings.Builder
	done := 0
	put := func(at Span, s string) {
		b.WriteString(text[done:at.Start])
		b.WriteString(s)
		done = at.End
	}
	named := map[string]bool{}
	braces(text, nil, func(v Variable) {
		value, ok := values[v.Name]
		switch {
		case ok:
		case v.HasDefault:
			value = v.Default
		case !named[v.Name]:
			named[v.Name] = true
			missing = append(missing, v.Name)
		}
		put(v.Span, value)
	}, func(backslash Span) { put(backslash, "") })
	b.WriteString(text[done:])
	return b.String(), missing
}
