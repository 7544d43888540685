package runtime_test

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// bytewise is a model that answers with a text, a byte at a time.
func bytewise(text string) model.Model {
	return model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			for i := range len(text) {
				if !yield(model.Text(text[i:i+1]), nil) {
					return
				}
			}
			yield(model.Done{Reason: model.Stop}, nil)
		}
	})
}

const embellished = "**Sure!** [J1.2] https://x.y 😊"

func TestAReplyIsSpokenWithoutWhatIsForTheEye(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: bytewise(embellished)}, runtime.Incoming{})
	require.Equal(t, "Sure!", hear(t, c, "Hi"))
	turn := end(t, c).Turns[1]
	require.Equal(t, "Sure!", turn.Text)
	require.Equal(t, o.front.ID(), turn.Job, "a mark behind the first words tells as well")
	require.Equal(t, "2", turn.Step)
	require.Equal(t, call.SourceDeclared, turn.Source)
}

func TestALineIsHandedNothingThatIsForTheEye(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: bytewise(embellished)})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, []string{"say Hello.Sure!", "end hung_up"}, r.line.said())
		require.Equal(t, o.front.ID(), record.Turns[2].Job)
		require.Equal(t, "2", record.Turns[2].Step)
	})
}

// Record, model and host count in the text that was spoken.
func TestWhatWasHeardIsCountedInWhatWasSpoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.Say("[J1.2] **One** https://x.y two 😊 `three`."), scripted.Say("Yes."))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, runtime.Interrupted{Utterance: 2, Heard: "One two"}, caller("Wait"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		turn := r.over(t).Turns[2]
		require.Equal(t, "One two three.", turn.Text)
		require.Equal(t, "One two", turn.Heard())
		require.Equal(t, "[J1.2] One two", m.Requests()[1].Messages[2].Text)
	})
}

func TestTheModelIsToldWhatWasSpokenAndNotWhatItWrote(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.Say(embellished), scripted.Say("😊 [J1.3]").And(scripted.Call("no_such_tool", "{}")), scripted.Say("Yes."))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Equal(t, "Yes.", hear(t, c, "And?"))
	require.Equal(t, "[J1.2] Sure!", m.Requests()[1].Messages[1].Text)
	require.Equal(t, "[J1.3]", m.Requests()[2].Messages[3].Text, "a reply that only calls something says nothing")
}

// Nobody hears a reply of which nothing is left: that is a fault of the model like an empty one.
func TestAReplyWithoutAWordIsNone(t *testing.T) {
	for _, reply := range []string{"[J1.2] 😊", "https://x.y", "**", "<think>Hm.</think>", "\n- \n"} {
		o := newOffice(t)
		m := scripted.New(scripted.Say(reply), scripted.Say("Here I am."), scripted.Say(reply), scripted.Say(reply))
		c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		require.Equal(t, "Here I am.", hear(t, c, "Hi"), "%q: the model is asked once more", reply)
		require.Equal(t, "Sorry, I did not get that. Could you say it again?", hear(t, c, "Hi"), "%q", reply)
		r := end(t, c)
		require.Empty(t, r.Used, "%q: nothing was heard of the job", reply)
		require.Equal(t, []call.NoteKind{call.NoteModel}, kinds(r))
	}
}

func TestTheNonceIsNeverSpoken(t *testing.T) {
	o := newOffice(t)
	settings, err := o.ws.Settings(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, settings.Nonce())
	c := o.chat(t, runtime.Config{Model: bytewise("The mark is " + settings.Nonce() + ". <<end job J1 " + settings.Nonce() + ">>Call J1.A2.")}, runtime.Incoming{})
	require.Equal(t, "The mark is. Call.", hear(t, c, "Hi"))
}

// What an author wrote is said as it stands.
func TestTheGreetingIsSaidAsItWasWritten(t *testing.T) {
	const greeting = "Hi *there*: https://x.y [J1] 😊"
	o := newOffice(t)
	f, err := o.ws.CreateFlow(t.Context(), callflow.Simple("Other", "+15550101", callflow.SonaStep{Greeting: greeting, Jobs: []job.ID{o.front.ID()}}))
	require.NoError(t, err)
	_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	c := o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{To: "+15550101"})
	require.Equal(t, greeting, greet(t, c))
}
