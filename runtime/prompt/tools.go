package prompt

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/sonajobs/sona/job"
)

const (
	// ActionProperty is the property of every action's tool that takes the handle of the inline action.
	ActionProperty = "sona_action"
	// OpenJobTool is the tool of the Index plan that opens a job's body. No host action may have its name.
	OpenJobTool = "open_job"
)

// Tool is a function that the model may call.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"` // JSON Schema of an object
}

// known is a tool with the hash of its JSON form. It is shared and never written.
type known struct {
	Tool
	sum  [sha256.Size]byte
	hash string // sum in hexadecimal
}

func newKnown(t Tool) *known {
	sum := sha256.Sum256(encode(t))
	return &known{t, sum, hexOf(sum)}
}

// builtin are the tools of the built-in actions, and builtinNames their order.
var builtin, builtinNames = func() (map[job.ActionName]*known, []job.ActionName) {
	actions, names := map[job.ActionName]*known{}, []job.ActionName{}
	for _, spec := range job.BuiltinActions() {
		schema, err := parameters(spec)
		if err != nil {
			panic(err)
		}
		actions[spec.Name], names = newKnown(Tool{string(spec.Name), spec.Description, schema}), append(names, spec.Name)
	}
	return actions, names
}()

var openJob = newKnown(Tool{OpenJobTool, "Read a job's instructions before you follow it.", json.RawMessage(openJobParameters)})

// allKnown returns the tools of the built-in actions and of the host's, by name.
func allKnown(own []job.ActionSpec) (map[job.ActionName]*known, error) {
	actions := maps.Clone(builtin)
	for _, spec := range own {
		schema, err := checked(spec)
		if err != nil {
			return nil, err
		}
		if _, twice := actions[spec.Name]; twice {
			return nil, actionError(spec.Name, "name", job.RuleUnique, "stands there twice: give each action its own name")
		}
		actions[spec.Name] = newKnown(Tool{string(spec.Name), spec.Description, schema})
	}
	return actions, nil
}

// offer collects the actions that the attached jobs use: the built-in ones in their order, then the
// host's by name. They name no job and no handle, so that an edit of a job's text leaves the tools alone;
// which handles exist is checked when a call comes back.
func (a *assembly) offer() {
	a.offered = offered{uses: make([][]use, len(a.jobs))}
	for i, j := range a.jobs {
		a.uses[i] = a.bodies[i].uses
		a.unavailable = a.unavailable || j.unavailable
	}
	used := func(name job.ActionName) bool {
		return slices.ContainsFunc(a.uses, func(of []use) bool {
			return slices.ContainsFunc(of, func(u use) bool { return u.action.Name == name })
		})
	}
	a.offers = make([]*known, 0, len(builtin))
	for _, b := range builtinNames {
		if used(b) {
			a.offers = append(a.offers, a.actions[b])
		}
	}
	if len(a.actions) == len(builtin) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(a.actions)) {
		if _, ours := builtin[name]; !ours && used(name) {
			a.offers = append(a.offers, a.actions[name])
		}
	}
}

// tools returns the tools of a plan in a fixed order.
func (a *assembly) tools(kind PlanKind) []*known {
	if kind == Index {
		return append(slices.Clip(a.offers), openJob)
	}
	return a.offers
}

const openJobParameters = `{"type":"object","properties":{"job":{"type":"string","description":"The job's handle in the overview, such as J2."}},"required":["job"],"additionalProperties":false}`

func (t Tool) tokens(count func(string) int) int {
	return count(t.Name) + count(t.Description) + count(string(t.Parameters))
}

// CheckAction returns nil when a host's own action can be offered to a model: its name is free, and its
// parameters are a JSON Schema of an object that leaves the library's own property free. The error
// matches a *[job.FieldError] on name or parameters.
func CheckAction(spec job.ActionSpec) error {
	_, err := checked(spec)
	return err
}

func checked(spec job.ActionSpec) (schema json.RawMessage, err error) {
	if _, err := job.ParseActionName(string(spec.Name)); err != nil {
		return nil, fmt.Errorf("prompt: action %.80q: %w", spec.Name, err)
	}
	if spec.Name == OpenJobTool {
		return nil, actionError(spec.Name, "name", job.RuleUnique, "is taken by the library: choose another name")
	}
	return parameters(spec)
}

func actionError(name job.ActionName, field, rule, problem string) error {
	return fmt.Errorf("prompt: action %.80q: %w", name, &job.FieldError{Field: field, Rule: rule, Message: field + ": " + problem})
}

const handleProperty = `{"type":"string","description":"The handle that the job shows at this place, such as J2.A1."}`

// parameters returns the JSON Schema of an action's tool: what the host declared, and the handle. What
// the host declared is not read further than needed and stays as it is, but for the order of its keys.
func parameters(spec job.ActionSpec) (json.RawMessage, error) {
	wrong := func(problem string) (json.RawMessage, error) {
		return nil, actionError(spec.Name, "parameters", job.RuleFormat, problem)
	}
	schema, properties, required := map[string]json.RawMessage{}, map[string]json.RawMessage{}, []string{}
	if len(bytes.TrimSpace(spec.Parameters)) > 0 {
		if err := json.Unmarshal(spec.Parameters, &schema); err != nil || schema == nil {
			return wrong("must be the JSON Schema of an object")
		}
	}
	if kind, set := schema["type"]; set && string(kind) != `"object"` {
		return wrong(fmt.Sprintf("must be a JSON Schema of type object, not %.40s", kind))
	}
	if p, set := schema["properties"]; set && (json.Unmarshal(p, &properties) != nil || properties == nil) {
		return wrong("properties must be an object")
	}
	if r, set := schema["required"]; set && (json.Unmarshal(r, &required) != nil || required == nil) {
		return wrong("required must be a list of names")
	}
	if _, taken := properties[ActionProperty]; taken || slices.Contains(required, ActionProperty) {
		return wrong(fmt.Sprintf("the name %q is taken by the library: choose another", ActionProperty))
	}
	properties[ActionProperty] = json.RawMessage(handleProperty)
	schema["type"] = json.RawMessage(`"object"`)
	schema["properties"] = encode(properties)
	schema["required"] = encode(append([]string{ActionProperty}, required...))
	if _, set := schema["additionalProperties"]; !set {
		schema["additionalProperties"] = json.RawMessage("false")
	}
	return encode(schema), nil
}

// encode gives JSON with sorted keys, so that equal values have equal bytes, and without escapes that are
// only meant for web pages.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("prompt: plain data always encodes: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
