package storagetest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/sonajobs/sona/storage"
)

// uniqueBugs are broken in unique strings and tombstones.
var uniqueBugs = []bug{
	{name: "unique strings are not checked", caught: []string{
		"Unique: a string that another document holds is ErrTaken, which names the holder",
		"Unique: of 16 documents that ask for one string at once exactly one gets it",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) { d.Unique = nil })
	}},
	{name: "unique strings are not checked inside one Put", caught: []string{
		"Unique: a string that an earlier document of the same Put holds is ErrTaken",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			docs = slices.Clone(docs)
			for i, d := range docs {
				if slices.ContainsFunc(docs[:i], func(e storage.Doc) bool { return shares(e.Unique, d.Unique) }) {
					docs[i].Unique = nil
				}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "ErrTaken names the one who asks", caught: []string{
		"Unique: a string that another document holds is ErrTaken, which names the holder",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			err := f.s.Put(ctx, ws, docs)
			if errors.Is(err, storage.ErrTaken) {
				return &storage.RefError{Ref: docs[len(docs)-1].Ref, Err: storage.ErrTaken}
			}
			return err
		}
	}},
	{name: "unique strings are held for ever", caught: []string{
		"Unique: only the strings of the newest revision are held",
	}, plant: holders(false, func(h holder, d storage.Doc) bool {
		return h.ref.Kind == d.Kind
	})},
	{name: "a tombstone keeps the unique strings", caught: []string{
		"Unique: a deleted document holds nothing",
	}, plant: holders(true, func(h holder, d storage.Doc) bool {
		return h.ref.Kind == d.Kind
	})},
	{name: "unique strings are one for all kinds", caught: []string{
		"Unique: another kind may hold the same string",
	}, plant: holders(true, func(h holder, d storage.Doc) bool {
		return h.ref.Kind != d.Kind
	})},
	{name: "a tombstone asks for its unique strings", caught: []string{
		"Unique: a tombstone asks for nothing",
	}, plant: func(f *fault) {
		f.refuse(func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if d.Deleted {
					d.Deleted, d.ID, d.Revision = false, d.ID+" trial", 1
					listed, _ := f.s.List(ctx, ws, storage.Query{Kind: d.Kind, Limit: many})
					for _, l := range listed {
						if l.ID+" trial" != d.ID && shares(l.Unique, d.Unique) {
							return &storage.RefError{Ref: l.Ref, Err: storage.ErrTaken}
						}
					}
				}
			}
			return nil
		})
	}},
	{name: "unique strings are folded", caught: []string{
		"Unique: strings are compared byte for byte",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			d.Unique = slices.Clone(d.Unique)
			for i, s := range d.Unique {
				d.Unique[i] = strings.ToLower(trim(s))
			}
		})
	}},
	{name: "a string twice in one document is taken by itself", caught: []string{
		"Unique: a document may hold a string twice, and hold it on",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if len(set(d.Unique)) < len(d.Unique) {
					return &storage.RefError{Ref: d.Ref, Err: storage.ErrTaken}
				}
			}
			return nil
		})
	}},
	{name: "a document that comes back holds nothing", caught: []string{
		"Unique: a document that comes back holds its strings again, if they are free",
		"Tombstone: a later revision brings the document back",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			docs = slices.Clone(docs)
			for i, d := range docs {
				if f.newest(ctx, ws, d.Ref).Deleted {
					docs[i].Unique, docs[i].Terms = nil, nil
				}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "taken before conflict", caught: []string{
		"Unique: a document that is both in conflict and taken is in conflict",
		"Unique: one Put hands a string over if the giver stands first",
	}, plant: func(f *fault) {
		f.refuse(func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				listed, _ := f.s.List(ctx, ws, storage.Query{Kind: d.Kind, Limit: many})
				for _, l := range listed {
					if l.ID != d.ID && !d.Deleted && shares(l.Unique, d.Unique) {
						return &storage.RefError{Ref: l.Ref, Err: storage.ErrTaken}
					}
				}
			}
			return nil
		})
	}},
	{name: "tombstones do not count", caught: []string{
		"Tombstone: it counts as a revision",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			docs = slices.Clone(docs)
			for i, d := range docs {
				if n := f.newest(ctx, ws, d.Ref); n.Deleted {
					docs[i].Revision = n.Revision + 1
				}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "what is deleted stays deleted", caught: []string{
		"Tombstone: a later revision brings the document back",
		"Tombstone: it may be the first revision, and one may follow another",
		"List leaves out what is deleted, until it comes back",
	}, plant: func(f *fault) {
		f.refuse(func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if f.newest(ctx, ws, d.Ref).Deleted {
					return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
				}
			}
			return nil
		})
	}},
	{name: "every tombstone erases", caught: []string{
		"Tombstone: one with a value keeps the history",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			if d.Deleted {
				d.Value = nil
			}
		})
	}},
	{name: "no tombstone erases", caught: []string{
		"Tombstone: one without a value erases the values of all earlier revisions, and nothing else",
		"Tombstone: what is already deleted can still be erased",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			if d.Deleted && len(d.Value) == 0 {
				d.Value = []byte("erased")
			}
		})
		f.out(func(d *storage.Doc) {
			if string(d.Value) == "erased" {
				d.Value = nil
			}
		})
	}},
	{name: "only nil erases, not what is empty", caught: []string{
		"Tombstone: an empty value erases as nil does",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			if d.Deleted && d.Value != nil && len(d.Value) == 0 {
				d.Value = []byte(" ")
			}
		})
	}},
	{name: "an erasure takes more than the values", caught: []string{
		"Tombstone: one without a value erases the values of all earlier revisions, and nothing else",
	}, plant: func(f *fault) {
		f.out(func(d *storage.Doc) {
			if len(d.Value) == 0 {
				d.Terms, d.Unique, d.Note = nil, nil, ""
			}
		})
	}},
	{name: "an erasure takes what comes after it, too", caught: []string{
		"Tombstone: one Put may write and erase",
		"Tombstone: what comes after an erasure is kept",
	}, plant: pastBy(func(docs []storage.Doc) {
		if slices.ContainsFunc(docs, func(d storage.Doc) bool { return d.Deleted && len(d.Value) == 0 }) {
			for i := range docs {
				docs[i].Value = nil
			}
		}
	})},
	{name: "any revision without a value erases", caught: []string{
		"Tombstone: a revision without a value that deletes nothing erases nothing",
	}, plant: pastBy(func(docs []storage.Doc) {
		erase := false
		for i := range docs {
			if erase {
				docs[i].Value = nil
			}
			erase = erase || len(docs[i].Value) == 0
		}
	})},
	{name: "a Put that fails erases", caught: []string{
		"Tombstone: a Put that fails erases nothing",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			err := f.s.Put(ctx, ws, docs)
			if err != nil && len(docs) > 0 && docs[0].Deleted {
				return errors.Join(err, f.s.Put(ctx, ws, docs[:1]))
			}
			return err
		}
	}},
}

