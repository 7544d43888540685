package lint

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleWriteUnconfirmed = &rule{
	RuleInfo: RuleInfo{
		ID: "write-unconfirmed", Practice: Voice, Severity: Hint, Language: "en",
		Title:   "Nothing is read back",
		Catches: "A booking, an order, a payment or an address that is taken without reading it back.",
		Why:     "On the phone names and numbers are misheard; what is read back can be put right before it counts.",
		Source:  "Seed 35, voice practice",
		How: "An action or tool whose name begins with a word such as book, order, cancel or pay, or an order in plain words to book, order, pay or " +
			"take down an address, in a text without any word for confirming or repeating.",
		Bad: []Example{
			says("1. Ask for the date.\n2. Ask for the time.\n3. Book it: {{action book_table}}\n4. Say goodbye."),
			says("Ask which pizza the caller wants, then place the order and say when it comes."),
			says("Ask for the delivery address. Say that the parcel comes tomorrow."),
		},
		Good: []Example{
			says("1. Ask for the date.\n2. Ask for the time.\n3. Read both back.\n4. Book it: {{action book_table}}"),
			says("Ask which pizza the caller wants, confirm it, then place the order."),
			says("Look the order up: {{action find_order}} Say when it comes."),
			says("Ask for the email address. Say when the book is back in order."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if confirms.any(t) {
			return
		}
		sp, ok := t.firstWrite()
		if !ok {
			return
		}
		found(Finding{
			Span:     sp,
			Message:  cite(sp.In(t.s)) + " is done without reading back first what Sona understood.",
			Question: "At which point should Sona repeat the details, and ask whether they are right?",
		})
	},
}

var (
	confirms = phrases(`confirm | confirms | confirmed | confirming | confirmation | re-confirm | reconfirm | read back | reads back | read it back | read them back | read both back | read the details back | say back | say it back | repeat | repeats | repeat back | repeating | recap | recaps | summarize | summarise | summary | back to the caller | back to the customer | back to them
		double-check | double check | is that correct | is that right | correct | verify the details | verify details | verify all | verify with | validate | review the | reviews | go over | approval | approve | approves | explicit | agrees | echo`)
	writeNames = phrases(`book | create | order | cancel | pay | charge | reserve | reschedule | schedule | submit | place | register | refund | delete | update | change | modify | add | process | make | file | record | apply | issue | return | exchange | purchase | transfer_money`)
	writeWords = phrases(`place the order | place an order | place their order | submit the order | complete the order | take the order | take their order | book the appointment | book an appointment | book the table | book a table | book the reservation | make the reservation | make a reservation | make the booking | make a booking | book the room | book the flight | book it | schedule the appointment | schedule an appointment
		process the payment | take the payment | take payment | charge the card | charge their card | process a refund | process the refund | issue a refund | cancel the order | cancel the appointment | cancel the booking | cancel the reservation | reschedule the appointment
		delivery address | shipping address | street address | home address | mailing address`)
)

// firstWrite returns the first place where something is written down for good.
func (t *text) firstWrite() (job.Span, bool) {
	for _, u := range t.out.Actions {
		if u.Name == job.SendSMS || u.Name == job.TransferCall {
			continue
		}
		n := wordLen(string(u.Name))
		if id := lexicon.id(string(u.Name[:n])); writeNames.has(id) {
			return u.Span, true
		}
	}
	for i := range t.words {
		if writeNames.has(t.words[i].id) {
			if sp, ok := t.tool(i); ok && !strings.HasSuffix(sp.In(t.lower), "_agent") {
				return sp, true
			}
		}
	}
	for _, h := range writeWords.all(t) {
		s := t.sents[h.sent]
		if !t.instructs(h.sent) || t.quoted(t.words[h.from].span) {
			continue
		}
		if _, ok := askVerbs.in(t, h.sent); t.word(h.to-1) == "address" && (!ok || t.kind(s) != job.ItemAsk) {
			continue
		}
		if t.word(h.to-1) != "address" && h.from > s.from && t.word(h.from-1) != "and" && t.word(h.from-1) != "then" {
			continue
		}
		return s.span, true
	}
	return job.Span{}, false
}

// has reports whether the one word id is a phrase of l.
func (l list) has(id wordID) bool {
	if id <= 0 {
		return false
	}
	return slices.Contains(lexicon.lists[lexicon.first[id]], l.id)
}
