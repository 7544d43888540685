package prompt

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sonajobs/sona/job"
)

const (
	// ActionProperty is the property of every action's tool that takes the handle of the inline action.
	ActionProperty = "sona_action"
	// OpenJobTool is the tool of the Index plan that opens a job's body.
	OpenJobTool = "open_job"
)

// tools returns a tool for each action that the attached jobs use, in a fixed order. They name no job and
// no handle, so that an edit of a job's text leaves them alone; which handles exist is checked when a call
// comes back.
func (a *assembly) tools(kind PlanKind) []Tool {
	var tools []Tool
	for _, name := range a.actionNames() {
		spec := a.actions[name]
		schema, err := parameters(spec)
		if err != nil {
			panic("prompt: checked before: " + err.Error())
		}
		tools = append(tools, Tool{string(name), spec.Description, schema})
	}
	if kind == Index {
		tools = append(tools, Tool{OpenJobTool, "Read a job's instructions before you follow it.", openJobParameters})
	}
	return tools
}

var openJobParameters = json.RawMessage(`{"type":"object","properties":{"job":{"type":"string","description":"The job's handle in the overview, such as J2."}},"required":["job"],"additionalProperties":false}`)

// parameters returns the JSON Schema of an action's tool: what the host declared, and the handle.
func parameters(spec job.ActionSpec) (json.RawMessage, error) {
	schema := map[string]any{}
	if len(spec.Parameters) > 0 {
		if err := json.Unmarshal(spec.Parameters, &schema); err != nil {
			return nil, fmt.Errorf("prompt: action %q: parameters are no JSON Schema of an object: %w", spec.Name, err)
		}
	}
	if kind, ok := schema["type"]; ok && kind != "object" {
		return nil, fmt.Errorf("prompt: action %q: parameters must be a JSON Schema of type object, not %v", spec.Name, kind)
	}
	properties, ok := schema["properties"].(map[string]any)
	if _, set := schema["properties"]; set && !ok {
		return nil, fmt.Errorf("prompt: action %q: properties of the parameters are no object", spec.Name)
	}
	if _, taken := properties[ActionProperty]; taken {
		return nil, fmt.Errorf("prompt: action %q: the parameter name %q is taken by the library", spec.Name, ActionProperty)
	}
	if properties == nil {
		properties = map[string]any{}
	}
	properties[ActionProperty] = map[string]any{"type": "string",
		"description": "The handle that the job shows at this place, such as J2.A1."}
	required, _ := schema["required"].([]any)
	schema["type"], schema["properties"] = "object", properties
	schema["required"] = append([]any{ActionProperty}, required...)
	if _, set := schema["additionalProperties"]; !set {
		schema["additionalProperties"] = false
	}
	return json.Marshal(schema) // map keys are sorted, so the bytes are the same every time
}

// OpenJob returns the body of a job of the Index plan, for the tool open_job: the same bytes that the Full
// plan would hold. An unknown handle is an error that tells the model which there are.
func (p Prompt) OpenJob(handle string) (string, error) {
	i := slices.IndexFunc(p.Plan.Jobs, func(j PlannedJob) bool { return j.Handle == handle })
	if i < 0 {
		handles := make([]string, len(p.Plan.Jobs))
		for k, j := range p.Plan.Jobs {
			handles[k] = j.Handle
		}
		return "", fmt.Errorf("there is no job %.20q: the jobs are %q", handle, handles)
	}
	j := p.Plan.Jobs[i].Job
	planned := plannedJob{handle: handle, job: j, spec: j.Spec(), outline: j.Outline(), actions: map[int]string{}}
	for _, u := range p.uses {
		if head := handle + "."; len(u.handle) > len(head) && u.handle[:len(head)] == head {
			planned.actions[u.action.Span.Start] = u.handle
		}
	}
	w := writer{nonce: p.nonce}
	planned.body(&w)
	return string(w.buf), nil
}

// CheckAction returns nil when an action's parameters can be offered to a model: a JSON Schema of an object
// that leaves the library's own property free.
func CheckAction(spec job.ActionSpec) error {
	_, err := parameters(spec)
	return err
}
