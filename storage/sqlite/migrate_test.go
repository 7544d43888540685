package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"
)

func connected(t *testing.T, path string) *conn {
	t.Helper()
	c, err := connect(t.Context(), path, Options{}.withDefaults(), sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.close()) })
	return c
}

func TestAFileOfAnOlderVersionGetsTheStepsThatItLacks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sona.db")
	steps := []string{
		`CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)`,
		`ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 2`,
		`UPDATE a SET y = x + y`,
	}
	require.NoError(t, prepare(t.Context(), connected(t, path), steps[:1]))
	require.NoError(t, prepare(t.Context(), connected(t, path), steps))
	c := connected(t, path)
	require.NoError(t, prepare(t.Context(), c, steps))
	st := c.run(`SELECT sum(y) FROM a`)
	y, err := st.number()
	require.NoError(t, err)
	require.EqualValues(t, 3, y, "each step was done once")
	version, err := pragma(c, "user_version")
	require.NoError(t, err)
	require.EqualValues(t, 3, version)
}

func TestAStepThatFailsLeavesTheFileAsItWas(t *testing.T) {
	t.Parallel()
	c := connected(t, filepath.Join(t.TempDir(), "sona.db"))
	steps := []string{`CREATE TABLE a (x)`, `CREATE TABLE b (x)`, `CREATE TABLE a (x)`}
	require.NoError(t, prepare(t.Context(), c, steps[:1]))
	require.ErrorContains(t, prepare(t.Context(), c, steps), "migration 3")
	require.True(t, c.db.GetAutocommit())
	version, err := pragma(c, "user_version")
	require.NoError(t, err)
	require.EqualValues(t, 1, version)
	st := c.run(`SELECT count(*) FROM sqlite_schema WHERE name = 'b'`)
	n, err := st.number()
	require.NoError(t, err)
	require.Zero(t, n)
}
