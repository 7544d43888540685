package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

// wholeSpan is the first line of a text: where a finding on the text as a whole stands.
func (t *text) wholeSpan() job.Span {
	end := strings.IndexByte(t.s, '\n')
	if end < 0 {
		end = len(t.s)
	}
	return job.Span{Start: 0, End: end}
}

// namesOf names jobs as the subject of a sentence: “A” and “B” have, “A”, “B” and 3 more have.
func (s *set) namesOf(group []int) string {
	name := func(i int) string { return "“" + inShort(s.texts[i].spec.Name) + "”" }
	switch n := len(group); n {
	case 2:
		return fmt.Sprintf("The jobs %s and %s have", name(group[0]), name(group[1]))
	case 3:
		return fmt.Sprintf("The jobs %s, %s and %s have", name(group[0]), name(group[1]), name(group[2]))
	default:
		return fmt.Sprintf("The jobs %s, %s and %d more have", name(group[0]), name(group[1]), n-2)
	}
}

// jobsKey is what a finding on jobs goes by: their names.
func (s *set) jobsKey(group []int) string {
	names := make([]string, 0, len(group))
	for _, i := range group {
		names = append(names, s.texts[i].spec.Name)
	}
	return foldedKey(names...)
}
