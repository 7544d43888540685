package storagetest

import (
	"fmt"
	"time"

	"github.com/sonajobs/sona/storage"
)

// The documents of the cases. Most cases use one kind, and a limit that none of them reaches.
const (
	kind      storage.Kind = "job"
	otherKind storage.Kind = "page"
	many                   = 100_000
)

// noon is when the documents of the cases were made: finer than any database keeps, and not in UTC.
var noon = time.Date(2026, 3, 29, 12, 0, 0, 123_456_789, time.FixedZone("somewhere", 3600))

func ref(id string) storage.Ref { return storage.Ref{Kind: kind, ID: id} }

func refOf(k storage.Kind, id string) storage.Ref { return storage.Ref{Kind: k, ID: id} }

// doc returns one revision of the document id, sorted by its ID, with a value that no other revision has.
func doc(id string, revision int) storage.Doc {
	return storage.Doc{
		Ref:      ref(id),
		Revision: revision,
		At:       noon.Add(time.Duration(revision) * time.Hour),
		By:       "ann",
		Note:     fmt.Sprintf("note %d", revision),
		Sort:     id,
		Value:    fmt.Appendf(nil, `{"id":%q,"revision":%d}`, id, revision),
	}
}

// tombstone returns a revision that deletes the document and keeps its history.
func tombstone(id string, revision int) storage.Doc {
	d := doc(id, revision)
	d.Deleted = true
	return d
}

// erasure returns a tombstone that takes all earlier values with it.
func erasure(id string, revision int) storage.Doc { //nolint:unparam // beside tombstone(id, revision) it reads as its sibling
	return erased(tombstone(id, revision))
}

// erased returns what an erasing tombstone leaves of a revision.
func erased(d storage.Doc) storage.Doc {
	d.Value = nil
	return d
}

func unique(d storage.Doc, strings ...string) storage.Doc {
	d.Unique = strings
	return d
}

func terms(d storage.Doc, terms ...string) storage.Doc {
	d.Terms = terms
	return d
}

func sorted(d storage.Doc, sort string) storage.Doc {
	d.Sort = sort
	return d
}

func kinded(d storage.Doc, k storage.Kind) storage.Doc {
	d.Kind = k
	return d
}

// value returns d with another text, for authors who write the same revision.
func value(d storage.Doc, text string) storage.Doc {
	d.Value = []byte(text)
	return d
}

// series returns the first revisions of n documents whose keys rise: prefix0000, prefix0001 and so on.
func series(prefix string, n int) []storage.Doc {
	docs := make([]storage.Doc, n)
	for i := range docs {
		docs[i] = doc(fmt.Sprintf("%s%04d", prefix, i), 1)
	}
	return docs
}
