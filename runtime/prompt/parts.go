package prompt

import (
	"crypto/sha256"
	"encoding/json"
	"sync"

	"github.com/sonajobs/sona/job"
)

// Parts keeps what was prepared of texts: jobs and pages as they stand in the prompt, their hashes and
// their tokens. An edit of one job then prepares that job and copies the rest. Put one into the
// [Options] of all builds of a process; the zero Parts is empty and ready. Everything is kept under
// the texts it was made from, so nothing in it can be stale, and a build gives the same bytes with and
// without. It holds at most some 100 MB, in practice what is
// live: what was not asked for longest is dropped. Safe for concurrent use;
// do not copy it.
type Parts struct {
	mu      sync.Mutex
	most    int                           // of a generation, in bytes; mostKept when 0
	jobs    generations[string, *jobText] // by the hash of the job
	texts   generations[textKey, *prepared]
	counts  generations[countKey, int]
	schemas generations[schemaKey, json.RawMessage]
}

// textKey names a prepared text by all that it was made from.
type textKey struct {
	kind    string // of its section; "tool" for the hash of one
	source  string // hash of the job or page; the name of a tool; what a section of the assembler's own depends on
	handle  string // or a tool's description
	nonce   string // or a tool's parameters
	refused string // which of the job's actions cannot be carried out
}

type countKey struct{ profile, text string }

type schemaKey struct{ name, parameters string }

// prepared is a text as it stands in the prompt. It is shared and never written.
type prepared struct {
	text string
	sum  [sha256.Size]byte
	uses []use // of a job's body: the actions that it shows
}

func prepare(text string) *prepared { return &prepared{text: text, sum: sha256.Sum256([]byte(text))} }

// mostKept bounds, in bytes, each generation of each kind of part.
const mostKept = 16 << 20

// prepared returns the part of a key, made when it is not there. Two goroutines that need the same new part
// at once both make it.
func (k *Parts) prepared(key textKey, size int, anew func() *prepared) *prepared {
	k.mu.Lock()
	p, ok := k.texts.get(key, size, k.most)
	k.mu.Unlock()
	if ok {
		return p
	}
	p = anew()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts.put(key, p, size, k.most)
	return p
}

// job returns what is read out of a job's text.
func (k *Parts) job(j job.Job) *jobText {
	hash := j.Hash()
	k.mu.Lock()
	t, ok := k.jobs.get(hash, job.MaxInstructions, k.most)
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

// tool returns the hash of a tool, in its JSON form.
func (k *Parts) tool(t Tool) [sha256.Size]byte {
	key := textKey{kind: "tool", source: t.Name, handle: t.Description, nonce: string(t.Parameters)}
	return k.prepared(key, len(key.nonce), func() *prepared { return &prepared{sum: sha256.Sum256(encode(t))} }).sum
}

// schema returns the parameters of a host's action, checked.
func (k *Parts) schema(spec job.ActionSpec) (json.RawMessage, error) {
	key := schemaKey{string(spec.Name), string(spec.Parameters)}
	k.mu.Lock()
	s, ok := k.schemas.get(key, len(key.parameters), k.most)
	k.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := checked(spec)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.schemas.put(key, s, len(key.parameters), k.most)
	return s, nil
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
	n, ok := k.counts.get(key, len(text), k.most)
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
	young, old map[K]V
	size       int
}

func (g *generations[K, V]) get(key K, size, most int) (V, bool) {
	v, ok := g.young[key]
	if ok {
		return v, true
	}
	if v, ok = g.old[key]; ok {
		g.put(key, v, size, most)
	}
	return v, ok
}

// overhead is what an entry costs besides its text.
const overhead = 256

func (g *generations[K, V]) put(key K, v V, size, most int) {
	if most == 0 {
		most = mostKept
	}
	if g.size += size + overhead; g.young == nil || g.size > most {
		g.old, g.young, g.size = g.young, map[K]V{}, size+overhead
	}
	g.young[key] = v
}
