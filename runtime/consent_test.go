package runtime_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage/memory"
)

// connects is a Transferer that remembers where calls went.
func connects(to *[]job.Target, err error) runtime.Transferer {
	return runtime.TransferFunc(func(_ context.Context, _ runtime.CallInfo, target job.Target) error {
		*to = append(*to, target)
		return err
	})
}

// What Sona says, what the caller answers, and whether a transfer may follow. Each exchange is a call.
func TestRule_ATransferNeedsAQuestionAndAnAnswerThatIsNoRefusal(t *testing.T) {
	for _, tt := range []struct {
		sona, caller string
		goes         bool
	}{
		// English: agreement, in plain words and in others
		{"May I transfer you now?", "Yes.", true},
		{"Shall I connect you to the front desk?", "Yeah, sure", true},
		{"Would you like me to put you through to billing?", "That would be great, thanks", true},
		{"Would you like to speak to Dr. Smith?", "ok", true},
		{"Do you want to talk to someone from sales?", "No problem", true},
		{"Can I transfer you to a colleague?", "Why not", true},
		{"I can transfer you to support. Shall I?  Or shall I connect you later?", "Go ahead", true},
		{"Would you like to be connected to a manager?", "I don't mind", true},
		{"Should I get someone on the line?", "Well, if you must", true}, // neither yes nor no
		{"Is it okay if I transfer you? Ann is at her desk.", "um, please do", true},
		{"Shall I transfer you?", "Yes, don't worry about the wait", true},
		// English: refusal
		{"May I transfer you now?", "No.", false},
		{"May I transfer you now?", "No, what are your hours?", false},
		{"Shall I connect you?", "I'd rather not", false},
		{"Shall I connect you?", "Um, no thanks", false},
		{"Shall I connect you?", "Hold on, not yet", false},
		{"Shall I connect you?", "I'll leave a message instead", false},
		{"Shall I connect you?", "Actually, never mind", false},
		{"Shall I connect you?", "Maybe later", false},
		{"Shall I connect you?", "Thanks, but no", false},
		{"Shall I connect you?", "Absolutely not", false},
		{"Shall I connect you?", "Please don't", false},
		{"Shall I connect you?", "Yeah, no", false},
		{"Shall I connect you?", "", false}, // silence
		{"Shall I connect you?", "…", false},
		// English: nothing that was a question about a transfer
		{"I am connecting you now.", "Yes", false},
		{"Anything else?", "Yes, a person please", false},
		{"Do you want to leave a message for the team?", "Yes", false},
		{"Is the router connected to the wall?", "Yes", false},
		{"Did you speak to anybody about this before?", "Yes", false},
		{"Who am I speaking to?", "Ann", false},
		{"I could transfer you. What is your name?", "Ann", false},
		// Spanish
		{"¿Le paso con ventas?", "Sí, por favor", true},
		{"¿Quiere que le transfiera a un compañero?", "Vale", true},
		{"Un momento. ¿Desea hablar con la Dra. Ruiz?", "Claro que sí", true},
		{"¿Le comunico con recepción?", "No hay problema", true},
		{"¿Puedo transferirle ahora?", "Cómo no", true},
		{"¿Le paso con ventas?", "No, gracias", false},
		{"¿Le paso con ventas?", "Mejor no", false},
		{"¿Le paso con ventas?", "Pues ahora no", false},
		{"¿Le paso con ventas?", "Espere un momento", false},
		{"¿Le paso con ventas?", "Creo que no", false},
		{"¿Cuál es su nombre?", "Sí", false},
		// French
		{"Je vous passe le service client ?", "Oui, volontiers", true},
		{"Voulez-vous que je vous transfère ?", "D'accord", true},
		{"Souhaitez-vous parler à Mme Martin ?", "Pourquoi pas", true},
		{"Puis-je vous mettre en relation avec elle ?", "Pas de problème", true},
		{"Puis-je vous transférer ?", "Bien sûr", true},
		{"Je vous passe le service client ?", "Non merci", false},
		{"Je vous passe le service client ?", "Pas maintenant", false},
		{"Je vous passe le service client ?", "Euh, je ne veux pas", false},
		{"Je vous passe le service client ?", "Je préfère ne pas", false},
		{"Je vous passe le service client ?", "Attendez un instant", false},
		{"Quel est votre nom ?", "Oui", false},
	} {
		t.Run(tt.sona+" "+tt.caller, inBubble(func(t *testing.T) {
			o := newOffice(t)
			var to []job.Target
			m := scripted.New(scripted.Say(tt.sona), scripted.Say("One moment. ").And(scripted.Use(o.front.ID(), job.TransferCall)), scripted.Say("Fine."))
			c := o.chat(t, runtime.Config{Model: m, Transfer: connects(&to, nil)}, runtime.Incoming{})
			hear(t, c, "Hello")
			said := hear(t, c, tt.caller)
			_, over := c.Over()
			require.Equal(t, tt.goes, over)
			if tt.goes {
				require.Equal(t, []job.Target{{Kind: job.TargetInbox, ID: "desk"}}, to)
				require.Equal(t, "One moment. ", said)
				require.Len(t, m.Requests(), 2, "it was asked once")
				return
			}
			require.Empty(t, to)
			require.Equal(t, "One moment. Fine.", said, "the conversation goes on")
			require.Empty(t, end(t, c).Effects)
		}))
	}
}

