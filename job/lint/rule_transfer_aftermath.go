package lint

import "github.com/sonajobs/sona/job"

var ruleTransferAftermath = &rule{
	RuleInfo: RuleInfo{
		ID: "transfer-aftermath", Practice: OffScript, Severity: Warning, Language: "en",
		Title:   "Something to do after a transfer",
		Catches: "Instructions for what happens after a transfer: “if nobody answers the transfer, take a message”.",
		Why:     "Once the transfer begins Sona is out of the call for good; an unanswered transfer ends in the voicemail of whoever was called.",
		Source:  "PRODUCT: actions",
		How: "Words such as “if nobody answers” or “after the transfer”, in a sentence about a transfer or up to three sentences behind one. " +
			"A transfer that fails to start is something else, and is not reported.",
		Bad: []Example{
			says("1. Ask whether the caller agrees to a transfer.\n2. If the caller agreed, transfer the call: {{action transfer_call to=\"inbox:sales\"}}\n   - If nobody answers the transfer, take a message."),
			says("If the caller asks for a person, transfer the call to the front desk. If no one picks up, ask for the name and number."),
			says("After the transfer is answered, tell the person what the caller needs."),
		},
		Good: []Example{
			says("1. If the caller agreed, transfer the call: {{action transfer_call to=\"inbox:sales\"}}\n   - If the transfer fails to start, take a message."),
			says("If the caller says that nobody answers the door, ask for the address."),
			says("Before a transfer, say who takes over. If the caller does not want a transfer, take a message."),
			says("If no one answers when you say hello, repeat the greeting once."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		for _, h := range aftermaths.all(t) {
			s := t.sents[h.sent]
			if s.example || s.heading || t.quoted(t.words[h.from].span) || !t.transferNear(h) {
				continue
			}
			found(Finding{
				Span:     s.span,
				Message:  cite(t.span(h.from, h.to).In(t.s)) + " comes too late: after a transfer Sona is no longer part of the call.",
				Question: "Should Sona do this before the transfer instead?",
			})
		}
	},
}

var (
	aftermaths = phrases(`nobody answers | no one answers | nobody picks up | no one picks up | nobody responds | doesn't pick up | does not pick up | do not pick up | don't pick up
		transfer is not answered | transfer isn't answered | transfer goes unanswered | transferred call goes unanswered | transfer not be answered | transfer rings | transfer remains unanswered | transfer stays unanswered | transfer does not go through | nobody takes the transfer | no one takes the transfer | transfer is unanswered | transfer times out | transfer fails because no one | unanswered transfer
		there is no answer | there's no answer | line is busy | lines are busy | goes to voicemail | no agent is available after | rings out | call comes back | call returns to you
		after the transfer | after transferring | after you transfer | once transferred | once the transfer is | once the transfer has | when the transfer is complete | after the call is transferred | once the call is transferred | after the handoff is complete
		after the transfer is answered | stay on the line with them | stay on the line until they`)
	transferWords = phrases(`transfer the call | transfers the call | transfer the caller | transfer them | transfer the customer | transfer the user | transfer the patient | transfer him or her | transfer callers | transfer to a human | transfer to a person | transfer to an agent | transfer to a live agent | transfer to the agent | transfer to human | transfer to support | transfer to sales | transfer to the team | transfer to the front desk
		warm transfer | cold transfer | call transfer | call is transferred | caller is transferred | transfer is answered | answers the transfer | answer the transfer | the transfer is not answered | unanswered transfer | put them through | put the caller through | connect the caller | connect them | patch them | patch the caller`)
	theTransfer = phrases(`the transfer | a transfer | transferring | transferred | you transfer`)
	startWords  = phrases(`to start | starting | start of the transfer | the start | before`)
)

// transferNear reports whether a transfer stands in the sentence of h, or up to three sentences above it.
func (t *text) transferNear(h hit) bool {
	if _, ok := startWords.in(t, h.sent); ok {
		return false
	}
	if _, ok := theTransfer.in(t, h.sent); ok {
		return true
	}
	for k := h.sent; k >= 0 && k > h.sent-4; k-- {
		if _, ok := transferWords.in(t, k); ok || t.transfers(t.sents[k]) {
			return true
		}
		if t.sents[k].heading {
			return false
		}
	}
	return false
}

// transfers reports whether s has an inline action that transfers the call.
func (t *text) transfers(s sentence) bool {
	for _, u := range t.out.Actions {
		if u.Name == job.TransferCall && u.Span.Start >= s.span.Start && u.Span.End <= s.span.End {
			return true
		}
	}
	return false
}
