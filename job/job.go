package job

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/internal/ident"
)

// ID names a job within its workspace. Make one with [NewID], or check a foreign one with [ParseID].
type ID string

// NewID returns a fresh random ID.
func NewID() ID { return ID(ident.New("job")) }

// ParseID returns s as an ID: 1 to 100 ASCII letters, digits and . _ - / that begin and end with a
// letter or a digit. The error is a *[ValidationError] on the field id.
func ParseID(s string) (ID, error) {
	if err := ident.Check(s); err != nil {
		return "", &ValidationError{Noun: noun, Fields: []FieldError{{Field: "id", Rule: RuleFormat, Limit: ident.Max, Got: len(s), Message: "id: " + err.Error()}}}
	}
	return ID(s), nil
}

// Stamp says who saved what when. Jobs, Knowledge pages and flows share it.
type Stamp struct {
	Revision int       // 1 for the first save, rising by one; 0 = never saved
	At       time.Time // when it was saved
	By       string    // the author, as the host named them
	Note     string    // what the author wrote about the change
}

// Job is one valid set of reusable instructions. It is an immutable value: share it freely between
// goroutines. The zero Job is no job ([Job.IsZero]); other packages refuse it.
type Job struct{ d *data }

type data struct {
	id      ID
	stamp   Stamp
	spec    Spec // cleaned and checked
	hash    string
	once    sync.Once
	outline Outline
}

// New makes a job that is not saved yet: a fresh ID and revision 0. The error is a *[ValidationError].
func New(s Spec) (Job, error) { return build(NewID(), Stamp{}, s) }

// Restore gives a saved revision back as a value; it is the door for storage and checks like [New].
// A negative revision or an ill-formed id is a *[ValidationError], too.
func Restore(id ID, at Stamp, s Spec) (Job, error) {
	if _, err := ParseID(string(id)); err != nil {
		return Job{}, err
	}
	if at.Revision < 0 {
		return Job{}, &ValidationError{Noun: noun, Fields: []FieldError{{Field: "revision", Rule: RuleFormat, Got: at.Revision,
			Message: fmt.Sprintf("revision: %d is negative", at.Revision)}}}
	}
	return build(id, at, s)
}

// build is the only place where a Job comes into being.
func build(id ID, at Stamp, s Spec) (Job, error) {
	clean := s.Clean()
	if err := s.check(clean); err != nil {
		return Job{}, err
	}
	return Job{&data{id: id, stamp: at, spec: clean, hash: hash(clean)}}, nil
}

// With returns j with another text and the same ID and revision: a candidate for a mock call, which
// is not a save. The zero Job has no ID to keep and is refused, like a text that breaks a rule, with
// a *[ValidationError].
func (j Job) With(s Spec) (Job, error) {
	if j.IsZero() {
		return Job{}, &ValidationError{Noun: noun, Fields: []FieldError{{Field: "id", Rule: RuleRequired, Message: "id: the zero Job has no text to replace: use New"}}}
	}
	return build(j.d.id, j.d.stamp, s)
}

// IsZero reports whether j is no job.
func (j Job) IsZero() bool { return j.d == nil }

// ID returns the job's identifier, empty for the zero Job.
func (j Job) ID() ID { return j.get().id }

// Spec returns the cleaned text. The copy is the caller's.
func (j Job) Spec() Spec { return j.get().spec.clone() }

// Name returns the job's name.
func (j Job) Name() string { return j.get().spec.Name }

// Revision returns which saved revision j is, 0 when it was never saved. A candidate made by
// [Job.With] has the revision of the job it was made from.
func (j Job) Revision() int { return j.get().stamp.Revision }

// Stamp returns who saved this revision, and when.
func (j Job) Stamp() Stamp { return j.get().stamp }

// Hash returns the hash of the job's text (64 hexadecimal digits): equal texts have equal hashes,
// whatever their ID and revision.
func (j Job) Hash() string { return j.get().hash }

// Outline returns what [ParseOutline] finds in the instructions. It is parsed once per value.
func (j Job) Outline() Outline {
	d := j.get()
	d.once.Do(func() { d.outline = ParseOutline(d.spec.Instructions) })
	return d.outline.clone()
}

// Equal reports whether j and k have the same ID, stamp and text.
func (j Job) Equal(k Job) bool {
	if j.d == k.d || j.d == nil || k.d == nil {
		return j.d == k.d
	}
	a, b := j.d.stamp, k.d.stamp
	return j.d.id == k.d.id && j.d.hash == k.d.hash &&
		a.Revision == b.Revision && a.At.Equal(b.At) && a.By == b.By && a.Note == b.Note
}

// String names the job for logs and messages, without its text.
func (j Job) String() string {
	if j.IsZero() {
		return "no job"
	}
	return fmt.Sprintf("job %q (%s, revision %d)", j.Name(), j.ID(), j.Revision())
}

func (j Job) get() *data {
	if j.d == nil {
		return &data{}
	}
	return j.d
}

// stored is the JSON form of a job. Fields may be added; none is ever renamed or dropped, because
// every stored revision loads for ever.
type stored struct {
	ID       ID         `json:"id"`
	Revision int        `json:"revision"`
	At       *time.Time `json:"at,omitempty"`
	By       string     `json:"by,omitempty"`
	Note     string     `json:"note,omitempty"`
	Spec
}

// MarshalJSON gives the stored form. The zero Job is null.
func (j Job) MarshalJSON() ([]byte, error) {
	if j.IsZero() {
		return []byte("null"), nil
	}
	d := j.d
	s := stored{ID: d.id, Revision: d.stamp.Revision, By: d.stamp.By, Note: d.stamp.Note, Spec: d.spec}
	if !d.stamp.At.IsZero() {
		s.At = &d.stamp.At
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads the stored form and checks it like [Restore]; on an error j stays as it was. null
// is the zero Job, and fields that this version does not know are passed over.
func (j *Job) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*j = Job{}
		return nil
	}
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("job: stored form: %w", err)
	}
	at := Stamp{Revision: s.Revision, By: s.By, Note: s.Note}
	if s.At != nil {
		at.At = *s.At
	}
	got, err := Restore(s.ID, at, s.Spec)
	if err != nil {
		return err
	}
	*j = got
	return nil
}

func hash(s Spec) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("job: a Spec of strings always encodes: " + err.Error())
	}
	return digest.Of(string(b))
}
