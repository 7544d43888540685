package prompt

import "slices"

// SectionDiff is one section of the stable part that differs. Before or After is empty when the section
// was added or taken out.
type SectionDiff struct {
	Section string // "rules", "page P1", "overview J2", "job J2", …
	Before  string
	After   string
}

// Diff returns the sections that differ, in the order of the prompt. Texts show a placeholder for the
// nonce, so a diff may be shown to authors.
func Diff(before, after Prompt) []SectionDiff {
	old, now := before.bySection(), after.bySection()
	var diffs []SectionDiff
	for _, s := range after.sections {
		if old[s.name] != now[s.name] {
			diffs = append(diffs, SectionDiff{s.name, old[s.name], now[s.name]})
		}
	}
	for _, s := range before.sections {
		if _, still := now[s.name]; !still {
			diffs = append(diffs, SectionDiff{Section: s.name, Before: old[s.name]})
		}
	}
	return diffs
}

func (p Prompt) bySection() map[string]string {
	texts := make(map[string]string, len(p.sections))
	for _, s := range p.sections {
		texts[s.name] = p.public(p.Stable[s.start:s.end])
	}
	return texts
}

func sorted(in []string) []string {
	slices.Sort(in)
	return in
}
