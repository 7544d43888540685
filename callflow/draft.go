package callflow

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Draft is a flow's draft while it is edited. It is valid only inside [Flow.EditDraft]; afterwards every
// method returns [ErrDraftClosed] and Steps nothing. A method that returns an error has changed nothing.
// One goroutine.
type Draft struct {
	entry  StepID
	steps  []Step
	closed bool
}

// Steps returns the steps as they stand.
func (d *Draft) Steps() []Step {
	if d.closed {
		return nil
	}
	return Version{steps: d.steps}.Steps()
}

// Attach toggles a job on. A job that is on stays on, where it is. The eleventh job is a
// *[TooManyJobsError]. Seed 13 to 15.
func (d *Draft) Attach(step StepID, id job.ID) error {
	return d.sona(step, func(s *SonaStep) error {
		if slices.Contains(s.Jobs, id) {
			return nil
		}
		if len(s.Jobs) >= MaxJobsPerStep {
			return &TooManyJobsError{step, id, MaxJobsPerStep}
		}
		s.Jobs = append(s.Jobs, id)
		return nil
	})
}

// Detach toggles a job off. A job that is off stays off.
func (d *Draft) Detach(step StepID, id job.ID) error {
	return d.sona(step, func(s *SonaStep) error {
		s.Jobs = slices.DeleteFunc(s.Jobs, func(j job.ID) bool { return j == id })
		return nil
	})
}

// MoveJob puts an attached job to another place, counted from 0; a place out of range means the
// nearest end. The order is the order of the prompt.
func (d *Draft) MoveJob(step StepID, id job.ID, to int) error {
	return d.sona(step, func(s *SonaStep) error {
		i := slices.Index(s.Jobs, id)
		if i < 0 {
			return &StepError{step, RuleNotAttached, fmt.Errorf("job %.80q", id)}
		}
		s.Jobs = slices.Delete(s.Jobs, i, i+1)
		s.Jobs = slices.Insert(s.Jobs, min(max(to, 0), len(s.Jobs)), id)
		return nil
	})
}

// AttachPage selects a Knowledge page for a Sona step; idempotent.
func (d *Draft) AttachPage(step StepID, id knowledge.ID) error {
	return d.sona(step, func(s *SonaStep) error {
		if !slices.Contains(s.Pages, id) {
			s.Pages = append(s.Pages, id)
		}
		return nil
	})
}

// DetachPage deselects a Knowledge page; idempotent.
func (d *Draft) DetachPage(step StepID, id knowledge.ID) error {
	return d.sona(step, func(s *SonaStep) error {
		s.Pages = slices.DeleteFunc(s.Pages, func(p knowledge.ID) bool { return p == id })
		return nil
	})
}

// EditSona changes a Sona step in any way. What it leaves behind is checked at once.
func (d *Draft) EditSona(step StepID, edit func(*SonaStep)) error {
	return d.sona(step, func(s *SonaStep) error {
		edit(s)
		return nil
	})
}

// SetStep adds a step, or replaces the one with the same ID. Where its exits lead is checked when the
// draft is closed, so steps may be added in any order.
func (d *Draft) SetStep(s Step) error {
	if d.closed {
		return ErrDraftClosed
	}
	s, err := s.checked()
	if err != nil {
		return err
	}
	if i := d.index(s.ID); i >= 0 {
		d.steps[i] = s
	} else {
		d.steps = append(d.steps, s)
	}
	return nil
}

// RemoveStep takes a step out; exits that led to it end the call from now on. The entry cannot be
// removed before another step is the entry.
func (d *Draft) RemoveStep(id StepID) error {
	i, err := d.known(id)
	if err != nil {
		return err
	}
	if id == d.entry {
		return &StepError{id, RuleInvalid, errors.New("it is the entry: set another entry first")}
	}
	d.steps = slices.Delete(d.steps, i, i+1)
	for _, s := range d.steps {
		for exit, to := range s.Next {
			if to == id {
				delete(s.Next, exit)
			}
		}
	}
	return nil
}

// SetEntry says where an incoming call begins.
func (d *Draft) SetEntry(id StepID) error {
	if _, err := d.known(id); err != nil {
		return err
	}
	d.entry = id
	return nil
}

// Connect leads an exit of a step to another step; an empty to lets the exit end the call.
func (d *Draft) Connect(from StepID, exit Exit, to StepID) error {
	i, err := d.known(from)
	if err != nil {
		return err
	}
	s := &d.steps[i]
	if exits := s.Is.exits(); !slices.Contains(exits, exit) {
		return &StepError{from, RuleUnknownExit, exitError(exit, exits)}
	}
	if to == "" {
		delete(s.Next, exit)
		return nil
	}
	if d.index(to) < 0 {
		return &StepError{from, RuleDangling, danglingError(exit, to)}
	}
	if s.Next == nil {
		s.Next = map[Exit]StepID{}
	}
	s.Next[exit] = to
	return nil
}

func (d *Draft) index(id StepID) int {
	return slices.IndexFunc(d.steps, func(s Step) bool { return s.ID == id })
}

func (d *Draft) known(id StepID) (int, error) {
	if d.closed {
		return 0, ErrDraftClosed
	}
	i := d.index(id)
	if i < 0 {
		return 0, &StepError{id, RuleUnknownStep, nil}
	}
	return i, nil
}

// sona edits a copy of a Sona step, checks it and puts it in place: an error leaves the draft alone.
func (d *Draft) sona(id StepID, edit func(*SonaStep) error) error {
	i, err := d.known(id)
	if err != nil {
		return err
	}
	step := d.steps[i].clone()
	s, ok := step.Is.(SonaStep)
	if !ok {
		return &StepError{id, RuleNotSona, nil}
	}
	if err := edit(&s); err != nil {
		return err
	}
	step.Is = s
	if step, err = step.checked(); err != nil {
		return err
	}
	d.steps[i] = step
	return nil
}
