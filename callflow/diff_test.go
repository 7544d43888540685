package callflow_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

func TestChanges_EveryKindOfChangeShowsItself(t *testing.T) {
	type draft = callflow.Draft
	sona := func(change func(*callflow.SonaStep)) func(*draft) error {
		return func(d *draft) error { return d.EditSona("sona", change) }
	}
	set := func(s callflow.Step) func(*draft) error { return func(d *draft) error { return d.SetStep(s) } }
	for _, tt := range []struct {
		name string
		edit func(*draft) error
		want []callflow.Change
	}{
		{"a job toggled on", func(d *draft) error { return d.Attach("sona", "c") },
			[]callflow.Change{{Kind: callflow.JobAttached, Step: "sona", Job: "c"}}},
		{"a job toggled off", func(d *draft) error { return d.Detach("sona", "a") },
			[]callflow.Change{{Kind: callflow.JobDetached, Step: "sona", Job: "a"}}},
		{"jobs in another order", func(d *draft) error { return d.MoveJob("sona", "a", 0) },
			[]callflow.Change{{Kind: callflow.JobsReordered, Step: "sona", Before: "b, a", After: "a, b"}}},
		{"a page selected", func(d *draft) error { return d.AttachPage("sona", "q") },
			[]callflow.Change{{Kind: callflow.PageAttached, Step: "sona", Page: "q"}}},
		{"a page deselected", func(d *draft) error { return d.DetachPage("sona", "p") },
			[]callflow.Change{{Kind: callflow.PageDetached, Step: "sona", Page: "p"}}},
		{"one page for another", sona(func(s *callflow.SonaStep) { s.Pages = ids("q") }),
			[]callflow.Change{{Kind: callflow.PageDetached, Step: "sona", Page: "p"}, {Kind: callflow.PageAttached, Step: "sona", Page: "q"}}},
		{"another greeting", sona(func(s *callflow.SonaStep) { s.Greeting = "Hi." }),
			[]callflow.Change{{Kind: callflow.GreetingChanged, Step: "sona", Before: "Hello.", After: "Hi."}}},
		{"another persona", sona(func(s *callflow.SonaStep) { s.Persona = callflow.Persona{Tone: "brisk"} }),
			[]callflow.Change{{Kind: callflow.PersonaChanged, Step: "sona",
				Before: `tone "warm", voice "alto", languages fr, en`, After: `tone "brisk", voice "", languages `}}},
		{"history off", sona(func(s *callflow.SonaStep) { s.History = false }),
			[]callflow.Change{{Kind: callflow.HistoryChanged, Step: "sona", Before: "true", After: "false"}}},
		{"a greeting that must be heard", sona(func(s *callflow.SonaStep) { s.HearGreeting = true }),
			[]callflow.Change{{Kind: callflow.HearGreetingChanged, Step: "sona", Before: "false", After: "true"}}},
		{"another entry", func(d *draft) error { return d.SetEntry("sona") },
			[]callflow.Change{{Kind: callflow.EntryChanged, Step: "sona", Before: "hours", After: "sona"}}},
		{"an exit led elsewhere", func(d *draft) error { return d.Connect("hours", "closed", "end") },
			[]callflow.Change{{Kind: callflow.ExitChanged, Step: "hours", Before: "closed → vm", After: "closed → end"}}},
		{"an exit that ends the call", func(d *draft) error { return d.Connect("vm", "done", "") },
			[]callflow.Change{{Kind: callflow.ExitChanged, Step: "vm", Before: "done → end", After: "done → (end of the call)"}}},
		{"a step removed", func(d *draft) error { return d.RemoveStep("end") }, []callflow.Change{
			{Kind: callflow.StepRemoved, Step: "end", Before: "hangup"},
			{Kind: callflow.ExitChanged, Step: "sona", Before: "ended → end", After: "ended → (end of the call)"},
			{Kind: callflow.ExitChanged, Step: "vm", Before: "done → end", After: "done → (end of the call)"}}},
		{"a voicemail step added", set(callflow.Step{ID: "vm2", Is: callflow.VoicemailStep{}, Next: map[callflow.Exit]callflow.StepID{"done": "end"}}), []callflow.Change{
			{Kind: callflow.StepAdded, Step: "vm2", After: "voicemail"},
			{Kind: callflow.ExitChanged, Step: "vm2", Before: "done → (end of the call)", After: "done → end"}}},
		{"a Sona step added with all it has", set(callflow.Step{ID: "night", Is: callflow.SonaStep{Greeting: "Good evening.", Jobs: []job.ID{"a"}}}), []callflow.Change{
			{Kind: callflow.StepAdded, Step: "night", After: "sona"},
			{Kind: callflow.GreetingChanged, Step: "night", After: "Good evening."},
			{Kind: callflow.JobAttached, Step: "night", Job: "a"}}},
		{"another voicemail greeting", set(callflow.Step{ID: "vm", Is: callflow.VoicemailStep{Greeting: "Go."}, Next: map[callflow.Exit]callflow.StepID{"done": "end"}}),
			[]callflow.Change{{Kind: callflow.StepChanged, Step: "vm", Before: " (voicemail) Speak after the tone.", After: " (voicemail) Go."}}},
		{"another name of a Sona step", func(d *draft) error {
			s := d.Steps()[1]
			s.Name = "Agent"
			return d.SetStep(s)
		}, []callflow.Change{{Kind: callflow.StepChanged, Step: "sona", Before: "Sona", After: "Agent"}}},
		{"another configuration of the host", func(d *draft) error {
			s := d.Steps()[0]
			h := s.Is.(callflow.HostStep)
			h.Config = json.RawMessage(`{}`)
			s.Is = h
			return d.SetStep(s)
		}, []callflow.Change{{Kind: callflow.StepChanged, Step: "hours",
			Before: `Hours (host) hours ["open" "closed"] {"zone":"\u003cEurope/Paris\u003e"}`, After: `Hours (host) hours ["open" "closed"] {}`}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := everything(t).Discard()
			require.Empty(t, f.Changes())
			f = edit(t, f, tt.edit)
			assert.Equal(t, tt.want, f.Changes())
			published, err := f.Publish(monday, "")
			require.NoError(t, err)
			v, _ := published.Published()
			assert.Equal(t, 2, v.Number(), "whatever shows as a change can be published")
			assert.Empty(t, published.Changes())
		})
	}
}

