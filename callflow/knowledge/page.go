package knowledge

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/internal/ident"
	"github.com/sonajobs/sona/job"
)

// ID names a page within its workspace. Make one with [NewID], or check a foreign one with [ParseID].
type ID string

// NewID returns a fresh random ID.
func NewID() ID { return ID(ident.New("page")) }

// ParseID returns s as an ID; the shape is that of [job.ParseID]. The error is a
// *[job.ValidationError] on the field id.
func ParseID(s string) (ID, error) {
	if err := ident.Check(s); err != nil {
		return "", invalid(job.FieldError{Field: "id", Rule: job.RuleFormat, Got: len(s), Message: "id: " + err.Error()})
	}
	return ID(s), nil
}

// Page is one valid Knowledge page. It is an immutable value: share it freely between goroutines.
// The zero Page is no page ([Page.IsZero]); other packages refuse it.
type Page struct{ d *data }

type data struct {
	id    ID
	stamp job.Stamp
	spec  Spec // cleaned and checked
	hash  string
}

// New makes a page that is not saved yet: a fresh ID and revision 0. The error is a
// *[job.ValidationError].
func New(s Spec) (Page, error) { return build(NewID(), job.Stamp{}, s) }

// Restore gives a saved revision back as a value; it is the door for storage and checks like [New].
// A negative revision or an ill-formed id is a *[job.ValidationError], too.
func Restore(id ID, at job.Stamp, s Spec) (Page, error) {
	if _, err := ParseID(string(id)); err != nil {
		return Page{}, err
	}
	if at.Revision < 0 {
		return Page{}, invalid(job.FieldError{Field: "revision", Rule: job.RuleFormat, Got: at.Revision,
			Message: fmt.Sprintf("revision: %d is negative", at.Revision)})
	}
	return build(id, at, s)
}

// build is the only place where a Page comes into being.
func build(id ID, at job.Stamp, s Spec) (Page, error) {
	if err := s.Check(); err != nil {
		return Page{}, err
	}
	clean := s.Clean()
	return Page{&data{id: id, stamp: at, spec: clean, hash: hash(clean)}}, nil
}

// With returns p with another text and the same ID and revision: a candidate for a mock call, which
// is not a save. The zero Page has no ID to keep and is refused, like a text that breaks a rule,
// with a *[job.ValidationError].
func (p Page) With(s Spec) (Page, error) {
	if p.IsZero() {
		return Page{}, invalid(job.FieldError{Field: "id", Rule: job.RuleRequired, Message: "id: the zero Page has no text to replace: use New"})
	}
	return build(p.d.id, p.d.stamp, s)
}

// IsZero reports whether p is no page.
func (p Page) IsZero() bool { return p.d == nil }

// ID returns the page's identifier, empty for the zero Page.
func (p Page) ID() ID { return p.get().id }

// Spec returns the cleaned title, text and source.
func (p Page) Spec() Spec { return p.get().spec }

// Title returns the page's title.
func (p Page) Title() string { return p.get().spec.Title }

// Text returns the page's text. A [Passage.Span] counts in its bytes.
func (p Page) Text() string { return p.get().spec.Text }

// Revision returns which saved revision p is, 0 when it was never saved. A candidate made by
// [Page.With] has the revision of the page it was made from.
func (p Page) Revision() int { return p.get().stamp.Revision }

// Stamp returns who saved this revision, and when.
func (p Page) Stamp() job.Stamp { return p.get().stamp }

// Hash returns the hash of title, text and source (64 hexadecimal digits): equal Specs have equal
// hashes, whatever their ID and revision.
func (p Page) Hash() string { return p.get().hash }

// Equal reports whether p and q have the same ID, stamp and Spec.
func (p Page) Equal(q Page) bool {
	if p.d == q.d || p.d == nil || q.d == nil {
		return p.d == q.d
	}
	a, b := p.d.stamp, q.d.stamp
	return p.d.id == q.d.id && p.d.hash == q.d.hash &&
		a.Revision == b.Revision && a.At.Equal(b.At) && a.By == b.By && a.Note == b.Note
}

// String names the page for logs and messages, without its text.
func (p Page) String() string {
	if p.IsZero() {
		return "no page"
	}
	return fmt.Sprintf("page %q (%s, revision %d)", p.Title(), p.ID(), p.Revision())
}

func (p Page) get() *data {
	if p.d == nil {
		return &data{}
	}
	return p.d
}

// stored is the JSON form of a page. Fields may be added; none is ever renamed or dropped, because
// every stored revision loads for ever.
type stored struct {
	ID       ID         `json:"id"`
	Revision int        `json:"revision"`
	At       *time.Time `json:"at,omitempty"`
	By       string     `json:"by,omitempty"`
	Note     string     `json:"note,omitempty"`
	Spec
}

// MarshalJSON gives the stored form. The zero Page is null.
func (p Page) MarshalJSON() ([]byte, error) {
	if p.IsZero() {
		return []byte("null"), nil
	}
	d := p.d
	s := stored{ID: d.id, Revision: d.stamp.Revision, By: d.stamp.By, Note: d.stamp.Note, Spec: d.spec}
	if !d.stamp.At.IsZero() {
		s.At = &d.stamp.At
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads the stored form and checks it like [Restore]; on an error p stays as it was.
func (p *Page) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*p = Page{}
		return nil
	}
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("page: stored form: %w", err)
	}
	at := job.Stamp{Revision: s.Revision, By: s.By, Note: s.Note}
	if s.At != nil {
		at.At = *s.At
	}
	got, err := Restore(s.ID, at, s.Spec)
	if err != nil {
		return err
	}
	*p = got
	return nil
}

func hash(s Spec) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("knowledge: a Spec of strings always encodes: " + err.Error())
	}
	return digest.Of(string(b))
}
