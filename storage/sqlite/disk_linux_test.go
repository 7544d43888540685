package sqlite_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// mount mounts a small file system in memory, where the system lets it.
func mount(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skip("needs a small file system of its own, mounted by root:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH))
		}
	})
	return dir
}

// remount lets what mount mounted be written to, or not.
func remount(t *testing.T, dir string, readOnly bool) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if readOnly {
		flags |= syscall.MS_RDONLY
	}
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", flags, "size=4m"))
}

// free returns how many bytes have room on a file system.
func free(t *testing.T, dir string) int64 {
	t.Helper()
	var fs syscall.Statfs_t
	require.NoError(t, syscall.Statfs(dir, &fs))
	return int64(fs.Bavail) * fs.Bsize
}

// datasync waits for the disk as SQLite does.
func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
