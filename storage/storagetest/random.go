package storagetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var modelCases = []testCase{
	{"Model: a list by all conditions is what a plain scan finds", func(p *probe) {
		w := newWalk(p, 1)
		for range heavy(40, 20) {
			w.put(20)
		}
		for range heavy(300, 100) {
			w.list()
		}
	}},
	{"Model: a random sequence of writes and reads is what a plain log does", func(p *probe) {
		for seed := range uint64(2) {
			w := newWalk(p.neighbour(), seed)
			for range heavy(100, 30) {
				w.put(3)
				w.get()
				w.list()
				w.history()
			}
			w.all()
		}
	}},
}

// walk does the same random things to a driver and to the model. Names and keys come from small sets, so
// that they meet often.
type walk struct {
	*probe
	*rand.Rand
	model model
	seed  uint64
}

func newWalk(p *probe, seed uint64) *walk {
	return &walk{probe: p, Rand: rand.New(rand.NewPCG(seed, 2)), seed: seed}
}

// put puts up to n documents, most of them right.
func (w *walk) put(n int) {
	w.Helper()
	ahead := map[storage.Ref]int{}
	var docs []storage.Doc
	for range w.IntN(n + 1) {
		d := w.doc()
		newest, _ := w.model.newest(d.Ref)
		ahead[d.Ref]++
		d.Revision = newest.Revision + ahead[d.Ref]
		if w.IntN(20*n) == 0 {
			d.Revision += w.IntN(3) - 1
		}
		docs = append(docs, d)
	}
	want, got := w.model.put(docs), w.tryPut(docs...)
	require.Equal(w, about(want), about(got), "seed %d: Put of %+v: want %v, got %v", w.seed, docs, want, got)
}

// about returns what the contract says of an error of Put, but for the holder of a string, of which there
// may be two.
func about(err error) string {
	var at *storage.RefError
	switch {
	case errors.Is(err, storage.ErrTaken):
		return "taken"
	case errors.As(err, &at):
		return at.Error()
	}
	return fmt.Sprint(err)
}

func (w *walk) doc() storage.Doc {
	d := doc(w.id(), 1)
	d.Kind = w.kind()
	d.Sort = w.sort()
	d.Terms = w.some("red", "green", "blue", "r")
	d.Value = fmt.Appendf(nil, "value %d", w.Uint32())
	if w.IntN(12) == 0 {
		d.Unique = w.some("one", "two")
	}
	switch w.IntN(12) {
	case 0:
		d.Deleted = true
	case 1:
		d.Deleted, d.Value = true, nil
	}
	return d
}

func (w *walk) id() string         { return pick(w.Rand, oddStrings[1:40:40]...) }
func (w *walk) ref() storage.Ref   { return refOf(w.kind(), w.id()) }
func (w *walk) kind() storage.Kind { return pick(w.Rand, kind, kind, otherKind) }
func (w *walk) sort() string {
	return pick(w.Rand, "", "a", "ab", "abc", "b", "ba", "bc", "c", "ca", "é", "\ufffd", "\U00010000")
}

// some returns a random part of list, now and then with a repeat.
func (w *walk) some(list ...string) []string {
	var some []string
	for _, s := range list {
		for range w.IntN(3) - w.IntN(2) {
			some = append(some, s)
		}
	}
	return some
}

func (w *walk) get() {
	w.Helper()
	var refs []storage.Ref
	var wants []storage.Want
	for range w.IntN(6) {
		r := w.ref()
		if !slices.Contains(refs, r) {
			refs, wants = append(refs, r), append(wants, storage.Want{Ref: r})
		}
	}
	w.same(w.probe.get(refs...), w.model.get(wants)...)
}

func (w *walk) list() {
	w.Helper()
	q := storage.Query{Kind: w.kind(), Reverse: w.IntN(2) == 0, Limit: 1 + w.IntN(10)}
	maybe := func(n int, set func()) {
		if w.IntN(n) == 0 {
			set()
		}
	}
	maybe(3, func() { q.Terms = []string{pick(w.Rand, "red", "green", "blue", "r", "none")} })
	maybe(4, func() { q.Terms = append(q.Terms, pick(w.Rand, "red", "green", "blue")) })
	maybe(3, func() { q.Contains = pick(w.Rand, "a", "b", "bc", "x") })
	maybe(3, func() { q.From = w.sort() })
	maybe(3, func() { q.To = w.sort() })
	maybe(2, func() { q.After = storage.Key{Sort: w.sort(), ID: w.id()} })
	got := w.probe.list(q)
	require.Empty(w, cmp.Diff(w.model.list(q), got, alike...), "seed %d: %+v: what a plain scan finds (-) and what List returned (+)", w.seed, q)
}

func (w *walk) history() {
	w.Helper()
	r, before, limit := w.ref(), w.IntN(5), 1+w.IntN(4)
	got, err := w.s.History(w.ctx, w.ws, r, before, limit)
	require.NoError(w, err)
	w.same(got, w.model.history(r, before, limit)...)
}

// all compares everything that was ever put.
func (w *walk) all() {
	w.Helper()
	want, got := w.model.changes(), w.probe.changes()
	for i := range got {
		got[i].Seq = storage.Seq(i + 1)
	}
	require.Equal(w, want, got)
	for _, c := range want {
		w.same(w.probe.history(c.Ref), w.model.history(c.Ref, 0, many)...)
	}
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }
