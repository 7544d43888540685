package prompt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// BudgetError says that a step's jobs and pages do not fit the model's room, not even as an index.
type BudgetError struct {
	Need   int          // tokens of the smallest plan
	Have   int          // tokens that there is room for
	Shrink job.ID       // the attached job with the largest part in it; empty when there is none
	Page   knowledge.ID // the largest page in it; empty when there is none
	Sizes  []Size       // what can be taken out of it, the largest first

	// Cheapest is what to take out so that the rest fits and the least is given up: one job or page where one
	// is enough, else the largest. Empty when nothing that is attached would do.
	Cheapest []Size
}

// Size is what a job or a page takes of the smallest plan: what it costs less without it, tools included.
type Size struct {
	Job    job.ID       // or
	Page   knowledge.ID // this
	Name   string       // of the job, or the page's title
	Tokens int
}

func (s Size) String() string {
	if s.Job == "" {
		return fmt.Sprintf("page %.60q (%s, %d tokens)", s.Name, s.Page, s.Tokens)
	}
	return fmt.Sprintf("job %.60q (%s, %d tokens)", s.Name, s.Job, s.Tokens)
}

func (e *BudgetError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "prompt: %d tokens at least, room for %d: ", e.Need, e.Have)
	if len(e.Cheapest) == 0 {
		b.WriteString("shorten the workspace's guardrails, or allow more tokens")
		return b.String()
	}
	for _, s := range e.Cheapest[:min(len(e.Cheapest), mostNamed)] {
		verb := "detach"
		if s.Job == "" {
			verb = "deselect"
		}
		fmt.Fprintf(&b, "%s %s, ", verb, s)
	}
	if more := len(e.Cheapest) - mostNamed; more > 0 {
		fmt.Fprintf(&b, "%d more, ", more)
	}
	b.WriteString("or allow more tokens; largest:")
	for _, s := range e.Sizes[:min(len(e.Sizes), mostNamed)] {
		b.WriteString(" " + s.String())
	}
	return b.String()
}

// mostNamed bounds how many jobs and pages a message names.
const mostNamed = 3

// tooLarge names what stands in the smallest plan, and what of it to take out.
func (a *assembly) tooLarge(d draft, room int) error {
	e := &BudgetError{Need: d.tokens, Have: room}
	for i, j := range a.jobs {
		rest := a.without(i)
		least := min(rest.draft(Full, d.out).tokens, rest.draft(Index, d.out).tokens)
		e.Sizes = append(e.Sizes, Size{Job: j.job.ID(), Name: j.spec.Name, Tokens: d.tokens - least})
	}
	rest := *a // without anything that is attached
	rest.jobs, rest.glances, rest.bodies, rest.pages, rest.texts = nil, nil, nil, nil, nil
	rest.offer()
	for i, p := range a.pages {
		if d.out == nil || !d.out[i] {
			e.Sizes = append(e.Sizes, Size{Page: p.ID(), Name: p.Title(), Tokens: a.parts.count(a.profile, a.texts[i].text)})
		}
	}
	slices.SortStableFunc(e.Sizes, func(x, y Size) int { return y.Tokens - x.Tokens })
	for _, s := range e.Sizes {
		switch {
		case s.Job != "" && e.Shrink == "":
			e.Shrink = s.Job
		case s.Page != "" && e.Page == "":
			e.Page = s.Page
		}
	}
	if rest.draft(Full, nil).tokens <= room {
		e.Cheapest = cheapest(e.Sizes, e.Need-e.Have)
	}
	return e
}

// cheapest returns the smallest one that is large enough, else the largest that are together, and all when
// even that is not certain: sizes are rounded up, so that a page counts as one token less, and tools that
// several jobs share count for none of them.
func cheapest(sizes []Size, tokens int) []Size {
	for _, s := range slices.Backward(sizes) {
		if s.surely() >= tokens {
			return []Size{s}
		}
	}
	sum := 0
	for i, s := range sizes {
		if sum += s.surely() - 1; sum >= tokens {
			return slices.Clone(sizes[:i+1])
		}
	}
	return slices.Clone(sizes)
}

func (s Size) surely() int {
	if s.Page != "" {
		return s.Tokens - 1
	}
	return s.Tokens
}
