package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// backupPages is how many pages are copied before the context is asked again.
const backupPages = 1_000

// Backup writes the file as it is at one moment to path, while others go on reading and writing. The copy is a
// file of its own, on the disk when Backup returns, and [Open] opens it. It may be read by whom the file may be read.
//
// A path that exists is refused, and so is one with -wal, -shm or -journal behind it: the rest of another file, which
// SQLite would take for a part of the copy. Nothing stands at path before the copy is complete. The folder must be
// there. A process that is killed meanwhile leaves a file whose name begins like path and ends in .part.
//
// While it runs the write-ahead log cannot be emptied and grows with what is written.
func (s *Storage) Backup(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	full, err := vacant(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	part, err := s.part(full)
	if err != nil {
		return fmt.Errorf("backup: %w", explain(ctx, full, err))
	}
	s.longReads.Add(1)
	defer s.longReads.Add(-1)
	err = s.consistently(ctx, func(c *conn) error {
		if _, err := c.version(); err != nil { // from here on the transaction sees one state
			return err
		}
		return c.copyTo(ctx, part)
	})
	if err == nil {
		err = publish(part, full)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("backup: %w", explain(ctx, full, err)), gone(part), gone(part+"-journal"))
	}
	return nil
}

// vacant returns the whole path of a file that is not there, and nothing that belongs to it.
func vacant(path string) (string, error) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if _, err := os.Lstat(path + end); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s: %w", path+end, cmp.Or(err, fs.ErrExist))
		}
	}
	return resolve(path)
}

// part makes an empty file beside the place where the copy will be, under a name that nobody else has.
func (s *Storage) part(full string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(full), filepath.Base(full)+".*.part")
	if err != nil {
		return "", err
	}
	info, err := os.Stat(s.path)
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func gone(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (c *conn) copyTo(ctx context.Context, path string) (err error) {
	b, err := c.db.BackupInit("main", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if done, err := b.Step(backupPages); done || err != nil {
			return err
		}
	}
}

// publish gives the complete file its name, and waits until the disk knows it by that.
func publish(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0) //nolint:gosec // the host says where its backups go
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a new name, takes nobody's place. Not every file system has links.
	switch err := os.Link(part, path); {
	case err == nil:
		err = os.Remove(part)
		if err != nil {
			return err
		}
	case errors.Is(err, fs.ErrExist):
		return err
	default:
		if _, err := vacant(path); err != nil {
			return err
		}
		if err := os.Rename(part, path); err != nil {
			return err
		}
	}
	return syncFolder(path)
}
