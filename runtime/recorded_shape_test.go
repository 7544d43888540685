package runtime_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shape is what the recorded arguments of one action have in common: a schema derived from them, as strict as they
// allow. All that was recorded follows it; what a model makes up beyond does not.
type shape struct {
	times int
	given map[string]int
	types map[string][]string
}

func newShape() *shape { return &shape{given: map[string]int{}, types: map[string][]string{}} }

func (s *shape) add(args map[string]any) {
	s.times++
	for name, v := range args {
		s.given[name]++
		if kind := kindOf(v); !slices.Contains(s.types[name], kind) {
			s.types[name] = append(s.types[name], kind)
			slices.Sort(s.types[name])
		}
	}
}

func (s *shape) schema(t *testing.T) json.RawMessage {
	t.Helper()
	properties, required := map[string]any{}, []string{}
	for name, n := range s.given {
		properties[name] = map[string]any{"type": s.types[name]}
		if n == s.times {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	return encoded(t, map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// same reports whether two decoded values are deep-equal.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }

func TestAShapeTakesWhatItWasMadeOf(t *testing.T) {
	s := newShape()
	for _, args := range []string{`{"a":1,"b":"x"}`, `{"a":"1","c":null}`, `{"a":1.5,"b":[{"d":true}]}`} {
		s.add(plain(t, json.RawMessage(args)).(map[string]any))
	}
	require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["a"],"properties":{
		"a":{"type":["integer","number","string"]},"b":{"type":["array","string"]},"c":{"type":["null"]}}}`, string(s.schema(t)))
}
