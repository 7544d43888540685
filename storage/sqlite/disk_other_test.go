//go:build !linux

package sqlite_test

import (
	"os"
	"testing"
)

func mount(t *testing.T, _ string) string {
	t.Helper()
	t.Skip("needs a small file system of its own, which this test can mount on Linux only")
	return ""
}

func remount(*testing.T, string, bool) {}

func free(*testing.T, string) int64 { return 0 }

// datasync waits for the disk.
func datasync(f *os.File) error { return f.Sync() }
