package storage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// longText has just under 10,000 characters in lines as authors write them.
func longText(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < 9_700; i++ {
		fmt.Fprintf(&b, "%d. Ask the caller for item %d of list %d and write it down.\n", i, i, n)
	}
	return b.String()
}

// BenchmarkSave compares a save of a 10,000-character job with the raw Put of its document, the floor.
func BenchmarkSave(b *testing.B) {
	b.Run("Put", func(b *testing.B) {
		s := memory.New()
		w := storage.Open(s, "acme")
		j := newJob(b, w, "Long", longText(0))
		docs, err := s.Get(b.Context(), "acme", []storage.Want{{Ref: jobDoc(j.ID())}})
		require.NoError(b, err)
		for b.Loop() {
			docs[0].Revision++
			if err := s.Put(b.Context(), "acme", docs); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("SaveJob", func(b *testing.B) {
		w := newWorkspace()
		texts := [2]job.Spec{typed("Long", longText(0)), typed("Long", longText(1))}
		j := newJob(b, w, "Long", longText(0))
		for n := 1; b.Loop(); n++ {
			if _, err := w.SaveJob(b.Context(), j.ID(), n, texts[n%2], ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("check and encode", func(b *testing.B) { // what any save has to do before it puts
		j, err := job.New(typed("Long", longText(0)))
		require.NoError(b, err)
		for b.Loop() {
			j, err := job.Restore(j.ID(), job.Stamp{Revision: 1}, j.Spec())
			if err != nil {
				b.Fatal(err)
			}
			if _, err := j.MarshalJSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkJob reads a 10,000-character job that the Workspace holds, and one that it does not.
func BenchmarkJob(b *testing.B) {
	s := memory.New()
	w := storage.Open(s, "acme")
	j := newJob(b, w, "Long", longText(0))
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.Job(b.Context(), j.ID()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			if _, err := storage.Open(s, "acme").Job(b.Context(), j.ID()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Get", func(b *testing.B) { // the floor of warm
		for b.Loop() {
			if _, err := s.Get(b.Context(), "acme", []storage.Want{{Ref: jobDoc(j.ID()), Have: 1}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkImpact asks for the reach of a job on 1,000 steps of 100 flows among 1,000.
func BenchmarkImpact(b *testing.B) {
	w := newWorkspace()
	j := newJob(b, w, "Everywhere", "x").ID()
	for f := range 1_000 {
		spec := callflow.Spec{Name: fmt.Sprintf("Flow %04d", f), Numbers: []callflow.Line{callflow.Line(fmt.Sprintf("+1555%07d", f))}}
		for s := range 10 {
			step := callflow.SonaStep{}
			if f < 100 {
				step.Jobs = []job.ID{j}
			}
			spec.Steps = append(spec.Steps, callflow.Step{ID: callflow.StepID(fmt.Sprint("step-", s)), Is: step})
		}
		_, err := w.CreateFlow(b.Context(), spec)
		require.NoError(b, err)
	}
	for b.Loop() {
		uses, err := w.Impact(b.Context(), j)
		if err != nil || len(uses) != 1_000 {
			b.Fatal(len(uses), err)
		}
	}
}

// BenchmarkMerge merges texts of 10,000 characters: as people edit them, and the worst that can be typed.
func BenchmarkMerge(b *testing.B) {
	base := longText(0)
	lines := strings.Split(base, "\n")
	edited := func(seed uint64) string {
		r := rand.New(rand.NewPCG(seed, 0))
		return strings.Join(edit(r, lines, "edited", func(i int) bool { return i%10 == int(seed) }), "\n")
	}
	short := make([]string, 5_000)
	for i := range short {
		short[i] = string(rune(0x4e00 + i/2))
	}
	shuffled := func(seed uint64) string {
		mixed := append([]string(nil), short...)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(mixed), func(i, k int) { mixed[i], mixed[k] = mixed[k], mixed[i] })
		return strings.Join(mixed, "\n")
	}
	for _, c := range []struct{ name, base, mine, theirs string }{
		{"edited", base, edited(1), edited(5)},
		{"rewritten", base, longText(1), longText(2)},
		{"shuffled", strings.Join(short, "\n"), shuffled(1), shuffled(2)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				storage.MergeLines(c.base, c.mine, c.theirs)
			}
		})
	}
}

// BenchmarkImport brings in 10,000 jobs, then the same ones again.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		w := newWorkspace()
		for range 2 {
			if _, err := w.ImportJobs(b.Context(), counted(10_000)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
