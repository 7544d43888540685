package storage

import (
	"context"
	"fmt"
	"time"
)

// WorkspaceID names one tenant. It is opaque, never empty, and at most [MaxID] bytes.
type WorkspaceID string

// Kind says what sort of document a [Doc] is. To a driver it is a name and nothing more.
type Kind string

// The kinds that the Workspace stores.
const (
	KindJob      Kind = "job"
	KindFlow     Kind = "flow"
	KindPage     Kind = "page"
	KindCall     Kind = "call"
	KindSettings Kind = "settings"
)

// Ref names one document inside a workspace. The same ID in two kinds is two documents.
type Ref struct {
	Kind Kind
	ID   string
}

// String returns the ref as messages show it: job "j1".
func (r Ref) String() string { return fmt.Sprintf("%s %q", r.Kind, r.ID) }

// Seq is a place in the feed of changes of one workspace. It is above 0, so 0 stands before the first
// change. The numbers rise; they need not be dense, and those of two workspaces cannot be compared.
type Seq int64

// Key is a place in the order of [Storage.List]: by Sort, equal ones by ID, both compared as bytes. The
// zero Key is no place: a list that starts after it starts at its beginning.
type Key struct {
	Sort string
	ID   string
}

// Want asks for the newest revision of one document.
type Want struct {
	Ref
	Have int // the revision that the asker already holds, 0 for none
}

// Doc is one revision of one document. A revision is made by [Storage.Put] and never changes, but that
// an erasing tombstone takes the Value of those before it.
//
// To a driver the strings mean nothing. For its author, who wonders what to make fast, this is what the
// [Workspace] puts in:
//
//	kind      Sort                     Unique              Terms
//	job       folded name              -                   -
//	page      folded title             -                   -
//	flow      folded name              live:<number>,      number:<number>, draft:<job>, draft-page:<page>;
//	                                   once published      once published live-number:<number>, live:<job>,
//	                                                       live-page:<page>
//	call      start, fixed width, UTC  -                   flow:<flow>, live or test, and as far as it is known
//	                                                       job:<job>, job:<job>@<revision> of each job used,
//	                                                       outcome:<kind>, caller:<keyed hash of the number>;
//	                                                       open while it or its summary is in progress
//	settings  empty                    -                   -; one document, with the ID settings
//
// Query.Contains is asked of jobs and pages only; From, To and Reverse of calls only. The reach of an edit, the
// flow of a number and the calls that used a revision of a job are a List by one or two terms each. A call start
// is one Get of some twenty documents, nearly always with nothing to send, and one Put.
type Doc struct {
	Ref
	Revision int       // 1, 2, 3 … without a gap
	At       time.Time // when it was made, as the author's side says; an instant: read back in UTC, cut to the microsecond
	By       string    // who made it; free text
	Note     string    // what the author said about it; free text
	Deleted  bool      // a tombstone: the document is deleted from this revision on

	// Sort is the place of the document in lists. Only the newest revision's counts.
	Sort string

	// Unique are strings that no two undeleted documents of one kind and workspace may hold at a time.
	// A set: order and repeats mean nothing. Only the newest revision's are held, a tombstone holds none.
	Unique []string

	// Terms are what [Storage.List] finds the document by, each as a whole. A set, as Unique. Only the
	// newest revision's find, a tombstone's do not.
	Terms []string

	// Value is the document. By convention it is JSON, to a driver it is opaque bytes, kept byte for
	// byte. Nil and empty are the same.
	Value []byte
}

// Key returns the place of the document in lists.
func (d Doc) Key() Key { return Key{Sort: d.Sort, ID: d.ID} }

// Query selects documents for [Storage.List]. All its conditions must hold; the zero value of a
// condition asks for nothing.
type Query struct {
	Kind     Kind     // required: a list is of one kind
	Terms    []string // the document has all of these
	Contains string   // Sort has this inside, byte for byte; no character is a wildcard
	From     string   // Sort is this or above
	To       string   // Sort is below this; "" is no bound
	After    Key      // the place to go on from, itself excluded; it need not belong to a document
	Reverse  bool     // from the highest key down; After is then the key to stay below
	Limit    int      // at most so many documents; at least 1
}

