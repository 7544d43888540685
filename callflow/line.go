package callflow

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

// Line is what can be dialled: a phone number in E.164, a SIP address ("sip:desk@example.com") or an
// extension of 1 to 10 digits, * and #.
type Line string

// ParseLine reads s as a line and gives its one normal form. The error is a *[job.FieldError] on the
// field numbers.
func ParseLine(s string) (Line, error) {
	s = strings.TrimSpace(s)
	if n, err := job.ParsePhoneNumber(s); err == nil {
		return Line(n), nil
	}
	if line, ok := sipLine(s); ok {
		return line, nil
	}
	if s != "" && len(s) <= 10 && strings.Trim(s, "0123456789*#") == "" {
		return Line(s), nil
	}
	return "", &job.FieldError{Field: "numbers", Rule: job.RuleFormat, Got: len(s), Message: fmt.Sprintf(
		"numbers: %.80q is no line: write an E.164 number (+15551234567), a SIP address (sip:desk@example.com) or an extension (204)", s)}
}

// sipLine reads sip: and sips: addresses. Only the host is folded: user parts are case-sensitive.
func sipLine(s string) (Line, bool) {
	scheme, rest, ok := strings.Cut(s, ":")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "sip" && scheme != "sips" || len(s) > 255 {
		return "", false
	}
	user, host, ok := strings.Cut(rest, "@")
	if !ok {
		user, host = "", rest
	}
	odd := func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"@", r) }
	if host == "" || ok && user == "" || strings.ContainsFunc(user+host, odd) {
		return "", false
	}
	if ok {
		user += "@"
	}
	return Line(scheme + ":" + user + strings.ToLower(host)), true
}
