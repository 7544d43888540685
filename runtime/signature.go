package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/sonajobs/sona/job"
)

// signature is what an action's parameters say at their first level: which arguments there are, of which
// type, and which ones must be given.
type signature struct {
	types    map[string]string // "" for arguments of no single type
	required []string
}

// readSignature reads a JSON Schema that was checked before.
func readSignature(schema json.RawMessage) signature {
	var s struct {
		Required   []string                   `json:"required"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	_ = json.Unmarshal(schema, &s) // what cannot be read declares nothing
	types := make(map[string]string, len(s.Properties))
	for name, raw := range s.Properties {
		var p struct {
			Type any `json:"type"`
		}
		_ = json.Unmarshal(raw, &p)
		types[name], _ = p.Type.(string)
	}
	return signature{types, s.Required}
}

// check refuses arguments of the model that the action does not declare, that have another type, or that
// lack what is required and the job did not fix.
func (s signature) check(use job.ActionUse, args map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		kind, declared := s.types[name]
		switch {
		case !declared:
			return fmt.Errorf("there is no argument %.40q: there are %q", name, slices.Sorted(maps.Keys(s.types)))
		case kind != "" && !fits(kind, args[name]):
			return fmt.Errorf("the argument %q must be of type %s", name, kind)
		}
	}
	for _, name := range s.required {
		_, given := args[name]
		if _, fixed := use.Args[name]; !given && !fixed {
			return fmt.Errorf("the argument %q is missing", name)
		}
	}
	return nil
}

// fits reports whether a decoded value is of a type of JSON Schema. Types that are not known fit.
func fits(kind string, v any) bool {
	ok := true
	switch kind {
	case "string":
		_, ok = v.(string)
	case "number":
		_, ok = v.(json.Number)
	case "integer":
		var n json.Number
		if n, ok = v.(json.Number); ok {
			f, err := n.Float64()
			ok = err == nil && f == math.Trunc(f)
		}
	case "boolean":
		_, ok = v.(bool)
	case "object":
		_, ok = v.(map[string]any)
	case "array":
		_, ok = v.([]any)
	case "null":
		ok = v == nil
	}
	return ok
}

// fixed returns what the job fixed for an argument, in the type that the action declares. Jobs write texts
// only; one that is no value of the type stays a text.
func (s signature) fixed(name, text string) any {
	switch s.types[name] {
	case "number", "integer":
		if n := json.Number(text); json.Valid([]byte(text)) && fits(s.types[name], n) {
			if _, err := n.Float64(); err == nil {
				return n
			}
		}
	case "boolean":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
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
	v, err := decode(raw)
	args, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, errNoObject
	}
	return args, nil
}
