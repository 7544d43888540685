package callflow

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sonajobs/sona/internal/ident"
	"github.com/sonajobs/sona/job"
)

// ID names a flow within its workspace.
type ID string

// NewID returns a fresh random ID.
func NewID() ID { return ID(ident.New("flow")) }

// ParseID returns s as an ID; the rules are those of job IDs. The error is a *[job.ValidationError].
func ParseID(s string) (ID, error) {
	id, err := job.ParseID(s)
	if broken, ok := errors.AsType[*job.ValidationError](err); ok {
		return "", &job.ValidationError{Fields: broken.Fields, Noun: "flow"}
	}
	return ID(id), err
}

// Spec is what a flow is made from.
type Spec struct {
	Name    string // required, at most 100 characters, one line
	Numbers []Line // what callers dial to reach the flow; several flows may name a number, one published flow holds it
	Entry   StepID // where an incoming call begins; empty means the first step
	Steps   []Step // at least one
}

// Simple is the commonest flow: Sona answers; by its voicemail exit, or when it cannot go on, the
// caller records a voicemail; then the call is hung up. Its Sona step has the ID [Sona].
func Simple(name string, number Line, s SonaStep) Spec {
	const voicemail, hangup StepID = "voicemail", "hangup"
	return Spec{Name: name, Numbers: []Line{number}, Entry: Sona, Steps: []Step{
		{ID: Sona, Name: "Sona", Is: s, Next: map[Exit]StepID{
			ExitVoicemail: voicemail, ExitFallback: voicemail, ExitEnded: hangup}},
		{ID: voicemail, Name: "Voicemail", Is: VoicemailStep{}, Next: map[Exit]StepID{ExitDone: hangup}},
		{ID: hangup, Name: "Hang up", Is: HangupStep{}},
	}}
}

// Flow is a call flow: a name, the lines that lead to it, a draft and, once published, a version that
// callers meet. It is an immutable value and always valid; the zero Flow is no flow.
type Flow struct {
	id        ID
	stamp     job.Stamp
	name      string
	numbers   []Line
	draft     Version
	published *Version
}

// New makes a flow that is not saved and not published yet. The error is a *[job.ValidationError] on
// name or numbers, a *[StepError] or a *[TooManyJobsError].
func New(s Spec) (Flow, error) {
	f := Flow{id: NewID()}
	name := job.CleanLine(s.Name)
	if broken := job.CheckText("name", s.Name, true, job.MaxName); len(broken) > 0 {
		return Flow{}, &job.ValidationError{Fields: broken, Noun: "flow"}
	}
	f.name = name
	f, err := f.WithNumbers(s.Numbers)
	if err != nil {
		return Flow{}, err
	}
	entry := s.Entry
	if entry == "" && len(s.Steps) > 0 {
		entry = s.Steps[0].ID
	}
	f.draft, err = newVersion(entry, s.Steps)
	if err != nil {
		return Flow{}, f.wrap(err)
	}
	return f, nil
}

// ID returns the flow's identifier.
func (f Flow) ID() ID { return f.id }

// Name returns the flow's name.
func (f Flow) Name() string { return f.name }

// Numbers returns the lines that lead to the flow.
func (f Flow) Numbers() []Line { return slices.Clone(f.numbers) }

// Stamp returns who saved this revision, and when.
func (f Flow) Stamp() job.Stamp { return f.stamp }

// Revision returns which saved revision f is; 0 when it was never saved.
func (f Flow) Revision() int { return f.stamp.Revision }

// IsZero reports whether f is no flow.
func (f Flow) IsZero() bool { return f.id == "" }

// Draft returns what the authors see.
func (f Flow) Draft() Version { return f.draft }

// Published returns what callers meet; false before the first publish.
func (f Flow) Published() (Version, bool) {
	if f.published == nil {
		return Version{}, false
	}
	return *f.published, true
}

// Equal reports whether f and g are the same revision with the same content.
func (f Flow) Equal(g Flow) bool {
	a, errA := f.MarshalJSON()
	b, errB := g.MarshalJSON()
	return errA == nil && errB == nil && string(a) == string(b)
}

// String names the flow for logs and messages.
func (f Flow) String() string {
	return fmt.Sprintf("flow %q (%s, revision %d)", f.name, f.id, f.stamp.Revision)
}

// EditDraft returns f with a draft changed by edit; f itself stays as it is, and so does what is
// published. The draft is checked when edit returns: the error is a *[TooManyJobsError], a *[StepError]
// or what edit returned. edit runs once.
func (f Flow) EditDraft(edit func(*Draft) error) (Flow, error) {
	d := &Draft{entry: f.draft.entry, steps: f.draft.Steps()}
	err := edit(d)
	d.closed = true
	if err != nil {
		return Flow{}, f.wrap(err)
	}
	v, err := newVersion(d.entry, d.steps)
	if err != nil {
		return Flow{}, f.wrap(err)
	}
	f.draft = v
	return f, nil
}

// Publish returns f with its draft as the published version under the next number. It is the only
// writer of what is published. Publishing a draft that has no changes returns f as it is.
func (f Flow) Publish(at time.Time, by string) (Flow, error) {
	if f.IsZero() {
		return Flow{}, errNoFlow
	}
	v := f.draft
	v.number, v.at, v.by = 1, at, by
	if f.published != nil {
		if v.sameSteps(*f.published) {
			return f, nil
		}
		v.number = f.published.number + 1
	}
	return f.withPublished(v), nil
}

// withPublished is the one place that assigns what is published: for Publish, and for decoding what
// Publish once made.
func (f Flow) withPublished(v Version) Flow {
	f.published = &v
	return f
}

// Discard returns f with a draft that is what is published; before the first publish there is nothing
// to go back to, and f is returned as it is.
func (f Flow) Discard() Flow {
	if f.published == nil {
		return f
	}
	return f.Rollback(*f.published)
}

// Rollback returns f with the steps of an earlier version as its draft. Nothing is live before the next
// publish. Job and page texts do not go back with it: they are not part of a version.
func (f Flow) Rollback(v Version) Flow {
	if len(v.steps) == 0 {
		return f
	}
	v.number, v.at, v.by = 0, time.Time{}, ""
	f.draft = v
	return f
}

// Stamped returns f with another stamp; it is the door for storage.
func (f Flow) Stamped(at job.Stamp) Flow {
	f.stamp = at
	return f
}

// WithNumbers returns f with other lines, each in its normal form and once. The error is a
// *[job.ValidationError] on numbers.
func (f Flow) WithNumbers(lines []Line) (Flow, error) {
	numbers := make([]Line, 0, len(lines))
	var broken []job.FieldError
	for _, l := range lines {
		n, err := ParseLine(string(l))
		if fault, ok := errors.AsType[*job.FieldError](err); ok {
			broken = append(broken, *fault)
			continue
		}
		numbers = append(numbers, n)
	}
	if len(broken) > 0 {
		return Flow{}, f.wrap(&job.ValidationError{Fields: broken})
	}
	f.numbers = unique(numbers)
	return f, nil
}

func (f Flow) wrap(err error) error { return fmt.Errorf("flow %q: %w", f.name, err) }

var (
	errNoFlow = errors.New("callflow: the zero Flow is no flow: make one with New")
	errEntry  = errors.New("the entry must be a step of the flow")
)

func exitError(exit Exit, exits []Exit) error {
	return fmt.Errorf("exit %.40q: it has %q", exit, exits)
}

func danglingError(exit Exit, to StepID) error {
	return fmt.Errorf("exit %q leads to %.80q", exit, to)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
