package cassette

import (
	"slices"

	"github.com/sonajobs/sona/job"
)

// Stale is a recording whose prompt held a job as it is not any more.
type Stale struct {
	Recording Recording
	Job       job.ID
	Was       Edition
	Now       Edition // zero when the job is not among the current ones
}

// Edition is one state of a job.
type Edition struct {
	Revision int
	Hash     string
}

// Stale names the recordings that an edit has overtaken: those whose prompt held a job that is another now, or
// is not among the current jobs. Jobs that were saved again without a change are the same. A job that was
// attached since makes nothing stale by itself; it changes the prompt, and the next replay is a mismatch. The
// order is that of the file, then that of the prompt.
func (c *Cassette) Stale(current []job.Job) []Stale {
	now := map[job.ID]Edition{}
	for _, j := range current {
		now[j.ID()] = Edition{j.Revision(), j.Hash()}
	}
	c.tape.mu.Lock()
	all := c.tape.doc.Recordings
	for _, f := range c.tape.fresh {
		all = append(slices.Clip(all), f())
	}
	c.tape.mu.Unlock()
	var stale []Stale
	for i, r := range all {
		for _, j := range r.Jobs {
			if now[j.ID].Hash != j.Hash {
				stale = append(stale, Stale{r.named(i), j.ID, Edition{j.Revision, j.Hash}, now[j.ID]})
			}
		}
	}
	return stale
}
