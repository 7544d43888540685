package prompt

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/sonajobs/sona/job"
)

// Parts keeps what was prepared of texts: jobs and pages as they stand in the prompt, their hashes and
// their tokens. An edit of one job then prepares that job and copies the rest. The prompts themselves are kept by
// their snapshot, so that the calls that begin on one share one stable part: [Build] gives them the same Prompt. Put
// one Parts into the [Options] of all builds of a process; the zero Parts is empty and ready. Everything is kept under
// what it was made from, so nothing in it can be stale, and a build gives the same bytes with and
// without. It holds at most some 150 MB, in practice what is
// live: what was not asked for longest is dropped. Safe for concurrent use;
// do not copy it.
type Parts struct {
	mu     sync.Mutex
	most   int                           // of a generation, in bytes; mostKept when 0
	jobs   generations[string, *jobText] // by the hash of the job
	texts  generations[textKey, *prepared]
	counts generations[countKey, int]
	built  generations[builtKey, *built]
	own    *ownActions // the host's actions that were last asked for
}

// textKey names a prepared text by all that it was made from.
type textKey struct {
	kind    string // of its section
	source  string // hash of the job or page; what a section of the assembler's own depends on
	handle  string // or more of what it depends on
	nonce   string
	refused string // which of the job's actions cannot be carried out
}

type countKey struct{ profile, text string }

// prepared is a text as it stands in the prompt. It is shared and never written.
type prepared struct {
	text string
	sum  [sha256.Size]byte
	uses []use // of a job's body: the actions that it shows

	// Of a job's line of the overview, under which the rest of it is found: what is read out of it, and its body
	// when all of its actions could be carried out where it was prepared, else nil.
	job  *jobText
	body *prepared

	frame *frame // all of the assembler's own sections
}

func prepare(text string) *prepared { return &prepared{text: text, sum: sha256.Sum256([]byte(text))} }

// mostKept bounds, in bytes, each generation of each kind of part.
const mostKept = 16 << 20

// prepared returns the part of a key, made when it is not there. Two goroutines that need the same new part
// at once both make it.
func (k *Parts) prepared(key textKey, size int, anew func() *prepared) *prepared {
	p, ok := k.find(key)
	if !ok {
		p = anew()
		k.keep(key, p, size)
	}
	return p
}

func (k *Parts) find(key textKey) (*prepared, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.texts.get(key, k.most)
}

func (k *Parts) keep(key textKey, p *prepared, size int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts.put(key, p, size, k.most)
}

// job returns what is read out of a job's text.
func (k *Parts) job(j job.Job) *jobText {
	hash := j.Hash()
	k.mu.Lock()
	t, ok := k.jobs.get(hash, k.most)
	k.mu.Unlock()
	if ok {
		return t
	}
	t = readJob(j)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.jobs.put(hash, t, job.MaxInstructions, k.most)
	return t
}

// ownActions are actions of a host with the tools that were made of them and of the built-in ones.
type ownActions struct {
	specs []job.ActionSpec
	tools map[job.ActionName]*known
}

// actions returns the tools of the built-in actions and of the host's, by name. Those that were asked for last are
// kept: a process mostly has one list.
func (k *Parts) actions(own []job.ActionSpec) (map[job.ActionName]*known, error) {
	if len(own) == 0 {
		return builtin, nil
	}
	k.mu.Lock()
	last := k.own
	k.mu.Unlock()
	if last != nil && slices.EqualFunc(last.specs, own, sameAction) {
		return last.tools, nil
	}
	tools, err := allKnown(own)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.own = &ownActions{cloneActions(own), tools}
	return tools, nil
}

func cloneActions(specs []job.ActionSpec) []job.ActionSpec {
	specs = slices.Clone(specs)
	for i := range specs {
		specs[i].Parameters = slices.Clone(specs[i].Parameters)
	}
	return specs
}

func sameAction(a, b job.ActionSpec) bool {
	return a.Name == b.Name && a.Description == b.Description && a.Terminal == b.Terminal && bytes.Equal(a.Parameters, b.Parameters)
}

// count returns the tokens of a text by the profile's own tokenizer. Counts are kept under the profile's
// name; a profile without one counts anew.
func (k *Parts) count(p Profile, text string) int {
	if p.Tokens == nil {
		return estimate(len(text))
	}
	if p.Name == "" {
		return p.Tokens(text)
	}
	key := countKey{p.Name, text}
	k.mu.Lock()
	n, ok := k.counts.get(key, k.most)
	k.mu.Unlock()
	if ok {
		return n
	}
	n = p.Tokens(text)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.counts.put(key, n, len(text), k.most)
	return n
}

// generations is a bounded map: when the young half is full it becomes the old one, and what nobody asks
// for until then is dropped.
type generations[K comparable, V any] struct {
	young, old map[K]sized[V]
	size       int
}

type sized[V any] struct {
	value V
	size  int // of its text, in bytes
}

func (g *generations[K, V]) get(key K, most int) (V, bool) {
	s, ok := g.young[key]
	if ok {
		return s.value, true
	}
	if s, ok = g.old[key]; ok {
		g.put(key, s.value, s.size, most)
	}
	return s.value, ok
}

// overhead is what an entry costs besides its text.
const overhead = 256

func (g *generations[K, V]) put(key K, v V, size, most int) {
	if most == 0 {
		most = mostKept
	}
	if g.size += size + overhead; g.young == nil || g.size > most {
		g.old, g.young, g.size = g.young, map[K]sized[V]{}, size+overhead
	}
	g.young[key] = sized[V]{v, size}
}
