package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

// set is the jobs of one step, each read once, and all that is said to callers beside them.
type set struct {
	ctx     *Context
	texts   []*text
	ids     []job.ID // of texts
	sources []source // the jobs first, in the order of texts; then pages, guardrails, greeting
	claims  []claim  // of all sources, in their order
	alike   *[][]int // what twins found

	lastAbove aboveKey
	lastTerms []term // what above returned last
}

// source is a text that claims stand in: the instructions of a job, a page, a guardrail, the greeting.
type source struct {
	t     *text
	kind  sourceKind
	job   job.ID
	page  string
	name  string
	field string

	headings []job.Span // rising
}

type sourceKind int

const (
	ofJob sourceKind = iota
	ofPage
	ofGuardrail
	ofGreeting
)

func gather(jobs []job.Job, c *Context) *set {
	s := &set{ctx: c, texts: make([]*text, 0, len(jobs)), ids: make([]job.ID, 0, len(jobs))}
	names := make([]string, 0, len(jobs))
	for _, j := range jobs {
		if !j.IsZero() {
			names = append(names, j.Name())
		}
	}
	alone := *c
	alone.Jobs = names
	for _, j := range jobs {
		if !j.IsZero() {
			t := readOutlined(j.Spec(), &alone, j.Outline())
			s.texts, s.ids = append(s.texts, t), append(s.ids, j.ID())
		}
	}
	s.readSources()
	return s
}

func (s *set) readSources() {
	for i, t := range s.texts {
		s.sources = append(s.sources, source{t: t, kind: ofJob, job: s.ids[i], name: t.spec.Name, field: "instructions"})
	}
	for i, p := range s.ctx.Pages {
		s.sources = append(s.sources, source{t: readPlain(p.Text), kind: ofPage, page: p.ID, name: p.Title, field: fmt.Sprintf("pages[%d].text", i)})
	}
	for i, g := range s.ctx.Guardrails {
		s.sources = append(s.sources, source{t: readPlain(g), kind: ofGuardrail, field: fmt.Sprintf("guardrails[%d]", i)})
	}
	if s.ctx.Greeting != "" {
		s.sources = append(s.sources, source{t: readPlain(s.ctx.Greeting), kind: ofGreeting, field: "greeting"})
	}
	words := 0
	for i := range s.sources {
		src := &s.sources[i]
		words += len(src.t.words)
		for _, it := range src.t.out.Items {
			if it.Kind == job.ItemHeading {
				src.headings = append(src.headings, it.Span)
			}
		}
	}
	r := claimReader{terms: make([]term, 0, words)}
	s.claims = make([]claim, 0, words/8+len(s.sources))
	for i := range s.sources {
		s.claims = r.read(s.claims, i, &s.sources[i])
	}
}

// readPlain reads a text that is no job: without phrases.
func readPlain(s string) *text {
	t := &text{s: job.Clean(s)}
	t.out = job.ParseOutline(t.s)
	t.lower = lowered(t.s)
	t.readWords()
	t.readSentences()
	return t
}

// at returns where a source says something.
func (s *set) at(source int, sp job.Span) Place {
	src := &s.sources[source]
	p := Place{Job: src.job, Page: src.page, Name: src.name, Field: src.field, Span: sp}
	if src.kind == ofPage {
		p.Field = "text"
	}
	return p
}

// found begins a finding at a place of a source.
func (s *set) found(source int, sp job.Span) Finding {
	src := &s.sources[source]
	return Finding{Job: src.job, Name: src.name, Field: src.field, Span: sp}
}

// in says where a source is, for people.
func (s *set) in(source int) string {
	if s.sources[source].kind == ofPage {
		return "on " + s.title(source)
	}
	return "in " + s.title(source)
}

// title names a source for people.
func (s *set) title(source int) string {
	src := &s.sources[source]
	switch src.kind {
	case ofPage:
		return fmt.Sprintf("the page “%s”", inShort(src.name))
	case ofGuardrail:
		return "a rule for all jobs"
	case ofGreeting:
		return "the greeting"
	default:
		return fmt.Sprintf("the job “%s”", inShort(src.name))
	}
}

// mostQuoted is how many bytes of a text a message repeats.
const mostQuoted = 60

// inShort shortens what a message quotes, at the end of a word where there is one.
func inShort(s string) string {
	if len(s) <= mostQuoted {
		return s
	}
	cut := mostQuoted - len("…")
	if i := strings.LastIndexByte(s[:cut+1], ' '); i > 0 {
		return s[:i] + "…"
	}
	return strings.ToValidUTF8(s[:cut], "") + "…"
}
