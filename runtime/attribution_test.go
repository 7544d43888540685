package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// The reply's mark says which job it follows. What no mark and no action says stays unknown.
func TestAReplyBelongsToTheJobOfItsFirstMarkThatIsOne(t *testing.T) {
	o := newOffice(t)
	one, two := o.front.ID(), o.order.ID()
	for _, tt := range []struct {
		reply  string
		job    job.ID
		step   string
		source call.Source
		note   string
	}{
		{"[J1.2] Hi.", one, "2", call.SourceDeclared, "State: In hand: job J1, step 2."},
		{"[J2] Hi.", two, "", call.SourceDeclared, "State: In hand: job J2."},
		{"[j2.3.b] Hi.", two, "3.b", call.SourceDeclared, "State: In hand: job J2, step 3.b."},
		{"[J2.] Hi.", two, "", call.SourceDeclared, "State: In hand: job J2."},
		{"[J2.A1] Hi.", two, "", call.SourceDeclared, "State: In hand: job J2."},
		{"[J0] Hi.", "", "", call.SourceDeclared, ""},
		{"[J0.2] Hi.", "", "", call.SourceDeclared, ""},
		{"Hi [J1.2] there.", one, "2", call.SourceDeclared, "State: In hand: job J1, step 2."},
		{"Hi there. [J1.2]", one, "2", call.SourceDeclared, "State: In hand: job J1, step 2."},
		{"[J1.2] Hi [J2.1] there.", one, "2", call.SourceDeclared, "State: In hand: job J1, step 2."},
		{"[J9.1] [J2.1] Hi.", two, "1", call.SourceDeclared, "State: In hand: job J2, step 1."},
		{"[J9.1] Hi [J2.1] there.", two, "1", call.SourceDeclared, "State: In hand: job J2, step 1."},
		{"[J9.1] Hi.", "", "", call.SourceUnknown, ""},
		{"[J01] Hi.", "", "", call.SourceUnknown, ""},
		{"[J1.2 Hi.", "", "", call.SourceUnknown, ""},
		{"[sic] Hi.", "", "", call.SourceUnknown, ""},
		{"Job J1, step 2.", "", "", call.SourceUnknown, ""},
	} {
		t.Run(tt.reply, func(t *testing.T) {
			m := scripted.New(scripted.Say(tt.reply), scripted.Say("Yes."))
			c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
			hear(t, c, "Hi")
			hear(t, c, "And?")
			require.Equal(t, tt.note, note(m.Requests()[1]))
			r := end(t, c)
			turn := r.Turns[1]
			require.Equal(t, tt.source, turn.Source)
			require.Equal(t, tt.job, turn.Job)
			require.Equal(t, tt.step, turn.Step)
			require.Equal(t, tt.job != "", len(r.Used) == 1)
			require.Equal(t, call.SourceUnknown, r.Turns[3].Source, "a reply without a mark does not inherit one")
		})
	}
}

func TestEventsTellWhichJobIsInHand(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(
		scripted.Follow(o.front.ID(), "1", "One two three."), scripted.Follow(o.front.ID(), "2", "Four."),
		scripted.Say("[J2.1] Five six seven."), scripted.Say("[J0] Eight."),
	)}, runtime.Incoming{})
	var chosen []runtime.JobChosen
	listen := func(text string, most int) {
		for ev, err := range c.Hear(t.Context(), text) {
			require.NoError(t, err)
			switch ev := ev.(type) {
			case runtime.JobChosen:
				chosen = append(chosen, ev)
			case runtime.Said:
				if ev.Text != "" {
					require.Equal(t, call.SourceDeclared, ev.Source)
				}
			}
			if most--; most == 0 {
				return
			}
		}
	}
	listen("a", -1)
	listen("b", -1)
	listen("c", 1) // nothing was heard of it: back to the first job
	listen("d", -1)
	first, second := o.front.Name(), o.order.Name()
	require.Equal(t, []runtime.JobChosen{
		{Job: o.front.ID(), Name: first, Step: "1"},
		{Job: o.order.ID(), Name: second, Step: "1"},
		{Job: o.front.ID(), Name: first, Step: "2"},
		{},
	}, chosen, "the same job, further on, is not chosen again")
	require.Equal(t, []job.ID{o.front.ID()}, end(t, c).Used)
}
