package callflow

import (
	"fmt"
	"maps"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Snapshot is what one call runs on: a version of a flow joined with the jobs and pages it names, as
// they stood when the call began, and the workspace's settings. It is immutable and safe to share.
type Snapshot struct {
	flow     Flow
	version  Version
	settings Settings
	jobs     map[job.ID]job.Job
	pages    map[knowledge.ID]knowledge.Page
	identity Identity
}

// Identity tells one snapshot from every other: copies of a Snapshot have the same, and two that were joined
// never, even of the same texts. It can be compared and be the key of a map, for what was made of a snapshot, and
// keeps none of its texts in memory. The zero Identity is that of the zero Snapshot.
type Identity struct{ of *byte }

// NewSnapshot is the only join of versions with texts. Jobs and pages that the version does not name are
// left out; those it names and that are not given are reported by [Snapshot.Missing], and calls go on
// without them.
func NewSnapshot(f Flow, v Version, jobs []job.Job, pages []knowledge.Page, s Settings) Snapshot {
	snap := Snapshot{flow: f, version: v, settings: s, identity: newIdentity(),
		jobs: map[job.ID]job.Job{}, pages: map[knowledge.ID]knowledge.Page{}}
	wantJobs, wantPages := v.Names()
	for _, id := range wantJobs {
		snap.jobs[id] = job.Job{}
	}
	for _, j := range jobs {
		if _, named := snap.jobs[j.ID()]; named {
			snap.jobs[j.ID()] = j
		}
	}
	for _, id := range wantPages {
		snap.pages[id] = knowledge.Page{}
	}
	for _, p := range pages {
		if _, named := snap.pages[p.ID()]; named {
			snap.pages[p.ID()] = p
		}
	}
	return snap
}

func newIdentity() Identity { return Identity{new(byte)} }

// Identity returns what s and its copies are known by. [Snapshot.WithJob] gives another.
func (s Snapshot) Identity() Identity { return s.identity }

// Names returns the jobs and pages that the version names on any of its steps, each once, in order.
func (v Version) Names() (jobs []job.ID, pages []knowledge.ID) {
	for _, s := range v.steps {
		if k, ok := s.Is.(SonaStep); ok {
			jobs, pages = append(jobs, k.Jobs...), append(pages, k.Pages...)
		}
	}
	return unique(jobs), unique(pages)
}

// Workspace is where the snapshot comes from; empty when it was made by hand.
func (s Snapshot) Workspace() string { return s.settings.workspace }

// Flow returns the flow as it stood.
func (s Snapshot) Flow() Flow { return s.flow }

// Version returns the version that the call runs on.
func (s Snapshot) Version() Version { return s.version }

// IsDraft reports whether the version is a draft, or holds a candidate, so that no caller may meet it.
func (s Snapshot) IsDraft() bool { return s.version.number == 0 }

// Settings returns the workspace's settings as they stood.
func (s Snapshot) Settings() Settings { return s.settings }

// SonaStep returns a Sona step, or a *[StepError].
func (s Snapshot) SonaStep(id StepID) (SonaStep, error) {
	k, err := s.version.sona(id)
	if err != nil {
		return SonaStep{}, fmt.Errorf("flow %q: %w", s.flow.name, err)
	}
	return k.clone(), nil
}

// OnlySonaStep returns the flow's Sona step when it has just one, else a *[StepError] with
// [RuleNoSonaStep] or [RuleWhichStep].
func (s Snapshot) OnlySonaStep() (StepID, error) {
	ids := s.version.SonaSteps()
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", fmt.Errorf("flow %q: %w", s.flow.name, &StepError{"", RuleNoSonaStep, nil})
	}
	return "", fmt.Errorf("flow %q: %w", s.flow.name, &StepError{ids[0], RuleWhichStep, fmt.Errorf("there are %q", ids)})
}

// Jobs returns the jobs of a Sona step in their order, without those that are missing; none for
// another step.
func (s Snapshot) Jobs(id StepID) []job.Job {
	k, err := s.version.sona(id)
	if err != nil {
		return nil
	}
	jobs := make([]job.Job, 0, len(k.Jobs))
	for _, id := range k.Jobs {
		if j := s.jobs[id]; !j.IsZero() {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// Pages returns the Knowledge pages of a Sona step in their order, without those that are missing.
func (s Snapshot) Pages(id StepID) []knowledge.Page {
	k, err := s.version.sona(id)
	if err != nil {
		return nil
	}
	pages := make([]knowledge.Page, 0, len(k.Pages))
	for _, id := range k.Pages {
		if p := s.pages[id]; !p.IsZero() {
			pages = append(pages, p)
		}
	}
	return pages
}

// Missing is a job or a page that a step names and that does not exist, mostly because it was deleted.
type Missing struct {
	Step StepID
	Job  job.ID       // or
	Page knowledge.ID // this
}

// Missing returns what the version names and the snapshot does not hold, in the order of the steps.
func (s Snapshot) Missing() []Missing {
	var missing []Missing
	for _, step := range s.version.steps {
		k, _ := step.Is.(SonaStep)
		for _, id := range k.Jobs {
			if s.jobs[id].IsZero() {
				missing = append(missing, Missing{Step: step.ID, Job: id})
			}
		}
		for _, id := range k.Pages {
			if s.pages[id].IsZero() {
				missing = append(missing, Missing{Step: step.ID, Page: id})
			}
		}
	}
	return missing
}

// WithJob returns s with a candidate in place of the job with its ID; where the step has no such job, the
// candidate is attached to it at the end, and the limit of ten holds. s stays as it is. The result is a
// draft: it is for mock calls. The error is a *[TooManyJobsError], a *[StepError], or says that the
// zero Job is no candidate. Seed 38.
func (s Snapshot) WithJob(step StepID, candidate job.Job) (Snapshot, error) {
	if candidate.IsZero() {
		return Snapshot{}, fmt.Errorf("flow %q: step %q: the zero Job is no candidate: make one with job.New or Job.With", s.flow.name, step)
	}
	f, err := s.flow.Rollback(s.version).EditDraft(func(d *Draft) error { return d.Attach(step, candidate.ID()) })
	if err != nil {
		return Snapshot{}, err
	}
	s.version, s.identity = f.draft, newIdentity()
	s.jobs = maps.Clone(s.jobs)
	s.jobs[candidate.ID()] = candidate
	return s, nil
}
