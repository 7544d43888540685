package prompt_test

import (
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

// againstFloor runs work, then as many times floor, and reports how many floors one piece of work costs.
func againstFloor(b *testing.B, work, floor func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		work()
	}
	spent := b.Elapsed()
	b.StopTimer()
	begin := time.Now()
	for range b.N {
		floor()
	}
	alone := time.Since(begin)
	b.ReportMetric(float64(alone.Nanoseconds())/float64(b.N), "floor-ns/op")
	b.ReportMetric(float64(spent)/float64(alone), "x-floor")
}

var (
	sinkText   string
	sinkBytes  []byte
	sinkPrompt prompt.Prompt
)

// The floor of a call's start is a copy of the tail alone.
func BenchmarkFor(b *testing.B) {
	p := large().build(b)
	c := prompt.CallContext{Now: noon, Number: desk, Caller: call.Caller{Number: "+15557654321", Name: "Rosa Lind"}, Values: map[string]string{"first_name": "Rosa"}}
	tail := p.For(c).Context
	againstFloor(b, func() { sinkPrompt = p.For(c) }, func() { sinkText = strings.Clone(tail) })
}

// The floor of writing into a buffer that is there is to move the bytes.
func BenchmarkAppend(b *testing.B) {
	s := large()
	snap := s.snapshot(b)
	stable := s.build(b).Stable
	buf := make([]byte, 0, 2*len(stable))
	b.SetBytes(int64(len(stable)))
	againstFloor(b, func() { sinkBytes, _ = prompt.Append(buf, snap, callflow.Sona, s.options) },
		func() { sinkBytes = buf[:copy(buf[:len(stable)], stable)] })
}

// The floor of a fresh prompt is a Builder that has its size and takes the cleaned parts.
func BenchmarkBuild(b *testing.B) {
	s := large()
	snap := s.snapshot(b)
	stable := s.build(b).Stable
	parts := strings.SplitAfter(stable, ">>\n")
	b.SetBytes(int64(len(stable)))
	againstFloor(b, func() { sinkPrompt, _ = prompt.Build(snap, callflow.Sona, s.options) }, func() {
		var text strings.Builder
		text.Grow(len(stable))
		for _, p := range parts {
			text.WriteString(p)
		}
		sinkText = text.String()
	})
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
