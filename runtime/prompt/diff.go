package prompt

// SectionDiff is one section of the stable part that differs. Before or After is empty when the section
// was added or taken out.
type SectionDiff struct {
	Section string `json:"section"` // "rules", "page P1", "overview J2", "job J2", …
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
}

// Diff returns the sections that differ, in the order of the prompt; one that was taken out stands where
// it was. Texts show a placeholder for the nonce, so a diff may be shown to authors.
func Diff(before, after Prompt) []SectionDiff {
	old, now := before.bySection(), after.bySection()
	var diffs []SectionDiff
	done := 0
	upTo := func(end int) {
		for _, s := range after.sections[done:end] {
			if name := s.name(); old[name] != now[name] {
				diffs = append(diffs, SectionDiff{name, old[name], now[name]})
			}
		}
		done = max(done, end)
	}
	place := make(map[string]int, len(after.sections))
	for i, s := range after.sections {
		place[s.name()] = i
	}
	for _, s := range before.sections { // the sections that both have stand in one order
		name := s.name()
		if i, still := place[name]; still {
			upTo(i + 1)
		} else {
			diffs = append(diffs, SectionDiff{Section: name, Before: old[name]})
		}
	}
	upTo(len(after.sections))
	return diffs
}

func (p Prompt) bySection() map[string]string {
	texts := make(map[string]string, len(p.sections))
	for _, s := range p.sections {
		texts[s.name()] = p.public(p.Stable[s.start:s.end])
	}
	return texts
}
