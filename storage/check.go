package storage

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// What every driver can keep. The bounds are those of the narrowest index among the databases: a key of
// workspace, kind, sort and ID together has to fit into one index entry.
const (
	MaxID  = 255   // bytes of a WorkspaceID, a Kind, an ID
	MaxKey = 1_024 // bytes of a Sort, and of each of Unique and Terms
)

// Storable reports whether s is text that every driver can keep: valid UTF-8 without U+0000.
func Storable(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// CheckPut reports what no driver accepts. Every driver calls it first in Put, so that what one refuses
// all refuse. WorkspaceID, Kind and ID must be there and at most MaxID bytes; Sort and each of Unique and
// Terms at most MaxKey bytes; all of them, By and Note too, [Storable].
func CheckPut(ws WorkspaceID, docs []Doc) error {
	if len(docs) == 0 {
		return nil
	}
	if err := checkName("workspace", string(ws)); err != nil {
		return err
	}
	for i := range docs {
		if err := docs[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckQuery reports what no driver accepts in List. Every driver calls it first there. The limit must be
// at least 1 and all strings [Storable].
func CheckQuery(q Query) error {
	if err := CheckLimit(q.Limit); err != nil {
		return err
	}
	for _, f := range [...]struct{ field, text string }{
		{"kind", string(q.Kind)}, {"contains", q.Contains}, {"from", q.From}, {"to", q.To},
		{"after sort", q.After.Sort}, {"after id", q.After.ID},
	} {
		if !Storable(f.text) {
			return fmt.Errorf("query: %s %q: not valid text", f.field, f.text)
		}
	}
	for _, term := range q.Terms {
		if !Storable(term) {
			return fmt.Errorf("query: term %q: not valid text", term)
		}
	}
	return nil
}

// CheckLimit reports a limit below 1: it asks for nothing, which nobody means. Every driver calls it
// first in History and Changes.
func CheckLimit(limit int) error {
	if limit < 1 {
		return fmt.Errorf("limit %d: at least 1", limit)
	}
	return nil
}

func (d *Doc) check() error {
	if err := checkName("kind", string(d.Kind)); err != nil {
		return fmt.Errorf("%v: %w", d.Ref, err)
	}
	if err := checkName("id", d.ID); err != nil {
		return fmt.Errorf("%v: %w", d.Ref, err)
	}
	if err := checkKey("sort", d.Sort); err != nil {
		return fmt.Errorf("%v: %w", d.Ref, err)
	}
	for _, s := range d.Unique {
		if err := checkKey("unique", s); err != nil {
			return fmt.Errorf("%v: %w", d.Ref, err)
		}
	}
	for _, s := range d.Terms {
		if err := checkKey("term", s); err != nil {
			return fmt.Errorf("%v: %w", d.Ref, err)
		}
	}
	if !Storable(d.By) {
		return fmt.Errorf("%v: by %q: not valid text", d.Ref, d.By)
	}
	if !Storable(d.Note) {
		return fmt.Errorf("%v: note %q: not valid text", d.Ref, d.Note)
	}
	return nil
}

func checkName(field, s string) error {
	if s == "" {
		return fmt.Errorf("%s: required", field)
	}
	return checkText(field, s, MaxID)
}

func checkKey(field, s string) error { return checkText(field, s, MaxKey) }

func checkText(field, s string, most int) error {
	if len(s) > most {
		return fmt.Errorf("%s: %d bytes: at most %d", field, len(s), most)
	}
	if !Storable(s) {
		return fmt.Errorf("%s %q: not valid text", field, s)
	}
	return nil
}
