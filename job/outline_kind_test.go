package job_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// What an entry tells Sona to do, in the three languages of Sona. Each is the second entry of a list,
// after one that says nothing.
func TestKindsOfItems(t *testing.T) {
	for kind, texts := range map[job.ItemKind][]string{
		job.ItemAsk: {
			"Ask for the caller's name", "Get the caller's number", "Find out why they call", "Confirm the address", "Then ask when.",
			"Politely ask for a number.", "Please collect their e-mail address", "Start by asking who calls", "Always get a callback number",
			"First, gather the details", "Take their name and number", "Write down their address", "You need the caller's account number",
			"You must ask for the date of birth", "Make sure to get the address", "Try to obtain a reason", "The agent should request an ID.",
			"What is your name?", `"What is your name?"`, `Say: "What is your name?"`, "**Name:** ask for it", "After the greeting, ask who calls.",
			"Once they agree, ask for a date.", "Thank them, then ask for the order number.", "Ask if they are new.", "Ask the caller if they would like a table",
			"Verify who calls by asking for the date of birth", "Sona, ask for the name.", "Name: What is it?", "Ask again",
			"Pregunta por el nombre", "Primero, pida el número de teléfono", "Solicite la dirección", "Confirme la cita",
			"Demandez le nom", "D'abord: demandez l'adresse", "Veuillez confirmer la date",
		},
		job.ItemSay: {
			"Tell the caller that we are closed", "Say \"We call you back.\"", "Explain the next steps", "Greet the caller warmly", "Let them know the price",
			"Inform the caller of the delay.", "Apologize for the wait", "Read the number back", "\"We are open from nine to five.\"", "Greeting: \"Hello there.\"",
			"You should always tell them the price", "Offer a callback", "Next, repeat the date.",
			"Explica el proceso", "Dígale al cliente que sí", "Salude al cliente", "Informez le client", "Dites bonjour",
		},
		job.ItemDo: {
			"Look up the booking", "Transfer the call to the desk", "{{action send_sms text=\"Hi\"}}", "Then send the link", "Verify the account.",
			"Full name or account ID", "Never give advice", "Do not ask for the card number", "Don't hang up before they do.", "End with a smile",
			"Take a message", "Find the order", "Transfiere la llamada", "Transférez l'appel", "Start over", "Note: short sentences", "You are kind",
			"By nine o'clock", "The caller asks for help", "Complete the form.",
		},
		job.ItemBranch: {
			"If the caller is new, ask for an address", "When they agree, book it", "Unless they are members, charge them", "Whenever it rains, offer a coat.",
			"In case the line is busy, wait.", "Otherwise, take a message.", "Else ask again", "Should the caller want more, offer it", "Then, if they agree, book it",
			"If yes: book it", "New guests: if they are four, offer the window", "If nobody answers the transfer, take a message.",
			"If the card is declined, ask for another", "If there is no one at the desk, wait",
			"Si el cliente es nuevo, pida su nombre", "Cuando llegue, avise", "Si le client est nouveau, demandez son nom", "Lorsque c'est fini, notez-le",
			"When they ask about prices, tell them.",
		},
		job.ItemOffScript: {
			"If the caller declines, skip it", "If they refuse to answer, ask once more.", "If the caller won't say, move on", "If they don’t want to give a name, continue",
			"When they do not know the number, skip it.", "If they go off topic, come back to it", "If the caller changes the subject, follow them once.",
			"If the caller gets angry, stay calm.", "If the caller is unsure, help them.", "If the answer is unclear, ask again.", "If there is no answer, say goodbye",
			"If at any point, the caller refuses, stop.", "If they would rather not say, skip it.", "If the caller prefers not to answer: move on",
			"Skip the question if the caller declines", "Ask once more if they refuse", "Offer voicemail if they are silent.", "Should they hesitate, wait.",
			"For a caller who refuses, take a message", "Caller declines: skip it", "Declines to answer → skip", "Off-topic: bring them back", "Upset callers: stay calm",
			"Unless they refuse, go on.", "If the caller has declined twice, stop", "If they ask about something else, say so",
			"Si el cliente no quiere dar su nombre, siga", "Si se niega, continúe", "Si el cliente prefiere no responder, siga.",
			"Si l'appelant refuse, passez", "Si le client ne veut pas répondre, continuez", "Si c'est hors sujet, revenez",
		},
		job.ItemEnd: {
			"Wrap up", "Thank the caller", "Say goodbye", "End the call", "Thank them for calling and say goodbye", "Close the conversation politely",
			"Then hang up.", "Finish by thanking them", "{{action end_call}}", "Thank the caller. {{action end_call}}", "Wish them a good day and say goodbye",
			"Wrap up by asking whether all is said", "Thank the caller and let them know somebody calls back", "Closing: be kind", "Say goodbye and {{action end_call}}",
			"Despídete del cliente", "Termina la llamada", "Terminez l'appel", "Dites au revoir", "Raccrochez",
		},
	} {
		for _, text := range texts {
			o := job.ParseOutline("- Notes\n- " + text)
			require.Len(t, o.Items, 2, text)
			if got := o.Items[1].Kind; got != kind {
				t.Errorf("%s: %s, not %s", text, got, kind)
			}
			if off := len(o.OffScript) == 1; off != (kind == job.ItemOffScript) {
				t.Errorf("%s: collected as off-script: %v", text, off)
			}
		}
	}
}

