package lint

import (
	"cmp"
	"slices"

	"github.com/sonajobs/sona/job"
)

// Spec returns the findings on one text, saved or not, in the order of the text. The text is cleaned first
// (job.Spec.Clean), and all spans are of the cleaned text. It never fails, whatever the text. Limits of length are not
// its business: job.Spec.Check says them. Safe for concurrent use.
func Spec(s job.Spec, c Context) []Finding {
	t := read(s.Clean(), &c)
	found := findings{ctx: &c}
	found.one(t, "")
	return found.sorted()
}

// Set returns the findings on the jobs of one step: of each text by itself, then of all together. Zero jobs
// are passed over. Safe for concurrent use.
func Set(jobs []job.Job, c Context) []Finding {
	found := findings{ctx: &c}
	s := gather(jobs, &c)
	for i, t := range s.texts {
		found.one(t, s.ids[i])
	}
	single := found.sorted()
	together := findings{ctx: &c}
	for _, r := range catalogue {
		if r.set != nil {
			r.set(s, together.of(r, nil, ""))
		}
	}
	return append(single, together.list...)
}

// findings collects what rules report.
type findings struct {
	ctx  *Context
	list []Finding
}

func (f *findings) one(t *text, id job.ID) {
	var r *rule
	take := func(found Finding) { f.take(r, t, id, found) }
	for _, late := range [...]bool{false, true} {
		for _, r = range catalogue {
			if r.text != nil && r.late == late && !f.hidden(string(r.ID)) {
				r.text(t, take)
			}
		}
	}
}

// of returns the report of rule r on text t, nil for a set.
func (f *findings) of(r *rule, t *text, id job.ID) report {
	return func(found Finding) { f.take(r, t, id, found) }
}

// take completes what rule r found in text t, nil for a set, and keeps it unless the author ignores it.
func (f *findings) take(r *rule, t *text, id job.ID, found Finding) {
	found.Rule = r.ID
	if found.Severity == 0 || found.Severity > r.Severity {
		found.Severity = r.Severity
	}
	if found.Why == "" {
		found.Why = r.Why
	}
	if found.Field == "" {
		found.Field = "instructions"
	}
	if t != nil {
		found.Job, found.Name = id, t.spec.Name
	}
	if t == nil || found.Ignore == "" {
		found.Ignore = ignoreKey(r.ID, t, found)
	}
	if f.hidden(string(r.ID)) || f.hidden(found.Ignore) {
		return
	}
	f.list = append(f.list, found)
	if t != nil && r.structure {
		t.found = append(t.found, r.Title)
	}
}

func (f *findings) hidden(key string) bool { return slices.Contains(f.ctx.Ignore, key) }

// sorted returns the findings in the order of the text, the worst first where they begin at one place.
func (f *findings) sorted() []Finding {
	slices.SortStableFunc(f.list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(fieldOrder(a.Field), fieldOrder(b.Field)), cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Rule, b.Rule))
	})
	return f.list
}

func fieldOrder(field string) int {
	if i := slices.Index([]string{"name", "description", "callerIntent", "instructions"}, field); i >= 0 {
		return i
	}
	return 4
}
