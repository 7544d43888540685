package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/sonajobs/sona/internal/schema"
	"github.com/sonajobs/sona/job"
)

// signature is what an action's parameters say: which arguments there are, which of them must be given, and which
// values they take. What of JSON Schema is minded says internal/schema; keywords that it does not know are ignored.
type signature struct {
	schema   schema.Schema
	names    []string
	more     bool // other names are welcome
	required []string
}

// readSignature reads a JSON Schema that was checked before. What cannot be read declares nothing.
func readSignature(raw json.RawMessage) signature {
	s, _ := schema.Parse(raw)
	names, more := s.Properties()
	return signature{s, names, more, s.Required()}
}

// check refuses arguments of the model that the action does not declare, whose value the schema refuses, or that
// lack what is required and the job did not fix. What the job fixed it does not look at: that replaces whatever
// the model gave.
func (s signature) check(use job.ActionUse, args map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if !s.more && !slices.Contains(s.names, name) {
			return fmt.Errorf("there is no argument %.40q: there are %q", name, s.names)
		}
		if _, fixed := use.Args[name]; fixed {
			continue
		}
		if err := s.schema.CheckProperty(name, args[name]); err != nil {
			return fmt.Errorf("the argument %w", err)
		}
	}
	for _, name := range s.required {
		_, given := args[name]
		if _, fixed := use.Args[name]; !given && !fixed {
			return fmt.Errorf("the argument %q is missing", name)
		}
	}
	if len(use.Args) > 0 {
		return nil
	}
	if err := s.schema.Check(args); err != nil {
		return fmt.Errorf("the arguments: %w", err)
	}
	return nil
}

// fixed returns what the job fixed for an argument, in the type that the action declares. Jobs write texts
// only; one that is no value of the type stays a text.
func (s signature) fixed(name, text string) any {
	for _, kind := range s.schema.Types(name) {
		switch kind {
		case "string":
			return text
		case "number", "integer":
			if n := json.Number(text); json.Valid([]byte(text)) && schema.Fits(kind, n) {
				if _, err := n.Float64(); err == nil {
					return n
				}
			}
		case "boolean":
			if b, err := strconv.ParseBool(text); err == nil {
				return b
			}
		}
	}
	return text
}

var errNoObject = errors.New("the arguments are no JSON object")

// readArguments decodes the arguments of a call. Numbers keep their digits: order numbers are long.
func readArguments(raw json.RawMessage) (map[string]any, error) {
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	if len(raw) > mostReply {
		return nil, fmt.Errorf("the arguments are too long: at most %d bytes", mostReply)
	}
	v, err := decode(raw)
	args, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, errNoObject
	}
	return args, nil
}
