package prompt_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// large is what a step can hold: ten jobs of 10,000 characters, and 20,000 characters of Knowledge.
func large() scene {
	s := scene{step: callflow.SonaStep{Greeting: "Hello, this is Lumen Hair."}, settings: callflow.SettingsSpec{Guardrails: []string{"Give no medical advice."}}}
	text := strings.Repeat("## Part\n1. Ask the caller which day they would like, and whether the morning is better.\n2. Offer two times (never more) and read the one they choose back.\n   - If neither is right, ask for another day.\n\n", 50)
	for range callflow.MaxJobsPerStep {
		s.jobs = append(s.jobs, job.Spec{Name: "Book an appointment", CallerIntent: "The caller wants to book.",
			Instructions: text[:job.MaxInstructions-100] + "\n{{action send_sms text=\"See you, {{first_name}}.\"}}\n{{action end_call}}"})
	}
	s.pages = []knowledge.Spec{{Title: "Prices", Text: strings.Repeat("A cut is 45 dollars, with colour it is 80 dollars and takes two hours.\n", 280)}}
	return s
}

// againstFloor measures work, and how many floors one piece of work costs. For that both run in turns, in
// batches that are shorter than a turn of the scheduler. "x-floor" compares the whole of both, with what the
// collector takes; "x-floor-best" the fastest batch of each, which a busy machine does not disturb.
func againstFloor(b *testing.B, work, floor func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		work()
	}
	w, f := turns{do: work}, turns{do: floor}
	w.size()
	f.size()
	for range 400 {
		w.run()
		f.run()
	}
	b.ReportMetric(w.best, "best-ns/op")
	b.ReportMetric(f.best, "floor-ns/op")
	b.ReportMetric(w.mean()/f.mean(), "x-floor")
	b.ReportMetric(w.best/f.best, "x-floor-best")
}

// turns runs batches of one thing.
type turns struct {
	do          func()
	batch, done int
	spent       time.Duration
	best        float64 // nanoseconds of one
}

// size makes a batch so large that it takes a quarter of a millisecond.
func (t *turns) size() {
	t.best = math.MaxFloat64
	for t.batch = 1; ; t.batch *= 2 {
		if t.run(); t.best*float64(t.batch) > 250e3 {
			t.spent, t.done = 0, 0
			return
		}
	}
}

func (t *turns) run() {
	begin := time.Now()
	for range t.batch {
		t.do()
	}
	spent := time.Since(begin)
	t.spent, t.done = t.spent+spent, t.done+t.batch
	t.best = min(t.best, float64(spent)/float64(t.batch))
}

func (t *turns) mean() float64 { return float64(t.spent) / float64(t.done) }

var (
	sinkText   string
	sinkBytes  []byte
	sinkPrompt prompt.Prompt
)

func ordinaryCall() prompt.CallContext {
	return prompt.CallContext{Now: noon, Number: desk, Caller: call.Caller{Number: "+15557654321", Name: "Rosa Lind"}, Values: map[string]string{"first_name": "Rosa"}}
}

// The floor of a call's start is a copy of the tail alone.
func BenchmarkFor(b *testing.B) {
	p := large().build(b)
	c := ordinaryCall()
	tail := p.For(c).Context
	againstFloor(b, func() { sinkPrompt = p.For(c) }, func() { sinkText = strings.Clone(tail) })
}

// The floor of the whole system message in a buffer that is there is to move the bytes.
func BenchmarkPromptAppend(b *testing.B) {
	p := large().build(b).For(prompt.CallContext{Now: noon, Number: desk, Caller: call.Caller{Number: "+15557654321", Name: "Rosa Lind"}})
	whole := p.System()
	buf := make([]byte, 0, 2*len(whole))
	b.SetBytes(int64(len(whole)))
	againstFloor(b, func() { sinkBytes = p.Append(buf) }, func() { sinkBytes = buf[:copy(buf[:len(whole)], whole)] })
}

// The floor of writing into a buffer that is there is to move the bytes.
func BenchmarkAppend(b *testing.B) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	snap := s.snapshot(b)
	stable := s.build(b).Stable
	buf := make([]byte, 0, 2*len(stable))
	b.SetBytes(int64(len(stable)))
	againstFloor(b, func() { sinkBytes, _ = prompt.Append(buf, snap, callflow.Sona, s.options) },
		func() { sinkBytes = buf[:copy(buf[:len(stable)], stable)] })
}

