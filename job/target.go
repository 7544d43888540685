package job

import (
	"fmt"
	"strings"
	"unicode"
)

// PhoneNumber is a number in E.164: a plus sign and 7 to 15 digits, the first not 0. It is what an
// external transfer goes to. What arrives on a call may look otherwise and is a call.Address.
type PhoneNumber string

// ParsePhoneNumber reads s as E.164. Blanks, hyphens, dots and parentheses between the digits are
// dropped. The error is a *[FieldError] on the field number.
func ParsePhoneNumber(s string) (PhoneNumber, error) {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r == '+' && i == 0, r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -.()\u00a0\u2010\u2011", r):
		default:
			return "", badNumber(s)
		}
	}
	n := b.String()
	if len(n) < 8 || len(n) > 16 || n[0] != '+' || n[1] == '0' {
		return "", badNumber(s)
	}
	return PhoneNumber(n), nil
}

func badNumber(s string) error {
	digits := len(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s))
	return &FieldError{Field: "number", Rule: RuleFormat, Limit: 15, Got: digits,
		Message: fmt.Sprintf("number: %q is not E.164: write a plus sign, the country code and the number, 7 to 15 digits, like +15551234567", short(s))}
}

// TargetKind is where a call can be transferred to.
type TargetKind string

// The kinds of transfer targets.
const (
	TargetMember TargetKind = "member" // one person: ID, with their Inbox
	TargetInbox  TargetKind = "inbox"  // a shared inbox: ID
	TargetNumber TargetKind = "number" // an external number: Number
)

// Target is where a transfer goes. The zero Target is nowhere. Targets are comparable.
type Target struct {
	Kind   TargetKind
	ID     string      // of the member or the inbox
	Inbox  string      // of the member
	Number PhoneNumber // of an external target
}

// ParseTarget reads "member:<id>/<inbox>", "inbox:<id>" or "number:+15551234567". IDs are the host's:
// 1 to 100 characters without blanks, quotes, slashes, backslashes and braces. The error is a *[FieldError] on the
// field to.
func ParseTarget(s string) (Target, error) {
	kind, rest, ok := strings.Cut(s, ":")
	switch {
	case ok && TargetKind(kind) == TargetMember:
		id, inbox, ok := strings.Cut(rest, "/")
		if ok && hostID(id) && hostID(inbox) {
			return Target{Kind: TargetMember, ID: id, Inbox: inbox}, nil
		}
	case ok && TargetKind(kind) == TargetInbox:
		if hostID(rest) {
			return Target{Kind: TargetInbox, ID: rest}, nil
		}
	case ok && TargetKind(kind) == TargetNumber:
		n, err := ParsePhoneNumber(rest)
		if err == nil {
			return Target{Kind: TargetNumber, Number: n}, nil
		}
	}
	return Target{}, &FieldError{Field: "to", Rule: RuleFormat, Got: count(s), Message: fmt.Sprintf(
		"to: %q is no transfer target: write member:<id>/<inbox>, inbox:<id> or number:+15551234567", short(s))}
}

// String gives the form that ParseTarget reads; the zero Target is the empty string.
func (t Target) String() string {
	switch t.Kind {
	case TargetMember:
		return string(t.Kind) + ":" + t.ID + "/" + t.Inbox
	case TargetInbox:
		return string(t.Kind) + ":" + t.ID
	case TargetNumber:
		return string(t.Kind) + ":" + string(t.Number)
	}
	return ""
}

// IsZero reports whether t is nowhere.
func (t Target) IsZero() bool { return t == Target{} }

// MarshalText gives String, so that a target is one string in JSON.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText gave; empty is the zero Target.
func (t *Target) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*t = Target{}
		return nil
	}
	got, err := ParseTarget(string(b))
	if err != nil {
		return err
	}
	*t = got
	return nil
}

func hostID(s string) bool {
	return s != "" && count(s) <= 100 && Clean(s) == s && !strings.ContainsAny(s, "\"'`/\\{}<>“”„") && !strings.ContainsFunc(s, unicode.IsSpace)
}

// short keeps error messages readable when somebody pastes a page into a small field.
func short(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