func TestATransferLeavesTheCallForGood(t *testing.T) {
	o := newOffice(t)
	var to []job.Target
	m := scripted.New(scripted.Say("Shall I transfer you to the desk?"), scripted.Say("Connecting.").And(scripted.Use(o.front.ID(), job.TransferCall)))
	c := o.chat(t, runtime.Config{Model: m, Transfer: connects(&to, nil)}, runtime.Incoming{})
	hear(t, c, "A person please")
	require.Equal(t, "Connecting.", hear(t, c, "Yes"))
	require.Equal(t, call.Outcome{Kind: call.Transferred, Target: job.Target{Kind: job.TargetInbox, ID: "desk"}, Exit: callflow.ExitTransferred}, outcome(t, c))
	require.Zero(t, m.Left(), "the model is not asked again")
	require.Contains(t, end(t, c).Summary.Summary, "The caller was transferred.")
}

func TestATransferWithoutConsentIsToldHowToAsk(t *testing.T) {
	for language, want := range map[callflow.Language]string{callflow.English: "May I transfer you now?", callflow.Spanish: "¿Le transfiero ahora?", callflow.French: "Puis-je vous transférer maintenant ?"} {
		o := newOfficeIn(t, memory.New(), callflow.Persona{Languages: []callflow.Language{language}})
		var to []job.Target
		m := scripted.New(scripted.Use(o.front.ID(), job.TransferCall), scripted.Say(want), scripted.Use(o.front.ID(), job.TransferCall))
		c, err := o.runtime(t, runtime.Config{Model: m, Transfer: connects(&to, nil)}).BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Flow: o.flow.ID()}))
		require.NoError(t, err)
		hear(t, c, "A person")
		require.Empty(t, to)
		require.Contains(t, last(m.Requests()[1]).Text, want)
		hear(t, c, "ok")
		require.Len(t, to, 1, "a model that asks so may transfer")
	}
}

func TestRule_OneAgreementIsForOneTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var to []job.Target
		first, second := scripted.Use(o.front.ID(), job.TransferCall), scripted.Use(o.order.ID(), job.TransferCall)
		m := scripted.New(scripted.Say("Shall I transfer you?"), first, first, second, scripted.Say("Shall I transfer you again?"), second, scripted.Say("Sorry."))
		c := o.chat(t, runtime.Config{Model: m, Transfer: connects(&to, errors.New("busy"))}, runtime.Incoming{})
		hear(t, c, "Hi")
		require.Equal(t, "Shall I transfer you again?", hear(t, c, "Yes please"))
		require.Len(t, to, 1, "neither the same nor another target is tried on the same yes")
		require.Contains(t, last(m.Requests()[3]).Text, "ask first")
		require.Equal(t, "Sorry.", hear(t, c, "Yes"))
		require.Len(t, to, 2)
		_, over := c.Over()
		require.False(t, over, "on a failure the conversation goes on")
		r := end(t, c)
		require.Equal(t, []call.NoteKind{call.NoteUnreachable, call.NoteUnreachable}, kinds(r))
		require.Contains(t, last(m.Requests()[6]).Text, `"ok":false,"note":"busy"`)
	})
}