// holder is a document that holds a unique string.
type holder struct {
	ws  storage.WorkspaceID
	ref storage.Ref
}

// holders returns a bug that remembers who holds which string, forgets too little, and refuses those that
// clash.
func holders(revisions bool, clash func(holder, storage.Doc) bool) func(*fault) {
	return func(f *fault) {
		held := map[string][]holder{}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			for _, d := range docs {
				for _, s := range d.Unique {
					for _, h := range held[s] {
						if h.ws == ws && h.ref != d.Ref && !d.Deleted && clash(h, d) {
							return &storage.RefError{Ref: h.ref, Err: storage.ErrTaken}
						}
					}
				}
			}
			err := f.s.Put(ctx, ws, docs)
			for _, d := range docs {
				if err != nil {
					break
				}
				mine := holder{ws, d.Ref}
				for s := range held {
					if revisions && !d.Deleted { // a new revision gives free, a tombstone does not
						held[s] = slices.DeleteFunc(held[s], func(h holder) bool { return h == mine })
					}
				}
				for _, s := range d.Unique {
					held[s] = append(held[s], mine)
				}
			}
			return err
		}
	}
}

// pastBy returns a bug that changes what History returns.
func pastBy(change func([]storage.Doc)) func(*fault) {
	return func(f *fault) {
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			change(docs)
			return docs, err
		}
	}
}

func set(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return set
}
