package prompt_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestStablePartIsTheSameOnAnotherDayForAnotherAuthor(t *testing.T) {
	s := salon().snapshot(t)
	first, err := prompt.Build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)

	f, err := callflow.New(callflow.Simple("Desk", desk, must(s.SonaStep(callflow.Sona))))
	require.NoError(t, err)
	f, err = f.Publish(noon.AddDate(0, 1, 3), "ben")
	require.NoError(t, err)
	v, _ := f.Published()
	var jobs []job.Job
	for _, j := range s.Jobs(callflow.Sona) {
		later, err := job.Restore(j.ID(), job.Stamp{Revision: 1, At: noon.AddDate(1, 0, 0), By: "ben", Note: "typo"}, j.Spec())
		require.NoError(t, err)
		jobs = append(jobs, later)
	}
	again, err := prompt.Build(callflow.NewSnapshot(f, v, jobs, s.Pages(callflow.Sona), s.Settings()), callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(first.Stable, again.Stable))
	require.Equal(t, first.Tools, again.Tools)
	require.Equal(t, first.Receipt, again.Receipt)
}

func TestStablePartIsTheSameFromDecodedJSON(t *testing.T) {
	s := actions().snapshot(t)
	first, err := prompt.Build(s, callflow.Sona, actions().options)
	require.NoError(t, err)

	f := decoded(t, s.Flow())
	v, _ := f.Published()
	var jobs []job.Job
	for _, j := range s.Jobs(callflow.Sona) {
		jobs = append(jobs, decoded(t, j))
	}
	var pages []knowledge.Page
	for _, p := range s.Pages(callflow.Sona) {
		pages = append(pages, decoded(t, p))
	}
	settings, err := callflow.NewSettings(decoded(t, s.Settings().Spec()))
	require.NoError(t, err)
	settings = settings.Stamped("ws-1", nonce, job.Stamp{Revision: 1})
	again, err := prompt.Build(callflow.NewSnapshot(f, v, jobs, pages, settings), callflow.Sona, actions().options)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(first.Stable, again.Stable))
	require.Equal(t, first.Tools, again.Tools)
	require.Equal(t, first.Receipt, again.Receipt)
}

func decoded[T any](t *testing.T, v T) T {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var again T
	require.NoError(t, json.Unmarshal(b, &again))
	return again
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The order in which Go walks through a map changes from run to run, so many builds see many orders.
func TestMapOrderChangesNoByte(t *testing.T) {
	s := actions()
	s.jobs = append(s.jobs, job.Spec{Name: "Many arguments", Instructions: `{{action look_up_order order_id="1" b="2" c="3" d="4" e="5" f="6"}}`})
	for _, name := range []job.ActionName{"zebra", "yak", "xerus", "wolf", "vole"} {
		s.options.Actions = append(s.options.Actions, job.ActionSpec{Name: name})
		s.jobs[2].Instructions += " {{action " + string(name) + "}}"
	}
	snap := s.snapshot(t)
	first, err := prompt.Build(snap, callflow.Sona, s.options)
	require.NoError(t, err)
	values := map[string]string{}
	for i := range 20 {
		values[fmt.Sprintf("value_%d", i)] = "x"
	}
	context := first.For(prompt.CallContext{Values: values}).Context
	for range 50 {
		again, err := prompt.Build(snap, callflow.Sona, s.options)
		require.NoError(t, err)
		require.Equal(t, first.Stable, again.Stable)
		require.Equal(t, first.Tools, again.Tools)
		require.Equal(t, first.Receipt, again.Receipt)
		require.Equal(t, context, again.For(prompt.CallContext{Values: values}).Context)
	}
}

func TestTheOrderOfTheHostsActionsChangesNoByte(t *testing.T) {
	s := actions()
	own := []job.ActionSpec{{Name: "b_action", Description: "B."}, {Name: "a_action", Description: "A."}}
	s.jobs = []job.Spec{{Name: "Both", Instructions: "{{action b_action}} {{action a_action}}"}}
	s.options.Actions = own
	one := s.build(t)
	s.options.Actions = []job.ActionSpec{own[1], own[0], {Name: "c_action", Description: "No job uses it."}}
	two := s.build(t)
	require.Equal(t, one.Stable, two.Stable)
	require.Equal(t, one.Tools, two.Tools)
	require.Equal(t, one.Receipt, two.Receipt)
}

func TestForLeavesTheStablePartUntouchedAndSharesIt(t *testing.T) {
	p := salon().build(t)
	before := p.Stable
	q := p.For(prompt.CallContext{Now: noon, Number: desk, Caller: call.Caller{Number: "+15557654321", Name: "Rosa"}})
	r := q.For(prompt.CallContext{Caller: call.Caller{Name: "Ben"}})

	require.Equal(t, before, q.Stable)
	require.Same(t, unsafe.StringData(p.Stable), unsafe.StringData(q.Stable), "the stable part was copied")
	require.Same(t, unsafe.StringData(p.Stable), unsafe.StringData(r.Stable), "the stable part was copied")
	require.Same(t, &p.Tools[0], &q.Tools[0])
	require.Empty(t, p.Context)
	require.Empty(t, p.Receipt.Context)
	require.NotEqual(t, q.Receipt.Context, r.Receipt.Context)
	require.Equal(t, p.Receipt.Stable, q.Receipt.Stable)
	require.NotContains(t, r.Context, "Rosa", "a second For replaces the first")
	require.Equal(t, q.Stable+"\n"+q.Context, q.System())
	require.Equal(t, p.Stable, p.System())
}

func TestNothingOfTheCallStandsAboveTheBoundary(t *testing.T) {
	p := actions().build(t)
	q := p.For(prompt.CallContext{Now: noon, Number: "+15552223333", Caller: call.Caller{Number: "+15557654321", Name: "Rosa Lind"},
		Values:   map[string]string{"order_id": "A-17", "first_name": "Rosamunde", "tier": "gold"},
		History:  []call.Activity{{Kind: "call", Text: "Asked for a refund.", At: noon}},
		Passages: []knowledge.Passage{{Title: "Parking", Text: "Behind the house."}}})
	for _, own := range []string{"2 March 2026", "+15552223333", "+15557654321", "Rosa Lind", "A-17", "Rosamunde", "gold", "refund", "Parking", "Behind the house"} {
		require.NotContains(t, q.Stable, own)
		require.Contains(t, q.Context, own)
	}
}

func TestHistoryGrowsAtItsEnd(t *testing.T) {
	p := salon().build(t)
	all := []call.Activity{{Kind: "call", Text: "one", At: noon}, {Kind: "message", Text: "two", At: noon.Add(time.Hour)}}
	short := p.For(prompt.CallContext{History: all[:1]}).Context
	long := p.For(prompt.CallContext{History: all}).Context
	end := "<<end history " + nonce + ">>\n"
	require.True(t, strings.HasPrefix(long, strings.TrimSuffix(short, end)), "what stood there before must stay the beginning")
}

func TestPromptsAreSafeToShare(t *testing.T) {
	s := actions()
	p := s.build(t)
	want := p.For(prompt.CallContext{Now: noon}).String()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			values := map[string]string{"order_id": fmt.Sprint(i)}
			q := p.For(prompt.CallContext{Now: noon, Values: values})
			u, ok := q.Action("J1.A2")
			if text, _ := q.Text(u, "order_id", values); !ok || text != fmt.Sprint(i) {
				t.Errorf("got %q", text)
			}
			if got := p.For(prompt.CallContext{Now: noon}).String(); got != want {
				t.Error("another call changed the prompt")
			}
			_, _ = q.OpenJob("J1")
			_ = append(q.Notes(), call.Note{})
			_ = append(q.Handles(job.EndCall), "x")
			_ = prompt.Diff(p, q)
		})
	}
	all.Wait()
}

