// Package schema checks values against the part of JSON Schema (draft 2020-12) that actions and summaries use. A
// keyword that it does not know is ignored: a value that passes may still not be valid, but one that is refused
// never is. It imports the standard library only.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Schema is a JSON Schema that was read. The zero Schema takes every value. Safe for concurrent use.
//
// It minds type, enum, const, properties, required, additionalProperties, minProperties, maxProperties, items,
// prefixItems, minItems, maxItems, uniqueItems, minLength, maxLength (in code points), pattern (where it is a
// regular expression of Go), minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, allOf, anyOf, oneOf
// and references within the schema ("#/$defs/…").
type Schema struct{ root *node }

type node struct {
	never bool   // the schema false
	ref   string // "#/…"

	types      []string
	enum       []any
	properties map[string]*node
	required   []string
	additional *node // nil: any
	prefix     []*node
	items      *node
	pattern    *regexp.Regexp
	limits     limits
	unique     bool
	all, any   []*node
	one        []*node
	defs       map[string]*node // of the root: what can be referred to, by "#/…"
}

// limits are the keywords that are numbers; nil is none.
type limits struct {
	MinProperties    *float64
	MaxProperties    *float64
	MinItems         *float64
	MaxItems         *float64
	MinLength        *float64
	MaxLength        *float64
	Minimum          *float64
	Maximum          *float64
	ExclusiveMinimum *float64
	ExclusiveMaximum *float64
	MultipleOf       *float64
}

var errNoSchema = errors.New("schema: no JSON Schema: an object, true or false")

// Parse reads a schema. No bytes are the zero Schema. A keyword whose value makes no sense is ignored, as an
// unknown one is; the only error is that raw is no JSON Schema at all.
func Parse(raw json.RawMessage) (Schema, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return Schema{}, nil
	}
	v, err := Decode(raw)
	if err != nil {
		return Schema{}, errNoSchema
	}
	switch v.(type) {
	case bool, map[string]any:
	default:
		return Schema{}, errNoSchema
	}
	r := reader{defs: map[string]*node{}}
	root := r.read(v, "#", 0)
	root.defs = r.defs
	return Schema{root}, nil
}

// Decode reads one JSON value with its numbers as they are written: what [Schema.Check] takes.
func Decode(raw json.RawMessage) (any, error) {
	if !json.Valid(raw) {
		return nil, errors.New("no JSON")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// reader reads a schema and keeps every part under its path.
type reader struct{ defs map[string]*node }

func (r reader) read(v any, path string, depth int) *node {
	n := &node{}
	r.defs[path] = n
	m, ok := v.(map[string]any)
	if !ok {
		n.never = v == false
		return n
	}
	if depth > mostDepth {
		return n
	}
	sub := func(v any, under ...string) *node {
		return r.read(v, path+"/"+strings.Join(under, "/"), depth+1)
	}
	n.ref, _ = m["$ref"].(string)
	n.types = names(m["type"])
	n.enum, _ = m["enum"].([]any)
	if c, set := m["const"]; set {
		n.enum = []any{c}
	}
	n.required = names(m["required"])
	n.unique, _ = m["uniqueItems"].(bool)
	if p, ok := m["pattern"].(string); ok {
		n.pattern, _ = regexp.Compile(p)
	}
	n.limits = limitsOf(m)
	if p, ok := m["properties"].(map[string]any); ok {
		n.properties = make(map[string]*node, len(p))
		for name, v := range p {
			n.properties[name] = sub(v, "properties", escape(name))
		}
	}
	for _, key := range []string{"$defs", "definitions"} {
		defs, _ := m[key].(map[string]any)
		for name, v := range defs {
			sub(v, key, escape(name))
		}
	}
	if v, set := m["additionalProperties"]; set {
		n.additional = sub(v, "additionalProperties")
	}
	if v, set := m["items"]; set {
		n.items = sub(v, "items")
	}
	list := func(key string) (all []*node) {
		some, _ := m[key].([]any)
		for i, v := range some {
			all = append(all, sub(v, key, fmt.Sprint(i)))
		}
		return all
	}
	n.prefix, n.all, n.any, n.one = list("prefixItems"), list("allOf"), list("anyOf"), list("oneOf")
	return n
}

// escape writes a name as a part of a JSON pointer.
func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

func limitsOf(m map[string]any) limits {
	number := func(key string) *float64 {
		n, _ := m[key].(json.Number)
		if f, err := n.Float64(); err == nil {
			return &f
		}
		return nil
	}
	return limits{
		MinProperties: number("minProperties"), MaxProperties: number("maxProperties"),
		MinItems: number("minItems"), MaxItems: number("maxItems"),
		MinLength: number("minLength"), MaxLength: number("maxLength"),
		Minimum: number("minimum"), Maximum: number("maximum"),
		ExclusiveMinimum: number("exclusiveMinimum"), ExclusiveMaximum: number("exclusiveMaximum"),
		MultipleOf: number("multipleOf"),
	}
}

// names returns a text or a list of texts as a list.
func names(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, s := range v {
			if s, ok := s.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// Types returns the types that the property of an object may have: none when any is.
func (s Schema) Types(property string) []string {
	if n := s.root.deref(s.root, 0); n != nil && n.properties[property] != nil {
		return n.properties[property].deref(s.root, 0).types
	}
	return nil
}

// Properties returns the names of the properties that an object of this schema declares, sorted, and whether it
// says that there may be others. Where it says nothing of others JSON Schema allows them; more is false then.
func (s Schema) Properties() (names []string, more bool) {
	n := s.root.deref(s.root, 0)
	if n == nil {
		return nil, false
	}
	return slices.Sorted(maps.Keys(n.properties)), n.additional != nil && !n.additional.never
}

// Required returns the names of the properties that an object of this schema must have.
func (s Schema) Required() []string {
	if n := s.root.deref(s.root, 0); n != nil {
		return slices.Clone(n.required)
	}
	return nil
}

// deref follows references to what they name; what names nothing takes every value.
func (n *node) deref(root *node, depth int) *node {
	if n == nil || n.ref == "" || depth > mostDepth {
		return n
	}
	to, ok := root.defs[n.ref]
	if !ok {
		return &node{}
	}
	return to.deref(root, depth+1)
}
