package lint

import "github.com/sonajobs/sona/job"

// Added returns the findings of after that before has not, in their order: what an edit brings. A finding is known
// again by its job, field and Finding.Ignore, so an edit around its sentence does not make it new; neither does another
// severity.
func Added(before, after []Finding) []Finding {
	type key struct {
		job           job.ID
		field, ignore string
	}
	of := func(f Finding) key { return key{f.Job, f.Field, f.Ignore} }
	had := map[key]int{}
	for _, f := range before {
		had[of(f)]++
	}
	var added []Finding
	for _, f := range after {
		if had[of(f)] > 0 {
			had[of(f)]--
			continue
		}
		added = append(added, f)
	}
	return added
}