func TestAgreementHoldsWhileSonaAsksOtherThings(t *testing.T) {
	for _, tt := range []struct {
		name           string
		first, between string
		goes           bool
	}{
		{"plain agreement", "Yes", "Ann", true},
		{"a refusal since", "Yes", "No, forget it", false},
		{"words that were neither", "Is it far?", "Ann", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			var to []job.Target
			m := scripted.New(scripted.Say("Shall I transfer you?"), scripted.Say("What is your name?"), scripted.Use(o.front.ID(), job.TransferCall), scripted.Say("Fine."))
			c := o.chat(t, runtime.Config{Model: m, Transfer: connects(&to, nil)}, runtime.Incoming{})
			hear(t, c, "Hi")
			hear(t, c, tt.first)
			hear(t, c, tt.between)
			require.Equal(t, tt.goes, len(to) == 1)
		})
	}
}

func TestARefusalIsNotedAlsoWhenTheModelMindsIt(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct {
		name    string
		replies []scripted.Reply
		want    job.ID
	}{
		{"the job in hand", []scripted.Reply{scripted.Follow(o.order.ID(), "2", "Shall I transfer you?"), scripted.Say("Fine.")}, o.order.ID()},
		{"the model tries all the same", []scripted.Reply{scripted.Follow(o.front.ID(), "2", "Shall I transfer you?"), scripted.Use(o.front.ID(), job.TransferCall), scripted.Say("Fine.")}, o.front.ID()},
		{"two jobs transfer and none is in hand", []scripted.Reply{scripted.Say("Shall I transfer you?"), scripted.Say("Fine.")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := o.chat(t, runtime.Config{Model: scripted.New(tt.replies...)}, runtime.Incoming{})
			hear(t, c, "Hi")
			require.Equal(t, "Fine.", hear(t, c, "No, what are your hours?"))
			r := end(t, c)
			if tt.want == "" {
				require.Empty(t, r.Notes, "whose action it was is never guessed")
				return
			}
			require.Equal(t, []call.NoteKind{call.NoteDeclined}, kinds(r))
			require.Equal(t, tt.want, r.Notes[0].Job)
			require.Equal(t, job.TransferCall, r.Notes[0].Action)
		})
	}
	t.Run("only one job transfers", func(t *testing.T) {
		_, err := o.ws.Detach(t.Context(), o.flow.ID(), callflow.Sona, o.order.ID())
		require.NoError(t, err)
		f, err := o.ws.Flow(t.Context(), o.flow.ID())
		require.NoError(t, err)
		_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		m := scripted.New(scripted.Say("Shall I transfer you?"), scripted.Use(o.front.ID(), job.TransferCall), scripted.Say("Fine."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{}}, runtime.Incoming{})
		hear(t, c, "Hi")
		hear(t, c, "No")
		require.Contains(t, last(m.Requests()[2]).Text, "the caller said no")
		require.Contains(t, note(m.Requests()[1]), "You have asked whether to transfer.")
		require.Equal(t, o.front.ID(), end(t, c).Notes[0].Job)
	})
}

func TestRule_AQuestionThatWasNotHeardIsNoQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		transfer := scripted.Use(o.front.ID(), job.TransferCall)
		for _, tt := range []struct {
			pieces int
			goes   bool
		}{
			{2, false}, // Shall I
			{4, true},  // Shall I transfer you
		} {
			var to []job.Target
			m := scripted.New(scripted.Say("Shall I transfer you now?").And(scripted.Say(" Or not?")), transfer, scripted.Say("Fine."))
			s := o.session(t, runtime.Config{Model: m, Transfer: connects(&to, nil)})
			heard := map[int]string{2: "Shall I ", 4: "Shall I transfer you "}[tt.pieces]
			line := newLine(s)
			line.answers = map[string][]runtime.Input{
				"Hello.":  {runtime.PlayedOut{}, runtime.CallerSaid{Text: "A person"}},
				"Or not?": {runtime.Interrupted{Heard: heard}, runtime.CallerSaid{Text: "Yes"}},
				"Fine.":   {runtime.HungUp{}},
			}
			_, err := s.Run(t.Context(), line)
			require.NoError(t, err)
			require.Equal(t, tt.goes, len(to) == 1, "%q", heard)
		}
	})
}
