package lint

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// Source is a text that findings speak of, under the name that a report gives to it.
type Source struct {
	Name string   // a file, for example; the name of the job when empty
	Job  job.ID   // of a saved job: findings of [Set] name it
	Spec job.Spec // as it was linted; it is cleaned here
}

// Sources returns what [NewReport] wants for the jobs of one step.
func Sources(jobs ...job.Job) []Source {
	sources := make([]Source, 0, len(jobs))
	for _, j := range jobs {
		if !j.IsZero() {
			sources = append(sources, Source{Job: j.ID(), Spec: j.Spec()})
		}
	}
	return sources
}

// Report is findings with the lines that they stand in, ready to be printed or sent. Reports on several texts are
// joined by appending their Entries.
type Report struct{ Entries []Entry }

// Entry is a finding and where it stands, for people.
type Entry struct {
	Finding
	Title    string
	Practice Practice
	Where    Where
	Line     string  // the line that it begins in, without its break; empty for a finding without a span
	Others   []Where // of Also, in the same order
}

// Where is a place in a text. Lines and columns count from 1, columns in characters (code points); both are 0 where a field as a whole
// is meant.
type Where struct {
	Source string `json:"source"` // Source.Name, the name of the job, the title of a page
	Field  string `json:"field"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	To     int    `json:"to,omitempty"` // the column after the last character of the finding in this line
}

// NewReport finds the lines of the findings. A finding belongs to the source with its Job; one of [Spec], which names
// no job, to the source with its Name, or to the only one. The context is the one that was linted in: its pages, guardrails
// and greeting can have findings, too. A finding whose source is not given is kept, without a line.
func NewReport(sources []Source, c Context, found []Finding) Report {
	b := reporter{ctx: &c, rules: map[RuleID]*rule{}}
	for _, s := range sources {
		s.Spec = s.Spec.Clean()
		if s.Name == "" {
			s.Name = s.Spec.Name
		}
		b.sources = append(b.sources, s)
	}
	for _, r := range catalogue {
		b.rules[r.ID] = r
	}
	r := Report{Entries: make([]Entry, 0, len(found))}
	for _, f := range found {
		r.Entries = append(r.Entries, b.entry(f))
	}
	return r
}

type reporter struct {
	ctx     *Context
	sources []Source
	rules   map[RuleID]*rule
}

func (b *reporter) entry(f Finding) Entry {
	e := Entry{Finding: f}
	if r := b.rules[f.Rule]; r != nil {
		e.Title, e.Practice = r.Title, r.Practice
	}
	name, text := b.text(Place{Job: f.Job, Name: f.Name, Field: f.Field})
	e.Where, e.Line = where(name, f.Field, text, f.Span)
	for _, p := range f.Also {
		name, text := b.text(p)
		w, _ := where(name, p.Field, text, p.Span)
		e.Others = append(e.Others, w)
	}
	return e
}

// text returns the name of the text that a place is in, and the text.
func (b *reporter) text(p Place) (name, text string) {
	c := b.ctx
	if i := slices.IndexFunc(c.Pages, func(g Page) bool { return p.Page != "" && g.ID == p.Page }); i >= 0 {
		return c.Pages[i].Title, job.Clean(c.Pages[i].Text)
	}
	if p.Job == "" {
		if i, ok := index(p.Field, "pages"); ok && i < len(c.Pages) {
			return c.Pages[i].Title, job.Clean(c.Pages[i].Text)
		}
	}
	if i, ok := index(p.Field, "guardrails"); ok && i < len(c.Guardrails) {
		return p.Field, job.Clean(c.Guardrails[i])
	}
	if p.Field == "greeting" && p.Job == "" {
		return p.Field, job.Clean(c.Greeting)
	}
	i := slices.IndexFunc(b.sources, func(s Source) bool {
		return s.Job == p.Job && (p.Job != "" || s.Spec.Name == p.Name)
	})
	if i < 0 && p.Job == "" && len(b.sources) == 1 {
		i = 0
	}
	if i < 0 {
		return p.Name, ""
	}
	s := b.sources[i]
	return s.Name, specField(s.Spec, p.Field)
}

// index reads pages[2] and pages[2].text as 2.
func index(field, of string) (n int, ok bool) {
	rest, ok := strings.CutPrefix(field, of+"[")
	if !ok {
		return 0, false
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == ']':
			return n, i > 0
		case c < '0' || c > '9' || n > 1e6:
			return 0, false
		default:
			n = n*10 + int(c-'0')
		}
	}
	return 0, false
}

func specField(s job.Spec, field string) string {
	switch field {
	case "instructions":
		return s.Instructions
	case "name":
		return s.Name
	case "description":
		return s.Description
	case "callerIntent":
		return s.CallerIntent
	}
	if i, ok := index(field, "results"); ok && i < len(s.Results) {
		switch {
		case strings.HasSuffix(field, ".ask"):
			return s.Results[i].Ask
		case strings.HasSuffix(field, ".name"):
			return s.Results[i].Name
		}
	}
	return ""
}

// where finds the line of a span.
func where(name, field, text string, sp job.Span) (Where, string) {
	w := Where{Source: name, Field: field}
	if sp.Start < 0 || sp.Start >= sp.End || sp.End > len(text) {
		return w, ""
	}
	begin := strings.LastIndexByte(text[:sp.Start], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[sp.Start:], '\n'); i >= 0 {
		end = sp.Start + i
	}
	w.Line = strings.Count(text[:begin], "\n") + 1
	w.Column = len([]rune(text[begin:sp.Start])) + 1
	w.To = w.Column + max(1, len([]rune(text[sp.Start:max(sp.Start, min(sp.End, end))])))
	return w, text[begin:end]
}

// Count returns how many findings are of a severity.
func (r Report) Count(of Severity) (n int) {
	for _, e := range r.Entries {
		if e.Severity == of {
			n++
		}
	}
	return n
}

// Worst returns the worst severity, zero where nothing was found.
func (r Report) Worst() (worst Severity) {
	for _, e := range r.Entries {
		worst = max(worst, e.Severity)
	}
	return worst
}

// JSON returns the report as one JSON object with a line break at its end: {"counts": {"error", "warning", "hint"}, "findings": […]}, each finding with the
// fields of [Finding], title, practice, where and others. The same findings give the same bytes.
func (r Report) JSON() []byte {
	type entry struct {
		Finding
		Title    string   `json:"title"`
		Practice Practice `json:"practice"`
		Where    Where    `json:"where"`
		Line     string   `json:"line,omitempty"`
		Others   []Where  `json:"others,omitempty"`
	}
	out := struct {
		Counts struct {
			Error   int `json:"error"`
			Warning int `json:"warning"`
			Hint    int `json:"hint"`
		} `json:"counts"`
		Findings []entry `json:"findings"`
	}{Findings: make([]entry, 0, len(r.Entries))}
	out.Counts.Error, out.Counts.Warning, out.Counts.Hint = r.Count(Error), r.Count(Warning), r.Count(Hint)
	for _, e := range r.Entries {
		if e.Severity < Hint || e.Severity > Error {
			e.Severity = Hint // made by hand: whatever it is, it is not sure
		}
		out.Findings = append(out.Findings, entry(e))
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		panic("lint: plain data always encodes: " + err.Error())
	}
	return []byte(b.String())
}
