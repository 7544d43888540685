package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// Retriever finds what pages say about a question, such as a host's own search does. Safe for concurrent use.
type Retriever interface {
	// Find returns passages of pages that may answer what the caller said, the best first. The pages are those of the
	// step that have no room in the prompt: what it returns of others is left out. It has half a second: when it fails
	// or takes longer the reply is made without, and the record says so.
	Find(ctx context.Context, ws storage.WorkspaceID, pages []knowledge.Page, question string) ([]knowledge.Passage, error)
}

const (
	ownPassages  = 4                      // that our own search hands in
	mostPassages = 8                      // that a host's does
	mostPassage  = 2000                   // characters of one
	mostFind     = 500 * time.Millisecond // while the caller waits for an answer
	mostIndexes  = 64
)

// sought is what was found for what the caller said last.
type sought struct {
	turn     int // of the caller
	passages []knowledge.Passage
	failed   bool // said in the record, once
}

// search returns what puts passages into a reply's prompt, or nil when there is nothing to look up. What it returns
// runs outside of the owner's goroutine.
func (e *engine) search() func(context.Context, prompt.Prompt) prompt.Prompt {
	pages := e.prompt.Plan.Found
	turn := e.lastCaller()
	if len(pages) == 0 || turn < 0 {
		return nil
	}
	c, question := e.context, e.rec.Turns[turn].Text
	put := func(p prompt.Prompt, found []knowledge.Passage) prompt.Prompt {
		if len(found) == 0 {
			return p
		}
		c.Passages = found
		return p.For(c)
	}
	if e.sought.turn == turn+1 {
		found := e.sought.passages
		return func(_ context.Context, p prompt.Prompt) prompt.Prompt { return put(p, found) }
	}
	return func(ctx context.Context, p prompt.Prompt) prompt.Prompt {
		found, err := bounded(ctx, mostFind, func(ctx context.Context) ([]knowledge.Passage, error) {
			return e.rt.config.Retriever.Find(ctx, e.space, slices.Clone(pages), question)
		})
		if err != nil && ctx.Err() == nil {
			e.rt.log().WarnContext(ctx, "knowledge not found", "gen_ai.conversation.id", e.in.ID, "error.type", fmt.Sprintf("%T", err))
			e.mail.post(e.missed)
		}
		found = allowed(found, pages)
		if ctx.Err() == nil {
			e.mail.post(func() { e.sought.turn, e.sought.passages = turn+1, found })
		}
		return put(p, found)
	}
}

func (e *engine) missed() {
	if !e.sought.failed {
		e.sought.failed = true
		e.note(call.NoteDegraded, "", "", "the pages that have no room in the prompt could not be searched at some point: the call went on without them")
	}
}

// lastCaller returns the index of what the caller said last, -1 when that is nothing.
func (e *engine) lastCaller() int {
	for i, t := range slices.Backward(e.rec.Turns) {
		if t.By == call.ByCaller {
			return i
		}
	}
	return -1
}

// allowed keeps passages of the step's own pages, and bounds them.
func allowed(found []knowledge.Passage, pages []knowledge.Page) []knowledge.Passage {
	var kept []knowledge.Passage
	for _, p := range found {
		own := slices.ContainsFunc(pages, func(page knowledge.Page) bool { return page.ID() == p.Page })
		if p.Text = clipText(strings.ToValidUTF8(p.Text, "\uFFFD"), mostPassage); own && strings.TrimSpace(p.Text) != "" && len(kept) < mostPassages {
			kept = append(kept, p)
		}
	}
	return kept
}

// indexes is the library's own Retriever: word search over the pages, which are read once for each set of them.
type indexes struct {
	mu    sync.Mutex
	built map[string]func() *knowledge.Index
}

func newIndexes() *indexes { return &indexes{built: map[string]func() *knowledge.Index{}} }

func (x *indexes) Find(_ context.Context, _ storage.WorkspaceID, pages []knowledge.Page, question string) ([]knowledge.Passage, error) {
	var key strings.Builder
	for _, p := range pages {
		fmt.Fprint(&key, p.ID(), "\x00", p.Hash(), "\x00")
	}
	return x.index(key.String(), pages)().Find(question, ownPassages), nil
}

func (x *indexes) index(key string, pages []knowledge.Page) func() *knowledge.Index {
	x.mu.Lock()
	defer x.mu.Unlock()
	if build, ok := x.built[key]; ok {
		return build
	}
	if len(x.built) >= mostIndexes {
		for old := range x.built { // any one: it is built again when it is asked for
			delete(x.built, old)
			break
		}
	}
	build := sync.OnceValue(func() *knowledge.Index { return knowledge.NewIndex(slices.Values(pages)) })
	x.built[key] = build
	return build
}
