package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxPath is how long a whole path may be, in bytes: SQLite has room for 1,024, with what it puts behind it.
const maxPath = 1_000

// resolve returns the whole path of the file that a host names. SQLite would read other things from it: "file:…"
// and ":memory:" have meanings of their own, and a zero byte ends a name.
func resolve(path string) (string, error) {
	if path == "" {
		return "", errors.New("sqlite: path: required")
	}
	if strings.ContainsRune(path, 0) {
		return "", fmt.Errorf("sqlite: path %q: it has a zero byte", path)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("sqlite: path: %w", err)
	}
	// The log stands beside the file itself, wherever a link to it is.
	if linked, err := filepath.EvalSymlinks(full); err == nil {
		full = linked
	}
	if len(full) > maxPath {
		return "", fmt.Errorf("sqlite: path: %d bytes: at most %d", len(full), maxPath)
	}
	if info, err := os.Stat(full); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("sqlite: %s: %w: it is no ordinary file", full, ErrNotDatabase)
	}
	return full, nil
}

// syncFolder waits until the disk knows the names in the folder of a file: a revision that is on the disk, in a file
// that has no name there, is lost with the power. The driver waits for the files only.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can sync a folder, and then it need not
	return dir.Close()
}
