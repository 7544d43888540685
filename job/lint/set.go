package lint

import "github.com/sonajobs/sona/job"

// set is the jobs of one step, each read once.
type set struct {
	ctx   *Context
	texts []*text
	ids   []job.ID // of texts
}

func gather(jobs []job.Job, c *Context) *set {
	s := &set{ctx: c, texts: make([]*text, 0, len(jobs)), ids: make([]job.ID, 0, len(jobs))}
	names := make([]string, 0, len(jobs))
	for _, j := range jobs {
		if !j.IsZero() {
			names = append(names, j.Name())
		}
	}
	alone := *c
	alone.Jobs = names
	for _, j := range jobs {
		if !j.IsZero() {
			t := read(j.Spec(), &alone)
			s.texts, s.ids = append(s.texts, t), append(s.ids, j.ID())
		}
	}
	return s
}
