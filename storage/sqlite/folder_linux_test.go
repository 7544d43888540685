package sqlite_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage/sqlite"
)

func init() { //nolint:gochecknoinits // a part of another process, which has no other place
	parts["open"] = sayHowItOpens
}

// sayHowItOpens opens a file and says how that went.
func sayHowItOpens(path, _ string, out io.Writer) error {
	s, err := sqlite.Open(path, fast)
	switch {
	case errors.Is(err, sqlite.ErrReadOnly):
		_, err = fmt.Fprint(out, "read only")
	case err != nil:
		_, err = fmt.Fprint(out, err)
	default:
		err = s.Close()
	}
	return err
}

// TestAUserWhoMayNotWriteIsToldSo opens files as a user without any rights, because root may write everywhere.
func TestAUserWhoMayNotWriteIsToldSo(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to become somebody else")
	}
	dir := t.TempDir()
	program, err := os.ReadFile(executable(t))
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "test"), program, 0o755))

	for name, c := range map[string]struct {
		folder, file os.FileMode
		want         string
	}{
		"folder and file": {0o755, 0o644, "read only"},
		"folder":          {0o755, 0o666, "read only"},
		"file":            {0o777, 0o644, "read only"},
		"not even read":   {0o777, 0o600, "read only"},
		"neither":         {0o777, 0o666, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(dir, name)
			require.NoError(t, os.Mkdir(folder, c.folder))
			require.NoError(t, os.Chmod(folder, c.folder))
			path := filepath.Join(folder, "sona.db")
			s := open(t, path, fast)
			put(t, s, doc("a", 1))
			require.NoError(t, s.Close())
			require.NoError(t, os.Chmod(path, c.file))
			p := prepareProcess(filepath.Join(dir, "test"), "open", path, "")
			p.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			p.Dir = "/"
			said, err := p.Output()
			require.NoError(t, err)
			require.Equal(t, c.want, string(said))
			require.Equal(t, 1, get(t, open(t, path, fast), "a").Revision)
		})
	}
}