func TestAppendWritesTheSameBytesBehindWhatIsThere(t *testing.T) {
	for name, s := range map[string]scene{"full": salon(), "index": index(), "actions": actions()} {
		t.Run(name, func(t *testing.T) {
			p, snap := s.build(t), s.snapshot(t)
			dst := append(make([]byte, 0, 1<<16), "before"...)
			got, err := prompt.Append(dst, snap, callflow.Sona, s.options)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff("before"+p.Stable, string(got)))
			require.Same(t, unsafe.SliceData(dst), unsafe.SliceData(got), "there was room: nothing is copied")
			require.Equal(t, "before", string(dst))

			grown, err := prompt.Append(nil, snap, callflow.Sona, s.options)
			require.NoError(t, err)
			require.Equal(t, p.Stable, string(grown))
		})
	}
}

func TestAppendGivesTheBufferBackOnAnError(t *testing.T) {
	snap := salon().snapshot(t)
	dst := append(make([]byte, 0, 1<<16), "before"...)
	for _, o := range []prompt.Options{
		{Profile: prompt.Profile{InstructionCap: 10}},
		{Actions: []job.ActionSpec{{Name: "Bad Name"}}},
	} {
		got, err := prompt.Append(dst, snap, callflow.Sona, o)
		require.Error(t, err)
		require.Equal(t, "before", string(got))
		require.Same(t, unsafe.SliceData(dst), unsafe.SliceData(got))
	}
	_, err := prompt.Append(nil, snap, "hangup", prompt.Options{})
	var wrong *callflow.StepError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, callflow.RuleNotSona, wrong.Rule)
}

func TestAHostsOwnPromptTakesAContext(t *testing.T) {
	p := prompt.Prompt{Stable: "Sum up this call."}.For(prompt.CallContext{Caller: call.Caller{Name: "Rosa"}})
	require.Contains(t, p.Context, "<<call NONCE>>\n")
	require.Equal(t, (len(p.Stable)+2)/3+(len(p.Context)+2)/3, p.Tokens)
	require.Equal(t, "Sum up this call.\n"+p.Context, p.String())
}

// A number in the form in which networks send it is shown without a second look, unless it means that
// there is none.
func TestCallersNumbersAreShownAsWhatTheyAre(t *testing.T) {
	p := scene{}.build(t)
	for number, want := range map[call.Address]string{
		"+15557654321": `"+15557654321"`, "+1 (555) 765-4321": `"+1 (555) 765-4321"`, "+1555765": `"+1555765"`, "+155576": "not readable",
		"+155576543211234": `"+155576543211234"`, "+1555765432112345": "not readable", "+05557654321": "not readable", "+1555765432a": "not readable",
		"+266696687": "withheld", "+86282452253": "withheld", "anonymous": "withheld", "": "withheld", "204": `"204"`, "sip:a@example.com": `"sip:a@example.com"`,
	} {
		require.Contains(t, p.For(prompt.CallContext{Caller: call.Caller{Number: number}}).Context, "\nCaller's number: "+want+"\n", string(number))
	}
}