// Change tells that one revision was put.
type Change struct {
	Seq      Seq
	Ref      Ref
	Revision int
	Deleted  bool      // the revision is a tombstone
	At       time.Time // the revision's own
	By       string    // the revision's own
}

// Storage keeps revisions of documents. It knows nothing of jobs: workspace, kind, ID, revision, sort
// key, unique strings and terms are all it sees. What follows is the whole contract; storagetest has a
// case for each sentence of it.
//
// For every method:
//
//   - It is safe for concurrent use by many goroutines, and by many processes if the medium is shared.
//   - It returns ctx.Err(), perhaps wrapped, promptly when ctx ends, and at once when ctx has ended
//     before the call, even if there is nothing to do.
//   - It sees and touches only ws. An unknown workspace is an empty one; the first Put makes it.
//   - It neither keeps nor hands out a slice that the other side may write to.
//   - A Put that returned nil is seen by every later read of any method, and so is every revision that
//     Changes has told of.
//   - A read of a name that no Put accepts (see [CheckPut]) finds nothing, and that is no error.
//   - A limit below 1 is an error, and so is a query that [CheckQuery] refuses.
//   - Errors of its own (network, disk, a refused argument) match none of the sentinels of this package.
//
// All strings are compared byte for byte: "a" is not "A", é as one code point is not é as two, and U+FFFD
// sorts below U+10000. No language's collation has a say.
type Storage interface {
	// Get returns the newest revisions of what is wanted, as one consistent read in one round trip: of
	// documents that one Put wrote it sees all or none. The order is the driver's. Absence and deletion
	// are no error, they are left out. A document wanted twice is answered once.
	//
	// Where the newest revision is Have, Value may be nil: a revision never changes, so the asker's copy
	// is good. In every other case (Have is older, 0, or above the newest) Value is there, as it is when
	// only one of two wants for a document has the newest. All other fields are always there.
	Get(ctx context.Context, ws WorkspaceID, want []Want) ([]Doc, error)

	// List returns the first Limit of the newest, undeleted revisions that q selects: those of Kind that
	// have all Terms, whose Sort contains Contains and lies in [From, To), strictly after After in the
	// order of [Key]; Reverse turns the order and the meaning of After. Fewer than Limit are returned
	// only if there are no more.
	//
	// Paging is by key: a page that starts after the last key of the one before repeats and skips no
	// document that kept its key, whatever is put meanwhile.
	List(ctx context.Context, ws WorkspaceID, q Query) ([]Doc, error)

	// History returns the revisions of ref that are below before, newest first, at most limit of them,
	// tombstones included, each as it was put. A before of 0 or less asks for all. The history of what
	// was never put is empty.
	History(ctx context.Context, ws WorkspaceID, ref Ref, before, limit int) ([]Doc, error)

	// Put appends revisions and their changes in one transaction: all or none, in order, each judged by
	// what the ones before it left. So one Put may hold two successive revisions of a document, and may
	// hand a unique string from one document to another, if the giver stands first. A Put of nothing
	// does nothing.
	//
	// A document must be revision newest+1 (1 if there is none; tombstones count), else ErrConflict. Then
	// no other undeleted document of its kind and workspace may hold one of its Unique strings, else
	// ErrTaken. Both come in a *RefError, which names the document that is in conflict, or the one that
	// holds the string. Documents that [CheckPut] refuses are refused before either.
	//
	// A tombstone is a revision with Deleted set. It is the newest revision like any other, but Get and
	// List leave the document out, and its unique strings are free. A later revision brings the document
	// back. The first revision may be a tombstone, and one may follow another. A tombstone with a Value
	// keeps the history; one without erases the Values of all earlier revisions of the document, which
	// History then returns without them. Nothing else of a revision is erased.
	//
	// When the error is one of the sentinels, a refused argument, or that of a ctx that had ended before
	// the call, nothing was written. After any other error all was written or nothing, and reading tells.
	Put(ctx context.Context, ws WorkspaceID, docs []Doc) error

	// Changes returns what was put with a Seq above after, in rising order, at most limit: one change for
	// each revision, those of one Put in its order. A Seq is never used twice, and none appears below one
	// that was already returned, so that a reader who goes on after the last Seq that it saw misses
	// nothing. At the end it returns nothing and does not wait.
	Changes(ctx context.Context, ws WorkspaceID, after Seq, limit int) ([]Change, error)
}
