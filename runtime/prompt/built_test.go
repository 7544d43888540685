package prompt_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Every call that begins on one snapshot shares one stable part, also when all of them begin at once.
func TestASnapshotIsBuiltOnce(t *testing.T) {
	s := large()
	s.options.Parts = new(prompt.Parts)
	snap, want := s.snapshot(t), large().build(t)
	texts := make([]*byte, 16)
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() {
			p, err := prompt.Build(snap, callflow.Sona, s.options)
			if err != nil || p.Stable != want.Stable {
				t.Errorf("another prompt: %v", err)
			}
			texts[i] = unsafe.StringData(p.Stable)
		})
	}
	all.Wait()
	for _, text := range texts {
		require.Same(t, texts[0], text)
	}
	again, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	require.NoError(t, err)
	require.NotSame(t, texts[0], unsafe.StringData(again.Stable), "the same texts, joined again")
	require.Equal(t, want.Receipt, again.Receipt)
}

// A snapshot that was built before is written into a buffer without an allocation.
func TestAppendMovesWhatIsKept(t *testing.T) {
	s := actions()
	s.options.Parts = new(prompt.Parts)
	snap, want := s.snapshot(t), s.build(t).Stable
	buf := make([]byte, 1, 1+len(want))
	_, err := prompt.Append(nil, snap, callflow.Sona, s.options)
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() { sinkBytes, _ = prompt.Append(buf, snap, callflow.Sona, s.options) }))
	require.Equal(t, "\x00"+want, string(sinkBytes))
	require.Same(t, &buf[0], &sinkBytes[0])

	_, err = prompt.Append(buf, snap, "nowhere", s.options)
	require.ErrorAs(t, err, new(*callflow.StepError))
	s.options.Parts = nil
	got, err := prompt.Append(buf, snap, "nowhere", s.options)
	require.ErrorAs(t, err, new(*callflow.StepError))
	require.Equal(t, buf, got)
}

// What is kept of a snapshot is asked for with the same options only: the prompt is always the one that is built
// without anything kept.
func TestWhatIsKeptOfASnapshotIsWhatItsOptionsAskFor(t *testing.T) {
	s := actions()
	s.pages = library().pages
	snap, kept := s.snapshot(t), new(prompt.Parts)
	own := s.options.Actions
	words := func(text string) int { return len(strings.Fields(text)) }
	runes := func(text string) int { return len([]rune(text)) / 2 }
	found := 0
	for round := range 2 {
		for i, o := range []prompt.Options{
			{Actions: own}, {}, {Actions: own[:1]}, {Actions: own, Finds: true},
			{Actions: own, Profile: prompt.Profile{Name: "a"}}, {Actions: own, Profile: prompt.Profile{Name: "b"}},
			{Actions: own, Profile: prompt.Profile{Name: "a", Tokens: words}}, {Actions: own, Profile: prompt.Profile{Tokens: words}}, {Actions: own, Profile: prompt.Profile{Tokens: runes}},
			{Actions: own, Finds: true, Profile: prompt.Profile{ContextTokens: 6000}}, {Actions: own, Profile: prompt.Profile{ContextTokens: 6000}}, {Actions: own, Finds: true, Profile: prompt.Profile{ContextTokens: 6000, Reserve: 1}},
			{Actions: own, Finds: true, Profile: prompt.Profile{InstructionCap: 3000}}, {Actions: own, Profile: prompt.Profile{InstructionCap: 3000}}, {Actions: own, Profile: prompt.Profile{InstructionCap: 100}},
		} {
			what := fmt.Sprintf("round %d, options %d", round, i)
			want, wantErr := prompt.Build(snap, callflow.Sona, o)
			o.Parts = kept
			got, err := prompt.Build(snap, callflow.Sona, o)
			require.Equal(t, wantErr, err, what)
			require.Equal(t, want.Stable, got.Stable, what)
			require.Equal(t, want.Tools, got.Tools, what)
			require.Equal(t, want.Tokens, got.Tokens, what)
			require.Equal(t, want.Receipt, got.Receipt, what)
			require.Equal(t, want.Notes(), got.Notes(), what)
			require.Equal(t, want.Plan.Kind, got.Plan.Kind, what)
			found += len(got.Plan.Found)
		}
	}
	require.NotZero(t, found)
}

// A host may write its list of actions anew in place: what is kept is compared with a copy of it.
func TestAListOfActionsThatWasChangedInPlaceIsNoticed(t *testing.T) {
	s := actions()
	s.options.Actions = append([]job.ActionSpec{}, s.options.Actions...)
	at := len(s.options.Actions) - 1
	s.options.Actions[at].Parameters = json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}}}`)
	s.options.Parts = new(prompt.Parts)
	snap := s.snapshot(t)
	build := func() prompt.Prompt {
		p, err := prompt.Build(snap, callflow.Sona, s.options)
		require.NoError(t, err)
		return p
	}
	before := build()
	s.options.Actions[at].Parameters[len(`{"type":"object","properties":{"`)] = 'b'
	after := build()
	require.NotEqual(t, before.Tools, after.Tools)
	s.options.Actions[at].Description += "."
	require.NotEqual(t, after.Stable, build().Stable)
	require.Equal(t, 4, reflect.TypeFor[job.ActionSpec]().NumField(), "a new field must be compared, too")
}
