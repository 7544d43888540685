package lint

import "github.com/sonajobs/sona/job"

var ruleEndMissing = &rule{
	RuleInfo: RuleInfo{
		ID: "end-missing", Practice: OffScript, Severity: Hint, Language: "any",
		Title:   "No end",
		Catches: "A job with steps that never says how the call ends.",
		Why:     "Sona then asks “anything else?” without end, or stops at a place that you did not choose.",
		Source:  "Seed 39, Seed 49",
		How: "At least three steps, two of them questions, and neither an action that ends Sona's part nor a word for a goodbye, a transfer or being done, " +
			"in English, Spanish or French.",
		Bad: []Example{
			says("This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the number.\n3. Ask for the message.\n\nIf the caller declines, skip the question."),
		},
		Good: []Example{
			says("This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye."),
			says("1. Ask for the name.\n2. Ask for the message.\n3. Send the caller on: {{action voicemail}}"),
			says("1. Ask for the name.\n2. Ask for the message.\n3. Once the message is noted, the job is done."),
			says("Be friendly. Speak slowly. Never interrupt. Answer from Knowledge."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if endings.any(t) || len(t.out.Actions) > 0 && t.endsByAction() {
			return
		}
		steps, asks := 0, 0
		for _, it := range t.out.Steps() {
			switch it.Kind {
			case job.ItemEnd:
				return
			case job.ItemAsk:
				asks++
				steps++
			case job.ItemDo, job.ItemSay:
				steps++
			default: // conditions and headings are no steps
			}
		}
		if steps < 3 || asks < 2 {
			return
		}
		found(Finding{
			Message: "Nothing says when this job is done and how the call ends.",
			Offer:   &Fix{Span: job.Span{Start: len(t.s), End: len(t.s)}, Text: "\n\nWhen ____, thank the caller, say goodbye and end the call: {{action end_call}}"},
		})
	},
}

// endings are words for the end of a call or of Sona's part in it.
var endings = phrases(`goodbye|good-bye|bye|farewell|end the call|end call|ends the call|ending the call|end this call|end of the call|end the conversation|end conversation|ends the conversation|end of the conversation|ending the conversation|end the chat
	hang up|hangs up|hanging up|disconnect|wrap up|wraps up|wrapping up|wrap things up|close the call|close the conversation|closing|conclude|concludes|conclusion|finish the call|finish the conversation|finalize|sign off
	done when|is done|are done|is complete|is completed|once complete|when complete|complete the call|completes|all set|ends with|ends when|ends once|complete_order|anything else|something else|further assistance|thank the caller|thank them|thank the customer|thank the user|thanks for calling|thank you for calling
	transfer|transfers|transferred|transferring|escalate|escalates|hand off|hands off|handoff|hand over|handover|voicemail|route|routes|nothing else|last step|next agent|final step
	despídase|despedirse|despídete|despedida|adiós|termine la llamada|terminar la llamada|finalice la llamada|cuelgue|transfiera|transferir
	au revoir|raccrochez|raccrocher|terminez l'appel|mettez fin|prenez congé|fin de l'appel|transférez|transférer`)

func (t *text) endsByAction() bool {
	for _, u := range t.out.Actions {
		if u.Name == job.EndCall || u.Name == job.Voicemail || u.Name == job.TransferCall {
			return true
		}
		for _, a := range t.ctx.Actions {
			if a.Name == u.Name && a.Terminal {
				return true
			}
		}
	}
	return false
}