// The floor of a fresh prompt is a Builder that has its size and takes the cleaned parts. Nothing was
// prepared before: each text is read, demoted, defused and hashed.
func BenchmarkBuildCold(b *testing.B) { buildAgainstBuilder(b, large()) }

// All parts are prepared, and the snapshot is a new one: what a build costs besides the texts that were edited.
func BenchmarkBuildWarm(b *testing.B) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	stable := s.build(b).Stable
	parts := strings.SplitAfter(stable, ">>\n")
	snap := s.snapshot(b)
	snaps := make([]callflow.Snapshot, 512) // more than are kept
	for i := range snaps {
		snaps[i] = callflow.NewSnapshot(snap.Flow(), snap.Version(), snap.Jobs(callflow.Sona), snap.Pages(callflow.Sona), snap.Settings())
	}
	b.SetBytes(int64(len(stable)))
	n := 0
	var kept keeping
	againstFloor(b, func() {
		n++
		sinkPrompt, _ = prompt.Build(snaps[n%len(snaps)], callflow.Sona, s.options)
	}, func() { kept.keep(joined(parts, len(stable))) })
}

// The snapshot is the one that was built before: the same Prompt serves.
func BenchmarkBuildAgain(b *testing.B) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	snap := s.snapshot(b)
	b.ReportAllocs()
	for b.Loop() {
		sinkPrompt, _ = prompt.Build(snap, callflow.Sona, s.options)
	}
}

// Every build meets one job with a text that was never seen.
func BenchmarkBuildAfterEdit(b *testing.B) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	stable := s.build(b).Stable
	parts := strings.SplitAfter(stable, ">>\n")
	snap := s.snapshot(b)
	edits := make([]callflow.Snapshot, 512)
	for i := range edits {
		edited := s
		edited.jobs = slices.Clone(s.jobs)
		edited.jobs[4].Instructions = strings.Replace(s.jobs[4].Instructions, "Ask the caller", fmt.Sprintf("Ask %010d", i), 1)
		jobs := snap.Jobs(callflow.Sona)
		jobs[4] = edited.snapshot(b).Jobs(callflow.Sona)[4]
		jobs[4].Outline() // of the value, read once when it is saved
		edits[i] = join(b, must(snap.SonaStep(callflow.Sona)), jobs, snap.Pages(callflow.Sona), snap.Settings())
	}
	b.SetBytes(int64(len(stable)))
	n := 0
	var kept keeping
	againstFloor(b, func() {
		if n++; n%len(edits) == 0 { // forget them, in a millisecond
			s.options.Parts = new(prompt.Parts)
			sinkPrompt, _ = prompt.Build(snap, callflow.Sona, s.options)
		}
		sinkPrompt, _ = prompt.Build(edits[n%len(edits)], callflow.Sona, s.options)
	}, func() { kept.keep(joined(parts, len(stable))) })
}

// keeping keeps texts as long as a Parts keeps prompts: what is kept has no place in the processor's caches that was
// used a moment ago.
type keeping struct {
	texts [256]string
	n     int
}

func (k *keeping) keep(text string) {
	k.n++
	k.texts[k.n%len(k.texts)] = text
}

func joined(parts []string, size int) string {
	var text strings.Builder
	text.Grow(size)
	for _, p := range parts {
		text.WriteString(p)
	}
	return text.String()
}

func buildAgainstBuilder(b *testing.B, s scene) {
	b.Helper()
	snap := s.snapshot(b)
	stable := s.build(b).Stable
	parts := strings.SplitAfter(stable, ">>\n")
	b.SetBytes(int64(len(stable)))
	againstFloor(b, func() { sinkPrompt, _ = prompt.Build(snap, callflow.Sona, s.options) }, func() { sinkText = joined(parts, len(stable)) })
}

func BenchmarkOpenJob(b *testing.B) {
	p := large().build(b)
	b.ReportAllocs()
	for b.Loop() {
		sinkText, _ = p.OpenJob("J10")
	}
}

func BenchmarkDiff(b *testing.B) {
	s := large()
	before := s.build(b)
	s.jobs[4].Instructions += "x"
	after := s.build(b)
	b.ReportAllocs()
	for b.Loop() {
		if len(prompt.Diff(before, after)) != 1 {
			b.Fatal("one job was edited")
		}
	}
}
