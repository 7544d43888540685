package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/ncruces/go-sqlite3"

	"github.com/sonajobs/sona/storage"
)

// The sentinels of this package. Every error of the file carries one of them, or is a *[SchemaError], or is
// rare enough to be SQLite's own; none of them matches a sentinel of package storage.
var (
	// ErrClosed: Close was called.
	ErrClosed = errors.New("closed")
	// ErrBusy: another process kept the file to itself for longer than Options.BusyTimeout. Nothing was
	// written; try again.
	ErrBusy = errors.New("busy: another process is writing")
	// ErrFull: the disk is full. Nothing was written; make room and try again.
	ErrFull = errors.New("disk full")
	// ErrReadOnly: the file or its folder cannot be written to.
	ErrReadOnly = errors.New("read only")
	// ErrNotDatabase: the path is not one of our files: a folder, another format, another program's database.
	ErrNotDatabase = errors.New("not a database of this library")
	// ErrCorrupt: something in the file is damaged. Check says what.
	ErrCorrupt = errors.New("damaged")
)

// SchemaError is returned by Open for a file that a newer version of this package has written, and by Put
// when a newer version takes the file over while it is open. The file was not touched; use the newer version.
type SchemaError struct {
	Have int // the version of the file
	Want int // the highest version that this package knows
}

// Error returns a message like: schema 7: this version reads up to 1.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("schema %d: this version reads up to %d", e.Have, e.Want)
}

// CorruptError names one revision that is damaged. Revision is 0 where the whole document is meant. It
// matches ErrCorrupt.
type CorruptError struct {
	Workspace storage.WorkspaceID
	Ref       storage.Ref
	Revision  int
	Why       string
}

// Error returns a message like: workspace "acme": job "j1" revision 3: damaged: the value is not as it was put.
func (e *CorruptError) Error() string {
	where := fmt.Sprintf("workspace %q: %v", e.Workspace, e.Ref)
	if e.Revision > 0 {
		where += fmt.Sprintf(" revision %d", e.Revision)
	}
	return fmt.Sprintf("%s: %v: %s", where, ErrCorrupt, e.Why)
}

// Unwrap returns ErrCorrupt.
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

// sentinels says which of ours is meant by which of SQLite's.
var sentinels = []struct {
	code sqlite3.ErrorCode
	is   error
}{
	{sqlite3.BUSY, ErrBusy},
	{sqlite3.PROTOCOL, ErrBusy},
	{sqlite3.LOCKED, ErrBusy},
	{sqlite3.FULL, ErrFull},
	{sqlite3.READONLY, ErrReadOnly},
	{sqlite3.NOTADB, ErrNotDatabase},
	{sqlite3.CORRUPT, ErrCorrupt},
}

// explain turns an error of SQLite about the file at path into one of ours. A ctx that ended explains an
// interrupt.
func explain(ctx context.Context, path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sqlite3.INTERRUPT), busy(err):
		if ended := ctx.Err(); ended != nil {
			return ended
		}
	case errors.Is(err, ErrFull):
		return err
	case noRoom(err), errors.Is(err, sqlite3.IOERR) && noRoom(probe(filepath.Dir(path))):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	for _, s := range sentinels {
		if errors.Is(err, s.code) && !errors.Is(err, s.is) {
			return fmt.Errorf("%w: %w", s.is, err)
		}
	}
	return err
}

func noRoom(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// probe tries to write to a folder. The file system under SQLite tells that something failed, but not always why.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, "sona-probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// busy reports whether others are in the way.
func busy(err error) bool { return errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.PROTOCOL) }

// damaged reports whether err says that a page of the file cannot be read as what it should be.
func damaged(err error) bool { return errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, ErrCorrupt) }
