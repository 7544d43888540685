package sqlite

import (
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
// file of its own, on the disk when Backup returns, and [Open] opens it. A path that exists is refused, and
// nothing stands there before the copy is complete. The folder must be there.
//
// While it runs the write-ahead log cannot be taken into the file and grows with what is written.
func (s *Storage) Backup(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return fmt.Errorf("backup: %s: %w", path, err)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	part := full + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup: %w", err)
	}
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
	f, err := os.Open(part) //nolint:gosec // the host says where its backups go
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can sync a folder, and then it need not
	return dir.Close()
}
