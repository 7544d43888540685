package prompt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Options say for which model and with which actions a prompt is built. The zero Options are a model with
// room for 128,000 tokens and the built-in actions.
type Options struct {
	Profile   Profile
	Actions   []job.ActionSpec // the host's own actions; the built-in ones are always known
	Variables []string         // variables that the host gives a value in every call; asked by [Check] only, and nil: not even there

	// Finds says that whoever runs the calls finds passages of [Plan.Found] for what the caller says and hands
	// them in with [CallContext.Passages]. Without it Knowledge that has no room is a *[BudgetError].
	Finds bool

	// Parts keeps what was prepared, for the next build; nil prepares all anew.
	Parts *Parts
}

// Prompt is an assembled prompt. It is an immutable value; share it between calls. Treat slices and maps
// as read-only. Stable and Context hold the workspace's nonce: show people [Prompt.String].
type Prompt struct {
	Stable  string       `json:"stable"`            // one system message, the same for all calls
	Context string       `json:"context,omitempty"` // what belongs to this call; empty before [Prompt.For]
	Tools   []Tool       `json:"tools"`
	Plan    Plan         `json:"plan"`
	Tokens  int          `json:"tokens"` // of Stable, Context and Tools, by the profile's count
	Receipt call.Receipt `json:"receipt"`

	nonce    string
	sections []section
	uses     [][]use    // the actions that the model may name, of each job, in order
	wanted   []variable // of the jobs, in order of first mention
	notes    []call.Note
	bodies   []string // of the jobs of the Index plan, as the Full plan has them
	count    func(string) int
	fixed    int // tokens of Stable and Tools
}

// use is one inline action of an attached job under its handle ("J2.A1").
type use struct {
	handle string
	action job.ActionUse
}

// Build assembles the stable part for a Sona step of the snapshot. The error is a *[callflow.StepError], a
// *[BudgetError] when not even the Index plan fits the profile, or what [CheckAction] says of one of the
// host's actions.
func Build(s callflow.Snapshot, step callflow.StepID, o Options) (Prompt, error) {
	if o.Parts != nil {
		p, err := o.Parts.prompt(s, step, o)
		return *p, err
	}
	var p Prompt
	err := build(&p, s, step, o)
	return p, err
}

// build writes into p, which stays zero on an error.
func build(p *Prompt, s callflow.Snapshot, step callflow.StepID, o Options) error {
	a, err := newAssembly(s, step, o)
	if err != nil {
		return err
	}
	d, err := a.fit()
	if err != nil {
		return err
	}
	a.write(p, d)
	return nil
}

// Append appends the stable part that [Build] makes to dst and returns the extended buffer; on an error dst
// as it was. With [Options.Parts], where dst has room and the snapshot is one that was built before, it allocates
// nothing and moves the bytes once.
func Append(dst []byte, s callflow.Snapshot, step callflow.StepID, o Options) ([]byte, error) {
	if o.Parts != nil {
		p, err := o.Parts.prompt(s, step, o)
		return append(dst, p.Stable...), err
	}
	a, err := newAssembly(s, step, o)
	if err != nil {
		return dst, err
	}
	d, err := a.fit()
	if err != nil {
		return dst, err
	}
	dst = slices.Grow(dst, d.bytes)
	for _, p := range d.pieces {
		dst = append(dst, p.text...)
	}
	return dst, nil
}

// Append appends what [Prompt.System] returns to dst and returns the extended buffer. Where dst has room it
// allocates nothing.
func (p Prompt) Append(dst []byte) []byte {
	dst = append(dst, p.Stable...)
	if p.Context == "" {
		return dst
	}
	return append(append(dst, boundary...), p.Context...)
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

// String returns the prompt for people: stable part and context, with a placeholder for the nonce.
func (p Prompt) String() string { return p.public(p.System()) }

// GoString keeps the texts and the nonce out of %#v.
func (p Prompt) GoString() string {
	return fmt.Sprintf("prompt.Prompt{%s, %d jobs, %d tokens}", p.Plan.Kind, len(p.Plan.Jobs), p.Tokens)
}

// MarshalJSON gives the exported fields with a placeholder for the nonce, so that a prompt in a log or a
// preview does not give it away. Nothing reads it back.
func (p Prompt) MarshalJSON() ([]byte, error) {
	type plain Prompt // without methods
	p.Stable, p.Context = p.public(p.Stable), p.public(p.Context)
	return json.Marshal(plain(p))
}

func (p Prompt) public(text string) string {
	if p.nonce == "" {
		return text
	}
	return strings.ReplaceAll(text, p.nonce, placeholder)
}

// Action returns the inline action behind a handle ("J2.A1"); false when no attached job has it, or the
// job's way of writing it cannot be carried out. It is the allow-list of the call.
func (p Prompt) Action(handle string) (job.ActionUse, bool) {
	for _, of := range p.uses {
		for _, u := range of {
			if u.handle == handle {
				return u.action, true
			}
		}
	}
	return job.ActionUse{}, false
}

// Handle returns the handle of an action of a job: the n-th use (from 0) of the action with this name in
// the job. It is for scripts and tests, which know jobs and not handles.
func (p Prompt) Handle(id job.ID, action job.ActionName, n int) (string, bool) {
	i := slices.IndexFunc(p.Plan.Jobs, func(j PlannedJob) bool { return j.Job.ID() == id })
	if i < 0 || i >= len(p.uses) { // a Plan that somebody made has no uses
		return "", false
	}
	for _, u := range p.uses[i] {
		if u.action.Name == action {
			if n == 0 {
				return u.handle, true
			}
			n--
		}
	}
	return "", false
}

// Handles returns the handles of all uses of an action, in order.
func (p Prompt) Handles(action job.ActionName) []string {
	handles := []string{}
	for _, of := range p.uses {
		for _, u := range of {
			if u.action.Name == action {
				handles = append(handles, u.handle)
			}
		}
	}
	return handles
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
	if i < len(p.bodies) {
		return p.bodies[i], nil
	}
	at := len(p.sections) - 2 - len(p.Plan.Jobs) + i // the bodies stand before the last two sections
	if at < 0 {
		return "", fmt.Errorf("job %.20q has no body here", handle) // a Plan that somebody made
	}
	return p.Stable[p.sections[at].start:p.sections[at].end], nil
}

// Notes returns what the prompt could not offer: jobs and pages that were deleted, actions that the host
// has not configured or that are written badly. They belong into the call's record.
func (p Prompt) Notes() []call.Note { return slices.Clone(p.notes) }
