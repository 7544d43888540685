package lint

import "fmt"

// Severity says how sure a rule is, and how bad it would be for callers. It was measured: on real texts
// at least 95 of 100 errors and 80 of 100 warnings were right; what was right less often is a hint.
type Severity int

// The severities, rising. The zero Severity is none.
const (
	Hint Severity = iota + 1
	Warning
	Error
)

var severities = [...]string{Hint: "hint", Warning: "warning", Error: "error"}

// String returns "hint", "warning" or "error".
func (s Severity) String() string {
	if s < Hint || s > Error {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severities[s]
}

// MarshalText gives String. A Severity that is none of the three is an error.
func (s Severity) MarshalText() ([]byte, error) {
	if s < Hint || s > Error {
		return nil, fmt.Errorf("lint: no such severity: %d", int(s))
	}
	return []byte(severities[s]), nil
}

// UnmarshalText reads what MarshalText gives.
func (s *Severity) UnmarshalText(b []byte) error {
	for i := Hint; i <= Error; i++ {
		if severities[i] == string(b) {
			*s = i
			return nil
		}
	}
	return fmt.Errorf("lint: no such severity: %q: it is hint, warning or error", b)
}