func TestChanges_AStepThatBecomesAnotherKindLosesItsJobs(t *testing.T) {
	f := edit(t, everything(t).Discard(), func(d *callflow.Draft) error {
		return d.SetStep(callflow.Step{ID: "sona", Name: "Sona", Is: callflow.HangupStep{}})
	})
	kinds := map[callflow.ChangeKind]int{}
	for _, c := range f.Changes() {
		kinds[c.Kind]++
	}
	assert.Equal(t, map[callflow.ChangeKind]int{callflow.StepChanged: 1, callflow.GreetingChanged: 1, callflow.PersonaChanged: 1,
		callflow.HistoryChanged: 1, callflow.JobDetached: 2, callflow.PageDetached: 1}, kinds)
}

func TestChanges_ReorderedPages(t *testing.T) {
	f, err := simple(t, callflow.SonaStep{Pages: ids("p", "q", "r")}).Publish(monday, "")
	require.NoError(t, err)
	f = edit(t, f, func(d *callflow.Draft) error {
		return d.EditSona("sona", func(s *callflow.SonaStep) { s.Pages = ids("r", "p") })
	})
	assert.Equal(t, []callflow.Change{
		{Kind: callflow.PageDetached, Step: "sona", Page: "q"},
		{Kind: callflow.PagesReordered, Step: "sona", Before: "p, r", After: "r, p"},
	}, f.Changes())
}

func TestChanges_AFlowThatWasNeverPublishedHasEverythingToChange(t *testing.T) {
	f := simple(t, callflow.SonaStep{Jobs: []job.ID{"a"}})
	changes := f.Changes()
	assert.Contains(t, changes, callflow.Change{Kind: callflow.StepAdded, Step: "sona", After: "sona"})
	assert.Contains(t, changes, callflow.Change{Kind: callflow.JobAttached, Step: "sona", Job: "a"})
	assert.Contains(t, changes, callflow.Change{Kind: callflow.EntryChanged, Step: "sona", After: "sona"})
}

func TestChange_ReadsAsASentence(t *testing.T) {
	for want, c := range map[string]callflow.Change{
		`step "sona": job attached: job-1`:               {Kind: callflow.JobAttached, Step: "sona", Job: "job-1"},
		`step "sona": page detached: page-1`:             {Kind: callflow.PageDetached, Step: "sona", Page: knowledge.ID("page-1")},
		`step "sona": greeting changed: "Hello" → "Hi."`: {Kind: callflow.GreetingChanged, Step: "sona", Before: "Hello", After: "Hi."},
	} {
		assert.Equal(t, want, c.String())
	}
}
