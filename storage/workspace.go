package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Workspace is one tenant's job library, call flows, Knowledge, settings and call records, with every
// rule of saving. It is a cheap handle; keep one per workspace, so that decoded revisions are shared. Safe
// for concurrent use.
type Workspace struct {
	storage Storage
	id      WorkspaceID
	author  string
	decoded *cache
}

// Open returns a handle on a workspace. It does no I/O: an unknown workspace is an empty one.
func Open(s Storage, id WorkspaceID) *Workspace {
	return &Workspace{storage: s, id: id, decoded: newCache(cacheBytes)}
}

// By returns a handle that writes author into every revision it makes. The two handles share what they
// have decoded.
func (w *Workspace) By(author string) *Workspace {
	by := *w
	by.author = job.CleanLine(author) // what every database can keep
	return &by
}

// ID returns which workspace it is.
func (w *Workspace) ID() WorkspaceID { return w.id }

// entity is what a workspace keeps decoded, because calls begin with it.
type entity interface {
	job.Job | callflow.Flow | knowledge.Page | callflow.Settings
}

// fetch reads the newest revisions of what is wanted, as one consistent read, and returns them decoded.
// What the cache holds in its newest revision is not sent again: Get tells the revision without the
// value. Absent and deleted documents are left out.
func (w *Workspace) fetch(ctx context.Context, refs ...Ref) (map[Ref]any, error) {
	want := make([]Want, len(refs))
	held := make(map[Ref]*cached, len(refs)) // kept aside: the cache may drop it before the answer is here
	for i, ref := range refs {
		want[i].Ref = ref
		if c := w.decoded.held(ref); c != nil {
			want[i].Have, held[ref] = c.revision, c
		}
	}
	docs, err := w.storage.Get(ctx, w.id, want)
	if err != nil {
		return nil, err
	}
	found := make(map[Ref]any, len(docs))
	for _, doc := range docs {
		if c := held[doc.Ref]; c != nil && c.revision == doc.Revision {
			found[doc.Ref] = c.value
			continue
		}
		value, err := w.decode(doc)
		if err != nil {
			return nil, err
		}
		found[doc.Ref] = value
	}
	return found, nil
}

// load reads the newest revision of one document; absent and deleted ones are ErrNotFound in a *RefError.
func load[T entity](ctx context.Context, w *Workspace, ref Ref) (T, error) {
	var none T
	found, err := w.fetch(ctx, ref)
	if err != nil {
		return none, err
	}
	value, ok := found[ref].(T)
	if !ok {
		return none, &RefError{Ref: ref, Err: ErrNotFound}
	}
	return value, nil
}

// decode turns a document into its value and keeps it. A document that cannot be read names itself in
// a *RefError; it hides no other.
func (w *Workspace) decode(doc Doc) (any, error) {
	value, err := w.decodeOnce(doc)
	if err == nil {
		w.decoded.put(doc.Ref, doc.Revision, value, len(doc.Value))
	}
	return value, err
}

// decodeOnce is decode for lists, old revisions and tombstones: it keeps nothing, so that reading
// through a large library does not push out what calls begin with.
func (w *Workspace) decodeOnce(doc Doc) (any, error) {
	if value, ok := w.decoded.get(doc.Ref, doc.Revision); ok {
		return value, nil
	}
	var (
		value any
		err   error
	)
	switch doc.Kind {
	case KindJob:
		value, err = decodeAs[job.Job](doc.Value)
	case KindFlow:
		value, err = decodeAs[callflow.Flow](doc.Value)
	case KindPage:
		value, err = decodeAs[knowledge.Page](doc.Value)
	case KindSettings:
		value, err = w.decodeSettings(doc)
	default:
		err = fmt.Errorf("kind %q has no decoder", doc.Kind)
	}
	if err != nil {
		return nil, &RefError{Ref: doc.Ref, Err: fmt.Errorf("revision %d cannot be read: %w", doc.Revision, err)}
	}
	return value, nil
}

// read is decodeOnce with the type of the value.
func read[T entity](w *Workspace, doc Doc) (T, error) {
	value, err := w.decodeOnce(doc)
	typed, _ := value.(T)
	return typed, err
}

func decodeAs[T any](raw []byte) (T, error) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err
}

// put writes documents and keeps nothing of them: the next read decodes what storage really holds.
func (w *Workspace) put(ctx context.Context, docs ...Doc) error {
	return w.storage.Put(ctx, w.id, docs)
}

// stamp is what the next save of a document with this newest revision is stamped with.
func (w *Workspace) stamp(newest int, note string) job.Stamp {
	// Microseconds: what every database keeps, so that a value read back equals the value saved.
	return job.Stamp{Revision: newest + 1, At: time.Now().UTC().Truncate(time.Microsecond), By: w.author, Note: job.Clean(note)}
}

// doc makes the document of one revision. The caller adds Unique and Terms.
func document(ref Ref, at job.Stamp, sort string, value json.Marshaler) (Doc, error) {
	raw, err := value.MarshalJSON()
	if err != nil {
		return Doc{}, &RefError{Ref: ref, Err: err}
	}
	return Doc{Ref: ref, Revision: at.Revision, At: at.At, By: at.By, Note: at.Note, Sort: sort, Value: raw}, nil
}
