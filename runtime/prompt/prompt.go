package prompt

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Options say for which model and with which actions a prompt is built. The zero Options are a model with
// room for 128,000 tokens and the built-in actions.
type Options struct {
	Profile Profile
	Actions []job.ActionSpec // the host's own actions; the built-in ones are always known
}

// Prompt is an assembled prompt. It is an immutable value; share it between calls. Treat slices and maps
// as read-only. Stable and Context hold the workspace's nonce: show people [Prompt.String].
type Prompt struct {
	Stable  string // one system message, the same for all calls
	Context string // what belongs to this call; empty before [Prompt.For]
	Tools   []Tool
	Plan    Plan
	Tokens  int // of Stable, Context and Tools, by the profile's count
	Receipt call.Receipt

	nonce    string
	sections []section
	uses     []use             // the actions that the model may name, in order
	defaults map[string]string // variables of the jobs that have a default
	wanted   []string          // variables of the jobs, in order of first mention
	tokens   func(string) int
	left     []call.Note // what of the jobs could not be offered
}

// Tool is a function that the model may call.
type Tool struct {
	Name        string
	Description string
	Parameters  json.RawMessage // JSON Schema of an object
}

// section is a part of Stable with a name, for Diff.
type section struct {
	name       string
	start, end int
}

// use is one inline action of an attached job under its handle ("J2.A1").
type use struct {
	handle string
	action job.ActionUse
}

// Build assembles the stable part for a Sona step of the snapshot. The error is a *[callflow.StepError], a
// *[BudgetError] when not even the Index plan fits the profile, or says that a host action's parameters
// are no JSON Schema of an object.
func Build(s callflow.Snapshot, step callflow.StepID, o Options) (Prompt, error) {
	a, err := newAssembly(s, step, o)
	if err != nil {
		return Prompt{}, err
	}
	return a.prompt()
}

// Append appends the stable part that [Build] makes to dst and returns the extended buffer; on an error
// it returns dst as it was.
func Append(dst []byte, s callflow.Snapshot, step callflow.StepID, o Options) ([]byte, error) {
	a, err := newAssembly(s, step, o)
	if err != nil {
		return dst, err
	}
	plan, err := a.choose()
	if err != nil {
		return dst, err
	}
	w := writer{buf: dst, nonce: a.nonce}
	a.write(&w, plan)
	return w.buf, nil
}

// String returns the prompt for people: stable part and context, with a placeholder for the nonce.
func (p Prompt) String() string {
	text := p.Stable
	if p.Context != "" {
		text += boundary + p.Context
	}
	return p.public(text)
}

// GoString keeps the nonce out of %#v.
func (p Prompt) GoString() string {
	return fmt.Sprintf("prompt.Prompt{%s, %d jobs, %d tokens}", p.Plan.Kind, len(p.Plan.Jobs), p.Tokens)
}

// System returns the text of the one system message: the stable part, then the context.
func (p Prompt) System() string {
	if p.Context == "" {
		return p.Stable
	}
	return p.Stable + boundary + p.Context
}

// boundary stands between what all calls share and what belongs to one. It is not part of Stable.
const boundary = "\n"

func (p Prompt) public(text string) string {
	if p.nonce == "" {
		return text
	}
	return strings.ReplaceAll(text, p.nonce, "NONCE")
}

// Action returns the inline action behind a handle ("J2.A1"); false when no attached job has it, or the
// job's way of writing it cannot be carried out. It is the allow-list of the call.
func (p Prompt) Action(handle string) (job.ActionUse, bool) {
	for _, u := range p.uses {
		if u.handle == handle {
			return u.action, true
		}
	}
	return job.ActionUse{}, false
}

// Handle returns the handle of an action of a job: the n-th use (from 0) of the action with this name in
// the job. It is for scripts and tests, which know jobs and not handles.
func (p Prompt) Handle(id job.ID, action job.ActionName, n int) (string, bool) {
	j, ok := p.Plan.find(id)
	if !ok {
		return "", false
	}
	for _, u := range p.uses {
		if strings.HasPrefix(u.handle, j.Handle+".") && u.action.Name == action {
			if n == 0 {
				return u.handle, true
			}
			n--
		}
	}
	return "", false
}

// Job returns the attached job behind a handle ("J2") or behind the handle of one of its actions or steps
// ("J2.A1", "J2.3").
func (p Prompt) Job(handle string) (job.Job, bool) {
	head, _, _ := strings.Cut(handle, ".")
	for _, j := range p.Plan.Jobs {
		if j.Handle == head {
			return j.Job, true
		}
	}
	return job.Job{}, false
}

// Notes returns what the prompt could not offer: actions that the host has not configured or that are
// written badly. They belong into the call's record.
func (p Prompt) Notes() []call.Note { return append([]call.Note(nil), p.left...) }

// Handles returns the handles of all uses of an action, in order.
func (p Prompt) Handles(action job.ActionName) []string {
	handles := []string{}
	for _, u := range p.uses {
		if u.action.Name == action {
			handles = append(handles, u.handle)
		}
	}
	return handles
}
