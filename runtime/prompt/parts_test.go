package prompt_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// One Parts serves scenes that share texts and differ in all else: whatever was prepared before, and in
// whatever order, the prompt is the one that is made without.
func TestPartsChangeNoByte(t *testing.T) {
	renumbered, elsewhere, restricted, narrow, own := actions(), actions(), actions(), actions(), actions()
	slices.Reverse(renumbered.jobs)
	elsewhere.nonce = "ANOTHERNONCE"
	restricted.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "elsewhere"}}
	narrow.options.Actions = nil // look_up_order is not to be had
	own.options.Actions = slices.Clone(own.options.Actions)
	own.options.Actions[1].Description = "Look it up."
	pages := salon()
	slices.Reverse(pages.pages)
	scenes := []scene{actions(), renumbered, elsewhere, restricted, narrow, own, salon(), pages, index(), hostile(), languages(), {}, large(),
		{pages: salon().pages}, {jobs: salon().jobs}, {jobs: actions().jobs}}
	for _, most := range []int{2500, 3000, 4000, 0} { // pages that are found, some and all
		found := library()
		found.options.Profile.InstructionCap = most
		onlyPages := scene{pages: found.pages, options: found.options}
		onlyPages.options.Profile.InstructionCap = most / 2
		scenes = append(scenes, found, onlyPages)
	}
	none, foreign := scene{pages: library().pages[3:], options: library().options}, salon() // no page has room; another workspace
	none.options.Profile.InstructionCap = 910
	foreign.nonce = "ANOTHERNONCE"
	scenes = append(scenes, none, foreign)
	for _, tone := range []string{"calm", "brisk"} {
		for _, greeting := range []string{"", "Hi.", "calm"} {
			for _, spoken := range [][]callflow.Language{nil, {callflow.French}, {callflow.French, callflow.English}} {
				scenes = append(scenes, scene{step: callflow.SonaStep{Greeting: greeting, Persona: callflow.Persona{Tone: tone, Languages: spoken}},
					settings: callflow.SettingsSpec{Guardrails: []string{tone}}})
			}
		}
	}
	for _, text := range []string{"{{action end_call}}", "{{action end_call}} {{action nowhere}}", "{{action transfer_call to=\"inbox:a\"}}"} {
		all := scene{jobs: []job.Spec{{Name: "Job", Instructions: text}}}
		some := all
		some.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "elsewhere"}} // what could be done before cannot be done now
		scenes = append(scenes, all, some)
	}
	scenes = append(scenes, scene{settings: callflow.SettingsSpec{Guardrails: []string{"calm", "brisk"}}}, scene{settings: callflow.SettingsSpec{Guardrails: []string{"calm brisk"}}})
	kept := new(prompt.Parts)
	for round := range 3 {
		for i, s := range scenes {
			fresh := s.build(t)
			s.options.Parts = kept
			p := s.build(t)
			what := fmt.Sprintf("round %d, scene %d", round, i)
			require.Empty(t, cmp.Diff(fresh.Stable, p.Stable), what)
			require.Equal(t, fresh.Tools, p.Tools, what)
			require.Equal(t, fresh.Receipt, p.Receipt, what)
			require.Equal(t, fresh.Notes(), p.Notes(), what)
			require.Equal(t, fresh.Tokens, p.Tokens, what)
			require.Equal(t, fresh.Plan.Kind, p.Plan.Kind, what)
			for _, tool := range fresh.Tools {
				name := job.ActionName(tool.Name)
				require.Equal(t, fresh.Handles(name), p.Handles(name), what)
				for _, h := range fresh.Handles(name) {
					want, _ := fresh.Action(h)
					got, _ := p.Action(h)
					require.Equal(t, want, got, what)
				}
			}
			for _, j := range fresh.Plan.Jobs {
				want, _ := fresh.OpenJob(j.Handle)
				got, _ := p.OpenJob(j.Handle)
				require.Equal(t, want, got, what)
			}
			appended, err := prompt.Append(nil, s.snapshot(t), callflow.Sona, s.options)
			require.NoError(t, err)
			require.Equal(t, fresh.Stable, string(appended), what)
		}
		slices.Reverse(scenes)
	}
}

func TestPartsAreSafeToShare(t *testing.T) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	want := large().build(t).Stable
	snap := s.snapshot(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 3 {
				if p, err := prompt.Build(snap, callflow.Sona, s.options); err != nil || p.Stable != want {
					t.Errorf("another prompt: %v", err)
				}
			}
		})
	}
	all.Wait()
}

// Without a change nothing is prepared again, and however long the texts are the same few things are
// allocated.
func TestAllocationsDoNotGrowWithTheTexts(t *testing.T) {
	count := func(s scene) float64 {
		s.options.Parts = new(prompt.Parts)
		var snaps []callflow.Snapshot
		for range 40 {
			snaps = append(snaps, s.snapshot(t))
		}
		least := math.Inf(1)
		for range 20 { // the race detector makes pools forget what they hold, now and then
			least = min(least, testing.AllocsPerRun(1, func() { // twice
				sinkPrompt, _ = prompt.Build(snaps[0], callflow.Sona, s.options)
				snaps = snaps[1:]
			}))
		}
		return least
	}
	long, short := large(), large()
	for i := range short.jobs {
		short.jobs[i].Instructions = "Talk.\n{{action send_sms text=\"See you, {{first_name}}.\"}}\n{{action end_call}}"
	}
	short.pages[0].Text = "Closed."
	require.InDelta(t, count(short), count(long), 1)
	require.Less(t, count(long), 60.0)
}

func TestACallsStartAllocatesItsContextAndNothingElse(t *testing.T) {
	p, c := large().build(t), ordinaryCall()
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { sinkPrompt = p.For(c) }), 2.0, "the text and its hash")
	q := p.For(c)
	buf := make([]byte, 0, 2*len(q.System()))
	require.Zero(t, testing.AllocsPerRun(100, func() { sinkBytes = q.Append(buf) }))
	require.Equal(t, q.System(), string(sinkBytes))
	require.Equal(t, "x"+p.Stable, string(p.Append([]byte("x"))))
}
