package callflow

import (
	"slices"
	"time"
)

// Version is one arrangement of a flow's steps: the draft (Number 0), or what was published under a
// number. It names jobs and pages and holds no copy of them. Versions are immutable; accessors copy.
type Version struct {
	number int
	at     time.Time
	by     string
	entry  StepID
	steps  []Step // checked; never written again
}

// Number is 1 for the first publish, rising by one; 0 for a draft.
func (v Version) Number() int { return v.number }

// At is when the version was published; zero for a draft.
func (v Version) At() time.Time { return v.at }

// By is who published it.
func (v Version) By() string { return v.by }

// Entry is the step that an incoming call meets first.
func (v Version) Entry() StepID { return v.entry }

// Steps returns the steps in the order of the flow.
func (v Version) Steps() []Step {
	steps := slices.Clone(v.steps)
	for i := range steps {
		steps[i] = steps[i].clone()
	}
	return steps
}

// Step returns the step with this ID.
func (v Version) Step(id StepID) (Step, bool) {
	if s, ok := v.find(id); ok {
		return s.clone(), true
	}
	return Step{}, false
}

// SonaSteps returns the IDs of the Sona steps, in the order of the flow.
func (v Version) SonaSteps() []StepID {
	var ids []StepID
	for _, s := range v.steps {
		if s.Is.Kind() == KindSona {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// find is Step without the copy, for readers inside the package.
func (v Version) find(id StepID) (Step, bool) {
	i := slices.IndexFunc(v.steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return v.steps[i], true
}

// sona returns the Sona step with this ID, or a *StepError.
func (v Version) sona(id StepID) (SonaStep, error) {
	s, ok := v.find(id)
	if !ok {
		return SonaStep{}, &StepError{id, RuleUnknownStep, nil}
	}
	k, ok := s.Is.(SonaStep)
	if !ok {
		return SonaStep{}, &StepError{id, RuleNotSona, nil}
	}
	return k, nil
}

// sameSteps reports whether v and w lead a caller the same way.
func (v Version) sameSteps(w Version) bool { return len(diff(v, w)) == 0 }

// newVersion checks how the steps hang together; it is the only maker of versions.
func newVersion(entry StepID, steps []Step) (Version, error) {
	checked := make([]Step, len(steps))
	known := map[StepID]bool{}
	for i, s := range steps {
		s, err := s.checked()
		if err != nil {
			return Version{}, err
		}
		if known[s.ID] {
			return Version{}, &StepError{s.ID, RuleSameStep, nil}
		}
		known[s.ID], checked[i] = true, s
	}
	for _, s := range checked {
		if err := s.checkExits(known); err != nil {
			return Version{}, err
		}
	}
	if !known[entry] {
		return Version{}, &StepError{entry, RuleUnknownStep, errEntry}
	}
	return Version{entry: entry, steps: checked}, nil
}

func (s Step) checkExits(known map[StepID]bool) error {
	exits := s.Is.exits()
	for _, exit := range sortedKeys(s.Next) {
		switch {
		case !slices.Contains(exits, exit):
			return &StepError{s.ID, RuleUnknownExit, exitError(exit, exits)}
		case !known[s.Next[exit]]:
			return &StepError{s.ID, RuleDangling, danglingError(exit, s.Next[exit])}
		}
	}
	return nil
}
