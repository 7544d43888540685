package action

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// parameters returns the JSON Schema of In, without references: models read one best that way.
func parameters[In any]() (raw json.RawMessage, err error) {
	t := reflect.TypeFor[In]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no struct: the arguments are an object, and its fields are their names", t)
	}
	if err := describable(t, nil, ""); err != nil {
		return nil, err
	}
	defer func() { // a malformed tag, or a type's own schema
		if p := recover(); p != nil {
			raw, err = nil, fmt.Errorf("%s has no JSON Schema: %v", t, p)
		}
	}()
	r := jsonschema.Reflector{DoNotReference: true, ExpandedStruct: true, Anonymous: true, Mapper: mapped}
	s := r.ReflectFromType(t)
	s.Version = ""
	if s.Properties == nil {
		return json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`), nil
	}
	return json.Marshal(s)
}

// describable refuses types of which jsonschema would make nothing, or would never come back from.
func describable(t reflect.Type, above []reflect.Type, at string) error {
	if slices.Contains(above, t) {
		return fmt.Errorf("%s: %s contains itself: such a type has no JSON Schema that a model could follow", place(at), t)
	}
	if ownForm(t) {
		return nil
	}
	above = append(above, t)
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		return fmt.Errorf("%s: %s cannot be written as JSON", place(at), t)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return fmt.Errorf("%s: %s: the keys of a map must be texts", place(at), t)
		}
		return describable(t.Elem(), above, at)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return describable(t.Elem(), above, at)
	case reflect.Struct:
		var all []error
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || !f.IsExported() && !f.Anonymous {
				continue
			}
			if name == "" {
				name = f.Name
			}
			all = append(all, describable(f.Type, above, strings.TrimPrefix(at+"."+name, ".")))
		}
		return errors.Join(all...)
	default:
	}
	return nil
}

func place(at string) string {
	if at == "" {
		return "the arguments"
	}
	return fmt.Sprintf("the field %q", at)
}

// ownForm reports whether a type reads itself, so that what is inside of it does not matter.
func ownForm(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || ownSchema(t) || reads[json.Unmarshaler](t) || reads[encoding.TextUnmarshaler](t)
}

// ownSchema reports whether a type brings its own schema, as jsonschema asks for it.
func ownSchema(t reflect.Type) bool {
	_, schema := reflect.PointerTo(t).MethodByName("JSONSchema")
	_, alias := reflect.PointerTo(t).MethodByName("JSONSchemaAlias")
	return schema || alias
}

func reads[Reader any](t reflect.Type) bool {
	return t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(reflect.TypeFor[Reader]())
}

// mapped is the schema of what jsonschema does not know to read itself: a text for what reads texts, anything for
// what reads JSON.
func mapped(t reflect.Type) *jsonschema.Schema {
	switch {
	case t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[net.IP]() || ownSchema(t):
	case reads[json.Unmarshaler](t):
		return &jsonschema.Schema{}
	case reads[encoding.TextUnmarshaler](t):
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}
