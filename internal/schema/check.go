package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostDepth bounds how deep schemas and values are followed; what lies deeper is not looked at.
const mostDepth = 64

// Error says what is wrong with one value. It quotes names and limits, never the value.
type Error struct {
	Path    string // the value's place: "party.guests[2]"; empty for the whole
	Problem string // "must be a number"
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return fmt.Sprintf("%q %s", e.Path, e.Problem)
}

// Check returns nil when v, as [Decode] returns it, is what the schema asks for, else an *[Error] for the first
// thing that is not. Objects are looked at in the order of their names.
func (s Schema) Check(v any) error {
	if s.root == nil {
		return nil
	}
	return s.check(s.root, v, "")
}

// CheckProperty checks the value of one property of an object as Check does, the rest of the object aside.
func (s Schema) CheckProperty(name string, v any) error {
	n := s.root.deref(s.root, 0)
	if n == nil {
		return nil
	}
	of, declared := n.properties[name]
	if !declared {
		of = n.additional
	}
	return s.check(of, v, short(name))
}

func (s Schema) check(n *node, v any, path string) error {
	if e := (&check{root: s.root}).value(n, v, path, 0); e != nil {
		return e
	}
	return nil
}

// check is one check. Its steps are bounded: a schema can refer to itself in more ways than anybody can follow.
type check struct {
	root  *node
	steps int
}

const mostSteps = 1 << 20

func wrong(path, format string, args ...any) *Error {
	return &Error{Path: path, Problem: fmt.Sprintf(format, args...)}
}

func (c *check) value(n *node, v any, path string, depth int) *Error {
	if c.steps++; n == nil || depth > mostDepth || c.steps > mostSteps {
		return nil
	}
	if n.never {
		return wrong(path, "must not be there")
	}
	if n.ref != "" {
		if e := c.value(c.root.defs[n.ref], v, path, depth+1); e != nil {
			return e
		}
	}
	if len(n.types) > 0 && !slices.ContainsFunc(n.types, func(kind string) bool { return Fits(kind, v) }) {
		return wrong(path, "must be of type %s", strings.Join(n.types, " or "))
	}
	if len(n.enum) > 0 && !slices.ContainsFunc(n.enum, func(one any) bool { return same(one, v) }) {
		return wrong(path, "must be one of %s", list(n.enum))
	}
	e := (*Error)(nil)
	switch v := v.(type) {
	case string:
		e = n.text(v, path)
	case json.Number:
		e = n.number(v, path)
	case []any:
		e = c.array(n, v, path, depth)
	case map[string]any:
		e = c.object(n, v, path, depth)
	}
	if e != nil {
		return e
	}
	return c.combined(n, v, path, depth)
}

func (c *check) combined(n *node, v any, path string, depth int) *Error {
	for _, one := range n.all {
		if e := c.value(one, v, path, depth+1); e != nil {
			return e
		}
	}
	for _, choice := range [][]*node{n.any, n.one} {
		var first *Error
		fit := 0
		for _, one := range choice {
			if e := c.value(one, v, path, depth+1); e == nil {
				fit++
			} else if first == nil {
				first = e
			}
		}
		if len(choice) > 0 && fit == 0 {
			if len(choice) == 1 {
				return first
			}
			return wrong(path, "is none of what it may be")
		}
		if len(n.one) > 0 && fit > 1 && &choice[0] == &n.one[0] {
			return wrong(path, "is several of what it may be one of")
		}
	}
	return nil
}

func (n *node) text(s, path string) *Error {
	size := float64(utf8.RuneCountInString(s))
	switch {
	case n.limits.MinLength != nil && size < *n.limits.MinLength:
		return wrong(path, "must have at least %v characters", *n.limits.MinLength)
	case n.limits.MaxLength != nil && size > *n.limits.MaxLength:
		return wrong(path, "must have at most %v characters", *n.limits.MaxLength)
	case n.pattern != nil && !n.pattern.MatchString(s):
		return wrong(path, "must match the pattern %s", n.pattern)
	}
	return nil
}

