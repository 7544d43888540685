package storage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// BenchmarkSnapshot is a call start on the largest legal Sona step: ten jobs of 10,000 characters and five
// pages of 20,000. The floor is the one read that no snapshot can do without, asking for the same
// documents with everything held; compare the ratios, not the times.
func BenchmarkSnapshot(b *testing.B) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	var step callflow.SonaStep
	wants := []storage.Want{{Ref: storage.Ref{Kind: storage.KindSettings, ID: "settings"}, Have: 1}}
	for range 10 {
		j := newJob(b, w, "Book a table", strings.Repeat("1. Ask for the day, then for the hour. ", 256))
		step.Jobs = append(step.Jobs, j.ID())
		wants = append(wants, storage.Want{Ref: storage.Ref{Kind: storage.KindJob, ID: string(j.ID())}, Have: 1})
	}
	for range 5 {
		p := newPage(b, w, "Prices", strings.Repeat("A haircut costs 30 dollars. ", 714))
		step.Pages = append(step.Pages, p.ID())
		wants = append(wants, storage.Want{Ref: storage.Ref{Kind: storage.KindPage, ID: string(p.ID())}, Have: 1})
	}
	f, err := w.CreateFlow(b.Context(), callflow.Simple("Desk", deskLine, step))
	require.NoError(b, err)
	f = publish(b, w, f.ID())
	wants = append(wants, storage.Want{Ref: storage.Ref{Kind: storage.KindFlow, ID: string(f.ID())}, Have: f.Revision()})
	newCall(b, w, f.ID())

	b.Run("floor: one Get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if docs, err := kept.Get(b.Context(), "acme", wants); err != nil || len(docs) != 17 {
				b.Fatal(len(docs), err)
			}
		}
	})
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.Snapshot(b.Context(), f.ID()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("warm by number", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.SnapshotFor(b.Context(), deskLine); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("warm, one job edited", func(b *testing.B) {
		b.ReportAllocs()
		texts := [2]string{strings.Repeat("1. Ask for the hour, then for the day. ", 256), strings.Repeat("1. Ask for the day, then for the hour. ", 256)}
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			rewrite(b, storage.Open(kept, "acme"), step.Jobs[i%10], texts[i/10%2])
			b.StartTimer()
			if _, err := w.Snapshot(b.Context(), f.ID()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := storage.Open(kept, "acme").Snapshot(b.Context(), f.ID()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor: the join", func(b *testing.B) {
		b.ReportAllocs()
		s := newCall(b, w, f.ID())
		jobs, pages := s.Jobs(sona), s.Pages(sona)
		for b.Loop() {
			if s := callflow.NewSnapshot(s.Flow(), s.Version(), jobs, pages, s.Settings()); len(s.Jobs(sona)) != 10 {
				b.Fatal()
			}
		}
	})
}
