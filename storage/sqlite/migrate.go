package sqlite

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the files of this package in their header: "sona".
const applicationID = 0x736f6e61

// migrations returns the steps from one schema to the next: the first makes schema 1 of an empty file. A step
// that was released never changes.
func migrations() []string {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic(err)
	}
	steps := make([]string, len(names)) // sorted by name
	for i, name := range names {
		if !strings.HasPrefix(name, fmt.Sprintf("migrations/%04d_", i+1)) {
			panic(fmt.Sprintf("migration %s is not number %d", name, i+1))
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		steps[i] = string(text)
	}
	return steps
}

// prepare makes sure that the file is ours and has the schema of this version. It may run in many processes
// at once: one migrates, the others wait and then find nothing to do. SQLite does not wait for everybody by
// itself: what is busy is to be prepared again.
func prepare(ctx context.Context, c *conn, steps []string) error {
	ready := false
	err := c.transact(ctx, sqlBegin, func() (err error) {
		ready, err = recognize(c, len(steps))
		return err
	})
	if err != nil {
		return err
	}
	// Readers and the writer do not wait for each other only in this mode. It stays with the file.
	mode := ""
	err = c.interruptible(ctx, func() error {
		st := c.run(`PRAGMA journal_mode = WAL`)
		if st.next() {
			mode = st.ColumnText(0)
		}
		return st.done()
	})
	if err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode %q: this file system cannot share memory between processes", mode)
	}
	if ready {
		return nil
	}
	return c.transact(ctx, sqlWrite, func() error { return migrate(c, steps) })
}

// recognize reports whether the file has the schema already. A file that is not ours or too new is an error. It
// runs in a transaction: somebody may be making the file.
func recognize(c *conn, want int) (bool, error) {
	id, err := pragma(c, "application_id")
	if err != nil {
		return false, err
	}
	version, err := pragma(c, "user_version")
	if err != nil {
		return false, err
	}
	st := c.run(`SELECT EXISTS (SELECT 1 FROM sqlite_schema)`)
	filled, err := st.number()
	switch {
	case err != nil:
		return false, err
	case id == 0 && version == 0 && filled == 0:
		return false, nil // new
	case id != applicationID:
		return false, fmt.Errorf("%w: it has tables of another program", ErrNotDatabase)
	case version > int64(want):
		return false, &SchemaError{Have: int(version), Want: want}
	default:
		return version == int64(want), nil
	}
}

// migrate does the steps that the file lacks, all or none.
func migrate(c *conn, steps []string) error {
	ready, err := recognize(c, len(steps)) // others may have been faster
	if err != nil || ready {
		return err
	}
	version, err := pragma(c, "user_version")
	if err != nil {
		return err
	}
	for i, step := range steps {
		if i < int(version) {
			continue
		}
		if err := c.db.Exec(step); err != nil {
			return fmt.Errorf("migration %d: %w", i+1, err)
		}
	}
	return c.db.Exec(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, len(steps)))
}

func pragma(c *conn, name string) (int64, error) {
	st := c.run(`PRAGMA ` + name)
	return st.number()
}

// sameSchema is asked in every write transaction: a newer version may have taken the file over meanwhile, and
// would not recognize what this one writes.
func sameSchema(c *conn, want int) error {
	version, err := pragma(c, "user_version")
	if err == nil && version != int64(want) {
		err = &SchemaError{Have: int(version), Want: want}
	}
	return err
}