func (n *node) number(v json.Number, path string) *Error {
	f, _ := strconv.ParseFloat(string(v), 64) // what is too large is infinite, and compares as such
	l := n.limits
	switch {
	case l.Minimum != nil && f < *l.Minimum:
		return wrong(path, "must be at least %v", *l.Minimum)
	case l.Maximum != nil && f > *l.Maximum:
		return wrong(path, "must be at most %v", *l.Maximum)
	case l.ExclusiveMinimum != nil && f <= *l.ExclusiveMinimum:
		return wrong(path, "must be more than %v", *l.ExclusiveMinimum)
	case l.ExclusiveMaximum != nil && f >= *l.ExclusiveMaximum:
		return wrong(path, "must be less than %v", *l.ExclusiveMaximum)
	case l.MultipleOf != nil && *l.MultipleOf > 0 && !whole(f / *l.MultipleOf):
		return wrong(path, "must be a multiple of %v", *l.MultipleOf)
	}
	return nil
}

// whole reports whether f is a whole number but for what computing with fractions costs.
func whole(f float64) bool {
	return math.Abs(f-math.Round(f)) <= 1e-9*max(1, math.Abs(f))
}

func (c *check) array(n *node, v []any, path string, depth int) *Error {
	l := n.limits
	switch {
	case l.MinItems != nil && float64(len(v)) < *l.MinItems:
		return wrong(path, "must have at least %v entries", *l.MinItems)
	case l.MaxItems != nil && float64(len(v)) > *l.MaxItems:
		return wrong(path, "must have at most %v entries", *l.MaxItems)
	}
	for i, entry := range v {
		of := n.items
		if i < len(n.prefix) {
			of = n.prefix[i]
		}
		at := fmt.Sprintf("%s[%d]", path, i)
		if e := c.value(of, entry, at, depth+1); e != nil {
			return e
		}
		if n.unique && slices.ContainsFunc(v[:min(i, mostUnique)], func(one any) bool { return same(one, entry) }) {
			return wrong(at, "stands there twice")
		}
	}
	return nil
}

// mostUnique bounds the comparisons of one entry.
const mostUnique = 1000

func (c *check) object(n *node, v map[string]any, path string, depth int) *Error {
	l := n.limits
	for _, name := range n.required {
		if _, there := v[name]; !there {
			return wrong(below(path, name), "is missing")
		}
	}
	switch {
	case l.MinProperties != nil && float64(len(v)) < *l.MinProperties:
		return wrong(path, "must have at least %v properties", *l.MinProperties)
	case l.MaxProperties != nil && float64(len(v)) > *l.MaxProperties:
		return wrong(path, "must have at most %v properties", *l.MaxProperties)
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		of, declared := n.properties[name]
		if !declared {
			of = n.additional
		}
		if !declared && of != nil && of.never {
			return wrong(below(path, short(name)), "is not known: there are %q", slices.Sorted(maps.Keys(n.properties)))
		}
		if e := c.value(of, v[name], below(path, short(name)), depth+1); e != nil {
			return e
		}
	}
	return nil
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// short bounds what a stranger chose.
func short(name string) string { return fmt.Sprintf("%.40s", name) }

// Fits reports whether a decoded value is of a type of JSON Schema. Types that are not known fit.
func Fits(kind string, v any) bool {
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

// same reports whether two decoded values are equal: numbers by their value, not by how they are written.
func same(a, b any) bool {
	x, okX := a.(json.Number)
	y, okY := b.(json.Number)
	if okX && okY {
		f, errX := x.Float64()
		g, errY := y.Float64()
		return x == y || errX == nil && errY == nil && f == g
	}
	return reflect.DeepEqual(a, b)
}

// list writes the values of an enum, as many as a message holds.
func list(values []any) string {
	const most = 30
	var all []string
	for _, v := range values[:min(len(values), most)] {
		raw, _ := json.Marshal(v) //nolint:errchkjson // v was decoded from JSON
		all = append(all, string(raw))
	}
	if len(values) > most {
		all = append(all, "…")
	}
	return strings.Join(all, ", ")
}
