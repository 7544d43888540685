package mockcall

import (
	"encoding/json"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
)

// Texts says exactly what calls were made on, as hashes of what authors wrote. Revision numbers, names of authors and
// times are no part of it: the same texts are the same, however often they were saved.
type Texts struct {
	Step     string                  `json:"step"` // of the Sona step: greeting, persona, order of jobs and pages
	Jobs     map[job.ID]string       `json:"jobs,omitempty"`
	Pages    map[knowledge.ID]string `json:"pages,omitempty"`
	Settings string                  `json:"settings"`
}

// Sum returns one hash of them all.
func (t Texts) Sum() string {
	raw, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return digest.Of(string(raw))
}

// textsOf hashes one Sona step of a snapshot, or all of them when step is empty.
func textsOf(s callflow.Snapshot, step callflow.StepID) Texts {
	t := Texts{Jobs: map[job.ID]string{}, Pages: map[knowledge.ID]string{}, Settings: s.Settings().Hash()}
	steps := s.Version().SonaSteps()
	if step != "" {
		steps = []callflow.StepID{step}
	}
	var shape []any
	for _, id := range steps {
		sona, err := s.SonaStep(id)
		if err != nil {
			continue
		}
		shape = append(shape, id, sona)
		for _, j := range s.Jobs(id) {
			t.Jobs[j.ID()] = j.Hash()
		}
		for _, p := range s.Pages(id) {
			t.Pages[p.ID()] = p.Hash()
		}
	}
	raw, err := json.Marshal(shape)
	if err != nil {
		return t
	}
	t.Step = digest.Of(string(raw))
	return t
}
