package prompt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// builtin are the tools of the built-in actions, and builtinNames their order.
var builtin, builtinNames = func() (map[job.ActionName]Tool, []job.ActionName) {
	actions, names := map[job.ActionName]Tool{}, []job.ActionName{}
	for _, spec := range job.BuiltinActions() {
		schema, err := parameters(spec)
		if err != nil {
			panic(err)
		}
		actions[spec.Name], names = Tool{string(spec.Name), spec.Description, schema}, append(names, spec.Name)
	}
	return actions, names
}()

// known returns the tools of the built-in actions and of the host's, by name.
func (k *Parts) known(own []job.ActionSpec) (map[job.ActionName]Tool, error) {
	if len(own) == 0 {
		return builtin, nil
	}
	actions := maps.Clone(builtin)
	for _, spec := range own {
		schema, err := k.schema(spec)
		if err != nil {
			return nil, err
		}
		if _, twice := actions[spec.Name]; twice {
			return nil, actionError(spec.Name, "name", job.RuleUnique, "stands there twice: give each action its own name")
		}
		actions[spec.Name] = Tool{string(spec.Name), spec.Description, schema}
	}
	return actions, nil
}

// offer collects the actions that the attached jobs use: the built-in ones in their order, then the
// host's by name. They name no job and no handle, so that an edit of a job's text leaves the tools alone;
// which handles exist is checked when a call comes back.
func (a *assembly) offer() {
	a.offered = offered{uses: make([]use, 0, 2*len(a.jobs))}
	for i, j := range a.jobs {
		a.uses = append(a.uses, a.bodies[i].uses...)
		a.unavailable = a.unavailable || j.unavailable
	}
	used := func(name job.ActionName) bool {
		return slices.ContainsFunc(a.uses, func(u use) bool { return u.action.Name == name })
	}
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
func (a *assembly) tools(kind PlanKind) []Tool {
	tools := slices.Clone(a.offers)
	if kind == Index {
		tools = append(tools, Tool{OpenJobTool, "Read a job's instructions before you follow it.", json.RawMessage(openJobParameters)})
	}
	return tools
}

const openJobParameters = `{"type":"object","properties":{"job":{"type":"string","description":"The job's handle in the overview, such as J2."}},"required":["job"],"additionalProperties":false}`

func toolTokens(tools []Tool, count func(string) int) int {
	n := 0
	for _, t := range tools {
		n += count(t.Name) + count(t.Description) + count(string(t.Parameters))
	}
	return n
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
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("prompt: plain data always encodes: " + err.Error())
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}
