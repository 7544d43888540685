package lint

import (
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleSensitiveData: Sona asks for what nobody should say on a recorded line.
var ruleSensitiveData = &rule{RuleInfo: RuleInfo{
	ID: "sensitive-data", Practice: Safety, Severity: Warning, Title: "Asks for secrets",
	Catches:  "A question for a card number, a security code, a social security number, a password or a PIN.",
	Why:      "It is recorded, transcribed and stored where it must not be, and callers learn to give it to whoever rings.",
	Source:   "Rules of the payment card industry; privacy laws",
	How:      "A closed list of secrets behind a word of asking, also in quotations and in the questions of results. Warnings never to ask for them and the last four digits are passed over.",
	Language: "en",
	Bad: []Example{
		says("Ask for the credit card number and the CVV."),
		says("Say: “What is your social security number?”"),
		says("Verify the caller by their password."),
		{Jobs: []job.Spec{{Name: "Example", Instructions: "Ask for the code.", Results: []job.Field{{Name: "PIN", Ask: "What is your PIN?"}}}}},
	},
	Good: []Example{
		says("Never ask for the card number."),
		says("Ask for the last four digits of the card number."),
		says("If the caller says a password, tell them not to."),
		says("Send a link to reset the password."),
		says("Tell the caller to reset the password on the page."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "sensitive-data"}
	for _, h := range secrets.all(t) {
		if t.asksFor(h) {
			found.add(t.span(h.from, h.to))
		}
	}
	found.report(r, Finding{Message: "Sona would ask callers for a secret: %s.", Question: "Does somebody need it? If so, take it on a page or by a person, not in the call."})
	for i, f := range t.spec.Results {
		if name := secretIn(f.Ask); name != "" {
			r(Finding{Field: "results[" + strconv.Itoa(i) + "].ask", Message: "Sona would ask callers for a secret: “" + name + "”.", Question: "Does somebody need it? If so, take it on a page or by a person, not in the call."})
		}
	}
}}

// asksFor reports whether a word of asking stands before h in its sentence, or in the sentence that leads
// to the list that h stands in, and nothing that turns it round.
func (t *text) asksFor(h hit) bool {
	s := t.sents[h.sent]
	first := max(s.from, h.from-25)
	if s.heading || t.has(notWords, first, h.from) >= 0 || t.has(partWords, max(first, h.from-5), h.to) >= 0 || t.has(afterSecret, h.to, h.to+2) >= 0 {
		return false
	}
	ask := t.has(askForWords, first, h.from)
	return ask >= 0 && t.has(ifWords, first, ask) < 0 && t.has(besideSecret, ask, h.from) < 0
}

var (
	secrets = phrases(`credit card number|card number|full card number|debit card number|card numbers|cvv|cvc|cvv number|cvv code|security code|
		card security code|card verification code|social security number|ssn|social security|password|passwords|pin|pin number|pin code|4-digit pin|bank account number|
		account password|routing number|expiration date of the card|one-time passcode|one-time password|otp|passcode|one-time code|three-digit code|
		3-digit code|code on the back|mother's maiden name`)
	askForWords  = setOf("ask asking collect collecting get request requesting need obtain gather gathering take verify verifying provide confirm what what's give record tell say read enter")
	partWords    = setOf("four 4 digits reset resetting change changing forgot forgotten recover recovery new strong lost link share")
	afterSecret  = setOf("reset resets recovery change policy manager area field page link entry format requirements protected")
	besideSecret = setOf("about whether if that believe know has new change update reset share never create generate")
)

// secretIn returns the secret that a question asks for.
func secretIn(ask string) string {
	lower := " " + strings.ToLower(strings.Map(func(r rune) rune {
		if r == '?' || r == ',' || r == '.' {
			return ' '
		}
		return r
	}, ask)) + " "
	if strings.Contains(lower, " last four ") || strings.Contains(lower, " last 4 ") {
		return ""
	}
	for _, s := range [...]string{"card number", "cvv", "cvc", "security code", "social security number", "ssn", "password", "pin", "passcode"} {
		if strings.Contains(lower, " "+s+" ") {
			return s
		}
	}
	return ""
}
