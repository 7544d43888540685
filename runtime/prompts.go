package runtime

import (
	"fmt"
	"strings"
	"sync"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/runtime/prompt"
)

// mostPrompts bounds how many steps' stable parts are kept.
const mostPrompts = 256

// prompts keeps the stable parts of steps, so that calls of the same step and revisions share one. The key
// holds every input, so an entry can never be stale.
type prompts struct {
	mu    sync.Mutex
	built map[string]prompt.Prompt
}

func newPrompts() *prompts { return &prompts{built: map[string]prompt.Prompt{}} }

func (c *prompts) build(s callflow.Snapshot, step callflow.StepID, o prompt.Options) (prompt.Prompt, error) {
	key := inputs(s, step)
	c.mu.Lock()
	p, ok := c.built[key]
	c.mu.Unlock()
	if ok {
		return p, nil
	}
	p, err := prompt.Build(s, step, o)
	if err != nil {
		return prompt.Prompt{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.built) >= mostPrompts {
		for old := range c.built { // any one: all are rebuilt in a millisecond
			delete(c.built, old)
			break
		}
	}
	c.built[key] = p
	return p, nil
}

// inputs names everything that the stable part of a step is made of. Revisions alone would not do: a
// snapshot made by hand, or with a candidate, has texts that no revision names.
func inputs(s callflow.Snapshot, step callflow.StepID) string {
	var b strings.Builder
	sona, _ := s.SonaStep(step)
	const end = "\x00" // stands in none of the parts
	fmt.Fprint(&b, s.Workspace(), end, s.Settings().Nonce(), end, s.Settings().Revision(), end, string(encode(s.Settings().Spec())), end,
		s.Version().Number(), end, step, end, string(encode(sona)))
	for _, j := range s.Jobs(step) {
		fmt.Fprint(&b, end, j.ID(), end, j.Revision(), end, j.Hash())
	}
	b.WriteString(end)
	for _, p := range s.Pages(step) {
		fmt.Fprint(&b, end, p.ID(), end, p.Revision(), end, p.Hash())
	}
	return b.String()
}

func pageRevisions(pages []knowledge.Page) map[knowledge.ID]int {
	revisions := make(map[knowledge.ID]int, len(pages))
	for _, p := range pages {
		revisions[p.ID()] = p.Revision()
	}
	return revisions
}
