package storagetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/storage"
)

// putBugs are broken in what they write.
var putBugs = []bug{
	{name: "lost update: no compare-and-set", caught: []string{
		"Put accepts the newest revision plus one, and no other",
		"Put leaves the text of the revision that won",
		"Concurrent: of 16 writers of one revision exactly one wins, and its text stays",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			docs = slices.Clone(docs)
			ahead := map[storage.Ref]int{}
			for i := range docs {
				ahead[docs[i].Ref]++
				docs[i].Revision = f.newest(ctx, ws, docs[i].Ref).Revision + ahead[docs[i].Ref]
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "lost update: a refused save looks like a good one", caught: []string{
		"Put accepts the newest revision plus one, and no other",
		"Concurrent: of 16 writers of one revision exactly one wins, and its text stays",
		"Concurrent: 16 writers who load the same revision and save until it is done lose no update",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if err := f.s.Put(ctx, ws, docs); !errors.Is(err, storage.ErrConflict) {
				return err
			}
			return nil
		}
	}},
	{name: "a conflict does not say where", caught: []string{
		"Put accepts revision 1 of a document that is new, and no other",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if err := f.s.Put(ctx, ws, docs); !errors.Is(err, storage.ErrConflict) {
				return err
			}
			return storage.ErrConflict
		}
	}},
	{name: "any revision of a new document is good", caught: []string{
		"Put accepts revision 1 of a document that is new, and no other",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			docs = slices.Clone(docs)
			for i, d := range docs {
				if f.newest(ctx, ws, d.Ref).Revision == 0 && len(docs) == 1 {
					docs[i].Revision = 1
				}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "one revision a Put", caught: []string{
		"Put appends successive revisions of one document in order",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			for i, d := range docs {
				if slices.ContainsFunc(docs[:i], func(e storage.Doc) bool { return e.Ref == d.Ref }) {
					return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
				}
			}
			return nil
		})
	}},
	{name: "a Put in the order of revisions", caught: []string{
		"Put of revisions in the wrong order is a conflict",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			docs = slices.Clone(docs)
			slices.SortStableFunc(docs, func(a, b storage.Doc) int { return a.Revision - b.Revision })
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "the last of one revision wins inside a Put", caught: []string{
		"Put of one revision twice is a conflict",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			var kept []storage.Doc
			for i, d := range docs {
				if !slices.ContainsFunc(docs[i+1:], func(e storage.Doc) bool { return e.Ref == d.Ref && e.Revision == d.Revision }) {
					kept = append(kept, d)
				}
			}
			return f.s.Put(ctx, ws, kept)
		}
	}},
	{name: "partial Put", caught: []string{
		"Put writes all or none when the last document is in conflict",
		"Put writes all or none when a document in the middle is taken",
		"Changes tells nothing of a Put that failed",
		"Tombstone: a Put that fails erases nothing",
		"Model: a random sequence of writes and reads is what a plain log does",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for i := range docs {
				if err := f.s.Put(ctx, ws, docs[i:i+1]); err != nil {
					return err
				}
			}
			return f.s.Put(ctx, ws, nil)
		}
	}},
	{name: "a Put that is cancelled in its middle stays there", caught: []string{
		"Cancelled: a context that ends during a Put leaves all of it or nothing",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if len(docs) < 2 {
				return f.s.Put(ctx, ws, docs)
			}
			if err := f.s.Put(ctx, ws, docs[:1]); err != nil {
				return err
			}
			for range 1_000 { // time for the context to end
				runtime.Gosched()
			}
			return f.s.Put(ctx, ws, docs[1:])
		}
	}},
	{name: "the last document that is refused decides", caught: []string{
		"Unique: the first document that is refused decides",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			err := f.s.Put(ctx, ws, docs)
			if last := len(docs) - 1; err != nil && last > 0 {
				return errors.Join(f.s.Put(ctx, ws, docs[last:]), storage.ErrConflict)
			}
			return err
		}
	}},
	{name: "a Put of nothing fails", caught: []string{
		"Put of nothing does nothing",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			if len(docs) == 0 {
				return errors.New("nothing to put")
			}
			return nil
		})
	}},
	{name: "a Put of nothing asks no context", caught: []string{
		"Cancelled: Put returns the context's error at once and writes nothing",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if len(docs) == 0 {
				return nil
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "at most 999 documents at once", caught: []string{
		"Put takes a thousand documents at once",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			if len(docs) > 999 {
				return errors.New("too many parameters")
			}
			return nil
		})
	}},
	{name: "bad text is repaired", caught: []string{
		"Put refuses what no driver accepts, and writes nothing",
	}, plant: func(f *fault) { f.in(repair) }},
	{name: "revisions before arguments", caught: []string{
		"Put refuses what no driver accepts before it looks at revisions",
	}, plant: func(f *fault) {
		f.refuse(func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if len(docs) > 1 && d.Revision > f.newest(ctx, ws, d.Ref).Revision+3 {
					return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
				}
			}
			return nil
		})
	}},
	{name: "a refused argument is a conflict", caught: []string{
		"Put refuses what no driver accepts, and writes nothing",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if err := storage.CheckPut(ws, docs); err != nil {
				return &storage.RefError{Ref: docs[0].Ref, Err: storage.ErrConflict}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "an empty value or key is refused", caught: []string{
		"Put keeps a document that has nothing but a name",
		"Order: a document whose Sort changes moves",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			if slices.ContainsFunc(docs, func(d storage.Doc) bool { return d.Sort == "" }) {
				return errors.New("sort must not be empty")
			}
			return nil
		})
	}},
	{name: "keys are cut", caught: []string{
		"Put accepts names and keys of the full length",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) { d.Sort = d.Sort[:min(len(d.Sort), 1_000)] })
	}},
	{name: "values are stored as a database likes them", caught: []string{
		"Put keeps values of a megabyte, and opaque bytes as they are",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			var compact bytes.Buffer
			if json.Compact(&compact, d.Value) == nil {
				d.Value = compact.Bytes()
			}
			d.Value, _, _ = bytes.Cut(d.Value, []byte{0})
		})
	}},
	{name: "times are kept to the millisecond", caught: []string{
		"Put keeps a time as an instant, in UTC, cut to the microsecond",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) { d.At = d.At.Truncate(time.Millisecond) })
	}},
	{name: "times before 1970 are not kept", caught: []string{
		"Put keeps a time as an instant, in UTC, cut to the microsecond",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) {
			if d.At.Unix() < 0 {
				d.At = time.Time{}
			}
		})
	}},
	{name: "times come back in the zone of the author", caught: []string{
		"Put keeps a time as an instant, in UTC, cut to the microsecond",
	}, plant: func(f *fault) {
		f.out(func(d *storage.Doc) { d.At = d.At.In(noon.Location()) })
	}},
	{name: "strings are trimmed", caught: []string{
		"Text: By, Note and Sort come back byte for byte",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) { d.Sort, d.By, d.Note = trim(d.Sort), trim(d.By), trim(d.Note) })
	}},
	{name: "the note is lost", caught: []string{
		"Put keeps every field of a revision",
	}, plant: func(f *fault) { f.in(func(d *storage.Doc) { d.Note = "" }) }},
	{name: "Put sorts the author's slices", caught: []string{
		"Slices: Put writes to none of those it was given",
	}, plant: func(f *fault) {
		f.in(func(d *storage.Doc) { slices.Sort(d.Terms); slices.Sort(d.Unique) })
	}},
	{name: "the first writers make the workspace twice", caught: []string{
		"Concurrent: the first Puts of a workspace are all kept",
	}, plant: func(f *fault) {
		came := map[storage.WorkspaceID]int{}
		others := func(ws storage.WorkspaceID, n int) int {
			f.mu.Lock()
			defer f.mu.Unlock()
			came[ws] += n
			return came[ws] - 1
		}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if others(ws, 1) == 0 {
				for range 1_000 { // time for the second
					runtime.Gosched()
				}
				if others(ws, 0) > 0 {
					return nil
				}
			}
			return f.s.Put(ctx, ws, docs)
		}
	}},
	{name: "a busy storage refuses writers", caught: []string{
		"Concurrent: writers of different documents do not refuse each other",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			if !f.mu.TryLock() {
				return errors.New("the database is locked")
			}
			defer f.mu.Unlock()
			defer runtime.Gosched()
			runtime.Gosched()
			return f.s.Put(ctx, ws, docs)
		}
	}},
}

func trim(s string) string { return strings.TrimSpace(s) }

// repair makes a document storable.
func repair(d *storage.Doc) {
	text := func(s string, most int) string {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
		return s[:min(len(s), most)]
	}
	d.Kind = storage.Kind(text(string(d.Kind), storage.MaxID))
	d.ID = text(d.ID, storage.MaxID)
	if d.Kind == "" {
		d.Kind = kind
	}
	if d.ID == "" {
		d.ID = "none"
	}
	d.Sort = text(d.Sort, storage.MaxKey)
	d.By, d.Note = text(d.By, storage.MaxKey), text(d.Note, storage.MaxKey)
	d.Unique, d.Terms = slices.Clone(d.Unique), slices.Clone(d.Terms)
	for _, list := range [][]string{d.Unique, d.Terms} {
		for i := range list {
			list[i] = text(list[i], storage.MaxKey)
		}
	}
}
