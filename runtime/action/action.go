// Package action makes actions of the host's from Go functions: the parameters that the model fills in are a
// struct, and its JSON Schema is read off the type. [New] is all there is to it. It imports runtime, and
// github.com/invopop/jsonschema, which nothing else of the library links.
package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sonajobs/sona/internal/schema"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/prompt"
)

// New makes an action that jobs use as {{action name}}. description is one sentence for the model. In is a struct
// with what the model fills in, struct{} for nothing; Out is whatever encoding/json writes, and the model reads.
//
// The fields of In have the names of their json tags. A field is required unless its tag says omitempty or
// omitzero. A jsonschema tag says more, its parts separated by commas:
//
//	type Booking struct {
//		Day    string   `json:"day" jsonschema:"description=The day as YYYY-MM-DD,pattern=^[0-9]{4}-[0-9]{2}-[0-9]{2}$"`
//		Guests int      `json:"guests" jsonschema:"minimum=1,maximum=20"`
//		Room   string   `json:"room,omitempty" jsonschema:"enum=terrace,enum=hall"`
//		Notes  []string `json:"notes,omitempty" jsonschema:"maxItems=5"`
//	}
//
// Lengths (minLength, maxLength) count code points. A comma inside of a description is written \\, in the tag.
//
// Before do runs, the arguments are checked against the schema and decoded strictly: what is missing, not known,
// too long or of another type is an error that the model reads and can act on. That holds for what a job has
// fixed, too. An error of do is told to the model as its text, so it must hold no secret; a panic is an error. do
// is called concurrently, with a context that ends after Limits.Action.
//
// New fails when the name is taken or ill-formed, when In is no struct, or when a part of it has no JSON Schema:
// a channel, a function, a complex number, a map without text keys, or a type that contains itself. The error
// names the field.
func New[In, Out any](name job.ActionName, description string, do func(ctx context.Context, i runtime.CallInfo, in In) (Out, error)) (runtime.Action, error) {
	fail := func(err error) (runtime.Action, error) {
		return runtime.Action{}, fmt.Errorf("action %q: %w", name, err)
	}
	if do == nil {
		return fail(errNoFunction)
	}
	if strings.TrimSpace(description) == "" {
		return fail(errNoDescription)
	}
	raw, err := parameters[In]()
	if err != nil {
		return fail(err)
	}
	spec := job.ActionSpec{Name: name, Description: description, Parameters: raw}
	if err := prompt.CheckAction(spec); err != nil {
		return runtime.Action{}, err
	}
	s, err := schema.Parse(raw)
	if err != nil {
		return fail(err)
	}
	return runtime.Action{Spec: spec, Do: func(ctx context.Context, i runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
		in, err := read[In](s, args)
		if err != nil {
			return nil, err
		}
		out, err := do(ctx, i, in)
		if err != nil {
			return nil, err
		}
		return write(out)
	}}, nil
}

var (
	errNoFunction    = errors.New("there is no function to carry it out")
	errNoDescription = errors.New("there is no description: say in one sentence what it does, for the model")
)

// read checks and decodes what the model filled in and the job fixed.
func read[In any](s schema.Schema, args json.RawMessage) (in In, err error) {
	if len(bytes.TrimSpace(args)) == 0 {
		args = json.RawMessage("{}")
	}
	v, err := schema.Decode(args)
	if err != nil {
		return in, errors.New("the arguments are no JSON object")
	}
	if err := s.Check(v); err != nil {
		return in, fmt.Errorf("the arguments: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return in, fmt.Errorf("the arguments: %s", explain(err))
	}
	return in, nil
}

// explain says what could not be decoded without the value: that is a caller's.
func explain(err error) string {
	if fault, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && fault.Field != "" {
		return fmt.Sprintf("%q must be of type %s", fault.Field, fault.Type)
	}
	return "one of them is not written as its type asks for"
}

func write(out any) (json.RawMessage, error) {
	raw, err := json.Marshal(out)
	if err != nil {
		return json.RawMessage(`"it was carried out, but its result cannot be told"`), nil //nolint:nilerr // with an error it would be carried out again
	}
	return raw, nil
}
