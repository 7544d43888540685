package template

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// Markers of a blank inside the text of a source: [[business]]. They never reach a Spec.
const (
	opening = "[["
	closing = "]]"
)

// source is one file of the catalogue: a text with markers, and what the markers mean.
type source struct {
	spec   job.Spec
	blanks []Blank
}

// fill is the one place where a marker is replaced.
func (src source) fill(values map[string]string) job.Spec {
	fills := make(map[string]string, len(src.blanks))
	for _, b := range src.blanks {
		v := line(values[b.Key])
		if v == "" {
			v = b.Default
		}
		fills[b.Key] = v
	}
	plain := func(text string) string {
		return render(text, func(key string, _ bool) string { return fills[key] })
	}
	spec := src.spec
	spec.Name, spec.Description, spec.CallerIntent = plain(spec.Name), plain(spec.Description), plain(spec.CallerIntent)
	// Braces mean something in instructions only, so only there they are escaped.
	spec.Instructions = render(spec.Instructions, func(key string, quoted bool) string {
		v := strings.ReplaceAll(fills[key], "{{", `\{{`)
		if quoted {
			v = quote.Replace(v)
		}
		return v
	})
	spec.Results = make([]job.Field, len(src.spec.Results))
	for i, f := range src.spec.Results {
		f.Name, f.Ask = plain(f.Name), plain(f.Ask)
		var choices []string
		for _, c := range f.Choices {
			choices = append(choices, plain(c))
		}
		f.Choices = choices
		spec.Results[i] = f
	}
	return spec
}

// quote escapes what means something between the quotes of an inline action.
var quote = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// line cleans a value and makes it one line.
func line(value string) string { return strings.Join(strings.Fields(job.Clean(value)), " ") }

// render replaces each marker of text by what value gives for its key. quoted tells that the marker
// stands inside an inline action. Only text is scanned, never a value.
func render(text string, value func(key string, quoted bool) string) string {
	var b strings.Builder
	done := 0
	for {
		at := strings.Index(text[done:], opening)
		if at < 0 {
			break
		}
		at += done
		end := strings.Index(text[at:], closing)
		if end < 0 {
			break
		}
		end += at
		quoted := strings.LastIndex(text[:at], "{{") > strings.LastIndex(text[:at], "}}")
		b.WriteString(text[done:at])
		b.WriteString(value(text[at+len(opening):end], quoted))
		done = end + len(closing)
	}
	b.WriteString(text[done:])
	return b.String()
}
