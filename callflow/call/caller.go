package call

import (
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/internal/ident"
	"github.com/sonajobs/sona/job"
)

// ID names a call within its workspace. Hosts hand in the ID of their telephony: 1 to 255 visible ASCII
// characters.
type ID string

// NewID returns a fresh random ID, for calls that come without one.
func NewID() ID { return ID(ident.New("call")) }

// ParseID checks a call's ID. The error is a *[job.FieldError] on the field id.
func ParseID(s string) (ID, error) {
	if s == "" || len(s) > 255 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "", &job.FieldError{Field: "id", Rule: job.RuleFormat, Limit: 255, Got: len(s),
			Message: "id: a call's ID has 1 to 255 visible ASCII characters and no blanks"}
	}
	return ID(s), nil
}

// Address is where a call came from, as it arrived: a phone number, a SIP address, an extension, or
// nothing when the caller withheld it. A call never fails for the shape of an address.
type Address string

// Caller is who called.
type Caller struct {
	Number Address `json:"number,omitempty"`
	Name   string  `json:"name,omitempty"` // as the network or the host's CRM knows it; untrusted
}

// Valid reports whether a tells something: a phone number, a SIP address or an extension. What a network
// sends for a withheld number ([Address.Withheld]) and anything unreadable is not valid.
func (a Address) Valid() bool {
	_, err := callflow.ParseLine(string(a))
	return err == nil && !a.Withheld()
}

// Withheld reports whether a is what networks send in place of a number that the caller keeps back:
// nothing, a word such as anonymous, a SIP address of RFC 3323, or such a word dialled on a keypad. It
// belongs to nobody: callers with equal withheld addresses are not the same.
func (a Address) Withheld() bool {
	s := strings.ToLower(strings.TrimSpace(string(a)))
	if scheme, rest, ok := strings.Cut(s, ":"); ok && (scheme == "sip" || scheme == "sips") {
		user, host, _ := strings.Cut(rest, "@")
		return withheld[user] || host == "anonymous.invalid"
	}
	return withheld[s]
}

var withheld = map[string]bool{
	"": true, "anonymous": true, "blocked": true, "no caller id": true, "private": true, "restricted": true,
	"unavailable": true, "unknown": true, "withheld": true,
	// The same words on a keypad, which no country's numbers look like: what some networks send.
	"+266696687": true, "+2562533": true, "+7378742833": true, "+86282452253": true, "+8656696": true,
}

// Normal returns a in the form in which equal callers are equal: a readable phone number as E.164, a SIP
// address with its host in lower case; anything else as it arrived, without blanks around it.
func (a Address) Normal() Address {
	s := strings.TrimSpace(string(a))
	if line, err := callflow.ParseLine(s); err == nil {
		return Address(line)
	}
	return Address(s)
}

// Phone returns a as a phone number; false when it is none, so that nobody can be texted there.
func (a Address) Phone() (job.PhoneNumber, bool) {
	n, err := job.ParsePhoneNumber(string(a))
	if err != nil || a.Withheld() {
		return "", false
	}
	return n, true
}
