package mockcall

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Arg looks at an effect's arguments and returns nil, or what is wrong with them.
type Arg func(call.Effect) error

// Equal checks that an argument equals value, compared as JSON.
func Equal(name string, value any) Arg {
	return func(f call.Effect) error {
		got, err := argument(f, name)
		if err != nil {
			return err
		}
		want, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("argument %s: expected value: %w", name, err)
		}
		var a, b any
		if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil {
			return fmt.Errorf("argument %s is no JSON", name)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if !bytes.Equal(x, y) {
			return fmt.Errorf("argument %s is %s, not %s", name, x, y)
		}
		return nil
	}
}

// Phone checks that an argument is a text with the digits of this phone number, country code included, however
// it is written.
func Phone(name string, number string) Arg {
	return func(f call.Effect) error {
		raw, err := argument(f, name)
		if err != nil {
			return err
		}
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return fmt.Errorf("argument %s is no text: %s", name, raw)
		}
		if digits(text) != digits(number) {
			return fmt.Errorf("argument %s is %q, not the number %s", name, text, number)
		}
		return nil
	}
}

// To checks where a transfer_call went, written as in a job: "inbox:support".
func To(target string) Arg {
	return func(f call.Effect) error {
		want, err := job.ParseTarget(target)
		if err != nil {
			return err
		}
		if f.Target != want {
			return fmt.Errorf("target is %s, not %s", f.Target, want)
		}
		return nil
	}
}

func argument(f call.Effect, name string) (json.RawMessage, error) {
	var args map[string]json.RawMessage
	if err := json.Unmarshal(f.Args, &args); err != nil {
		return nil, fmt.Errorf("arguments of %s are no JSON object: %s", f.Action, f.Args)
	}
	raw, ok := args[name]
	if !ok {
		return nil, fmt.Errorf("%s has no argument %s", f.Action, name)
	}
	return raw, nil
}

func digits(s string) string {
	var b []byte
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	return string(b)
}