// Among other sentences, only those are items that tell Sona to do something.
func TestSentencesThatAreItems(t *testing.T) {
	for text, want := range map[string]string{
		"You are Ana. Ask for the name.":                                          "Ask for the name.\n",
		"We are open all day. The caller wants a table.":                          "",
		"Be warm. Keep it short. Never guess.":                                    "",
		"The shop is old. Ask for Mr. Lee. End the call.":                         "Ask for Mr. Lee.\nEnd the call.\n",
		"Ask \"Is that right? Really?\" Then end the call.":                       "Ask \"Is that right? Really?\"\nThen end the call.\n",
		"Ask for it, e.g. by phone. Then wait at 9 a.m. today.":                   "Ask for it, e.g. by phone.\nThen wait at 9 a.m. today.\n",
		"Send {{action send_sms text=\"A. B. C.\"}} now. Hang up!":                "Send {{action send_sms text=\"A. B. C.\"}} now.\nHang up!\n",
		"Ask who calls… Then wait.":                                               "Ask who calls…\nThen wait.\n",
		"ask for a name. then ask for a number. etc. and so on":                   "ask for a name.\nthen ask for a number.\n",
		"Ask for the name\nAsk for the number":                                    "Ask for the name\nAsk for the number\n",
		"Ask for the name of the person who calls and for the best\nnumber.":      "Ask for the name of the person who calls and for the best\nnumber.\n",
		"Ask for the name of the person who calls and whom they represent\nHere.": "Ask for the name of the person who calls and whom they represent\nHere.\n",
		"Ask J. Smith for it.":                                                    "Ask J. Smith for it.\n",
		"Press 1. Then ask.":                                                      "Then ask.\n",
		"Ask for version 2.5 of No. 7.":                                           "Ask for version 2.5 of No. 7.\n",
		"询问姓名。Ask for it。Then end the call！":                                      "Ask for it。\nThen end the call！\n",
		"Say “Hello.” Ask why.":                                                   "Say “Hello.”\nAsk why.\n",
		"Ask (if needed.) Then wait.":                                             "Ask (if needed.)\nThen wait.\n",
	} {
		requireSketch(t, want, text)
	}
}

// An entry without an order of its own takes the kind of what it stands under.
func TestEntriesBelowAQuestionAreAskedFor(t *testing.T) {
	kinds := func(text string) (kinds []job.ItemKind) {
		for _, it := range job.ParseOutline(text).Items {
			kinds = append(kinds, it.Kind)
		}
		return kinds
	}
	require.Equal(t, []job.ItemKind{job.ItemAsk, job.ItemAsk, job.ItemDo}, kinds("1. Ask for\n   - the name\n   - Send the link"))
	require.Equal(t, []job.ItemKind{job.ItemHeading, job.ItemAsk, job.ItemAsk}, kinds("Ask the caller for:\n- name\n- city"))
	require.Equal(t, []job.ItemKind{job.ItemHeading, job.ItemSay}, kinds("Tell them:\n1. nine to five"))
	require.Equal(t, []job.ItemKind{job.ItemAsk, job.ItemAsk, job.ItemAsk}, kinds("Ask for 1) a name and 2) a city."))
	require.Equal(t, []job.ItemKind{job.ItemDo, job.ItemDo}, kinds("- Check\n  - the name"))
	require.Equal(t, []job.ItemKind{job.ItemHeading, job.ItemDo}, kinds("# Ask for\nNothing here.\n- name"), "a heading hands nothing down")
}

func TestAConditionHoldsTheListBelowIt(t *testing.T) {
	requireSketch(t, "1 Ask.\nIf yes:\n- book it\n- tell them\nIf no:\n- 1 say so\n- 2 end the call\n2 Thank them.\n",
		"1. Ask.\n\nIf yes:\n- book it\n- tell them\n\nIf no:\n1. say so\n2. end the call\n\n2. Thank them.")
	requireSketch(t, "# When the caller wants a table\n1 Ask when.\n2 Ask who.\n", "You are kind.\n\nWhen the caller wants a table:\n1. Ask when.\n2. Ask who.")
	requireSketch(t, "# If the caller wants a table\nAsk when.\n", "If the caller wants a table:\n- Ask when.")
	o := job.ParseOutline("Ask for the name.\nIf they refuse:\n- Ask once more.\n- Skip it.\n\nThank them.")
	require.Equal(t, []string{"Ask for the name.", "Thank them."}, steps("Ask for the name.\nIf they refuse:\n- Ask once more.\n- Skip it.\n\nThank them."))
	require.Equal(t, job.ItemOffScript, o.Items[1].Kind)
	require.Equal(t, 1, o.Items[2].Depth)
}

func TestSectionsAboutCallersWhoLeaveTheScript(t *testing.T) {
	for _, heading := range []string{"# If the caller declines", "## Off-script", "**Objections:**", "[Fallbacks]", "## When they go off topic"} {
		text := "- Ask for the name.\n" + heading + "\n- Ask once more.\n- Take a message.\n# Then\n- End the call."
		require.Equal(t, []string{"Ask for the name.", "End the call."}, steps(text), heading)
		o := job.ParseOutline(text)
		require.Len(t, o.OffScript, 2, heading)
		require.Equal(t, "Ask once more.", o.OffScript[0].In(text))
	}
}

func TestOffScriptSentencesAreFoundInsideOtherItems(t *testing.T) {
	text := "1. Ask for the name. If they refuse, skip it. Then go on.\n2. Ask why (if they won't say, move on)."
	o := job.ParseOutline(text)
	require.Equal(t, job.ItemAsk, o.Items[0].Kind)
	require.Equal(t, job.ItemAsk, o.Items[1].Kind)
	require.Len(t, o.OffScript, 2)
	require.Equal(t, "If they refuse, skip it.", o.OffScript[0].In(text))
	require.Equal(t, "Ask why (if they won't say, move on).", o.OffScript[1].In(text))
}
