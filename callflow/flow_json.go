package callflow

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sonajobs/sona/job"
)

// The stored form of a flow. Fields may be added; none is ever renamed or dropped.
type flowJSON struct {
	ID        ID           `json:"id"`
	Revision  int          `json:"revision"`
	At        *time.Time   `json:"at,omitempty"`
	By        string       `json:"by,omitempty"`
	Note      string       `json:"note,omitempty"`
	Name      string       `json:"name"`
	Numbers   []Line       `json:"numbers,omitempty"`
	Draft     versionJSON  `json:"draft"`
	Published *versionJSON `json:"published,omitempty"`
}

type versionJSON struct {
	Number int        `json:"number,omitempty"`
	At     *time.Time `json:"at,omitempty"`
	By     string     `json:"by,omitempty"`
	Entry  StepID     `json:"entry"`
	Steps  []Step     `json:"steps"`
}

// MarshalJSON gives the stored form. The zero Flow is null.
func (f Flow) MarshalJSON() ([]byte, error) {
	if f.IsZero() {
		return []byte("null"), nil
	}
	out := flowJSON{ID: f.id, Revision: f.stamp.Revision, At: timeOrNil(f.stamp.At), By: f.stamp.By, Note: f.stamp.Note,
		Name: f.name, Numbers: f.numbers, Draft: f.draft.stored()}
	if f.published != nil {
		v := f.published.stored()
		out.Published = &v
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads the stored form and checks it like [New]; on an error f stays as it was.
func (f *Flow) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*f = Flow{}
		return nil
	}
	var in flowJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("callflow: stored form: %w", err)
	}
	if _, err := ParseID(string(in.ID)); err != nil {
		return fmt.Errorf("callflow: stored form: %w", err)
	}
	got, err := New(Spec{Name: in.Name, Numbers: in.Numbers, Entry: in.Draft.Entry, Steps: in.Draft.Steps})
	if err != nil {
		return err
	}
	if in.Revision < 0 {
		return got.wrap(fmt.Errorf("revision %d is negative", in.Revision))
	}
	got.id = in.ID
	got.stamp = job.Stamp{Revision: in.Revision, By: in.By, Note: in.Note}
	if in.At != nil {
		got.stamp.At = *in.At
	}
	if in.Published != nil {
		v, err := in.Published.version()
		if err == nil && v.number < 1 {
			err = fmt.Errorf("published version %d: they count from 1", v.number)
		}
		if err != nil {
			return got.wrap(err)
		}
		got = got.withPublished(v)
	}
	*f = got
	return nil
}

// MarshalJSON gives the version in the form in which flows store it.
func (v Version) MarshalJSON() ([]byte, error) { return json.Marshal(v.stored()) }

func (v Version) stored() versionJSON {
	return versionJSON{v.number, timeOrNil(v.at), v.by, v.entry, v.steps}
}

func (in versionJSON) version() (Version, error) {
	v, err := newVersion(in.Entry, in.Steps)
	if err != nil {
		return Version{}, err
	}
	v.number, v.by = in.Number, in.By
	if in.At != nil {
		v.at = *in.At
	}
	return v, nil
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
