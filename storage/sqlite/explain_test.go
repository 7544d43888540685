package sqlite

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

// constants returns all constants of this package whose names begin with sql, from its source: none can be
// forgotten.
func constants(t *testing.T) map[string]string {
	t.Helper()
	exprs := map[string]ast.Expr{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, id := range spec.Names {
					if strings.HasPrefix(id.Name, "sql") && i < len(spec.Values) {
						exprs[id.Name] = spec.Values[i]
					}
				}
			}
			return true
		})
	}
	var value func(ast.Expr) string
	value = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(e.Value)
			require.NoError(t, err)
			return s
		case *ast.BinaryExpr:
			return value(e.X) + value(e.Y)
		case *ast.Ident:
			require.Contains(t, exprs, e.Name)
			return value(exprs[e.Name])
		}
		require.Fail(t, "no constant text", "%T", e)
		return ""
	}
	texts := map[string]string{}
	for name, e := range exprs {
		texts[name] = value(e)
	}
	return texts
}

// statements returns every statement that calls run, but for those without a plan.
func statements(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, text := range constants(t) {
		first, _, _ := strings.Cut(text, " ")
		switch first {
		case "SELECT", "INSERT", "UPDATE", "DELETE":
			all[name] = text
		case "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA":
		default:
			require.True(t, strings.HasPrefix(text, sqlRow), "%s is neither a statement nor a part of one: %s", name, text)
		}
	}
	for s, text := range texts {
		all[fmt.Sprintf("%+v", s)] = text
	}
	return all
}

func plan(t *testing.T, c *conn, sql string) string {
	t.Helper()
	st, _, err := c.db.Prepare("EXPLAIN QUERY PLAN " + sql)
	require.NoError(t, err, sql)
	defer func() { require.NoError(t, st.Close()) }()
	var lines []string
	for st.Step() {
		lines = append(lines, st.ColumnText(3))
	}
	require.NoError(t, st.Err())
	return strings.Join(lines, "\n")
}

func TestNoStatementScansSortsSkipsOrCounts(t *testing.T) { //nolint:tparallel // its parts follow each other
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sona.db")
	s, err := Open(path, Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var docs []storage.Doc
	for i := range 2_000 {
		docs = append(docs, storage.Doc{
			Ref: storage.Ref{Kind: storage.KindJob, ID: fmt.Sprint("j", i)}, Revision: 1, Sort: fmt.Sprint("name ", i),
			Terms: []string{"all", fmt.Sprint("tenth ", i%10)}, Unique: []string{fmt.Sprint(i)}, Value: []byte("{}"),
		})
	}
	require.NoError(t, s.Put(t.Context(), "acme", docs))
	all := statements(t)
	require.Greater(t, len(all), 100)

	check := func(t *testing.T) {
		c, err := s.connectReader(t.Context())
		require.NoError(t, err)
		defer c.discard()
		for name, sql := range all {
			for _, word := range []string{"OFFSET", "count(*)", "GROUP BY", "DISTINCT"} {
				require.NotContains(t, sql, word, name)
			}
			p := plan(t, c, sql)
			require.NotContains(t, p, "TEMP B-TREE", "%s: %s", name, sql)
			require.NotContains(t, p, "AUTOMATIC", "%s: %s", name, sql)
			for line := range strings.SplitSeq(p, "\n") {
				// FTS5 calls every use of it a scan; without a condition that it can use it says "0:".
				if _, index, virtual := strings.Cut(line, "VIRTUAL TABLE INDEX "); virtual {
					require.NotEqual(t, "0:", index, "%s: %s: %s", name, line, sql)
					continue
				}
				require.NotRegexp(t, `^SCAN \w`, strings.Replace(line, "SCAN CONSTANT ROW", "", 1), "%s: %s", name, sql)
			}
		}
	}
	t.Run("as the file is", check)
	t.Run("after somebody gave it statistics", func(t *testing.T) {
		c := <-s.writer
		require.NoError(t, c.db.Exec(`ANALYZE`))
		s.writer <- c
		check(t)
	})
}

func TestThePlansAreTheIndexesThatWereMadeForThem(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "sona.db"), Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	c, err := s.connectReader(t.Context())
	require.NoError(t, err)
	defer c.discard()
	for _, c2 := range []struct {
		sql  string
		want []string
	}{
		{sqlGet, []string{"SEARCH d USING PRIMARY KEY (shelf=? AND id=?)", "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"}},
		{texts[shape{lower: beyondKey, upper: atSort, rows: true}], []string{
			"SEARCH k USING COVERING INDEX doc_sort (shelf=? AND (sort,id)>(?,?) AND sort<?)",
			"SEARCH d USING PRIMARY KEY (shelf=? AND id=?)", "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
		}},
		{texts[shape{term: true, lower: beyondKey, rows: true}], []string{
			"SEARCH k USING PRIMARY KEY (shelf=? AND term=? AND (sort,id)>(?,?))",
			"SEARCH d USING PRIMARY KEY (shelf=? AND id=?)", "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
		}},
		{sqlChanges, []string{"SEARCH revision USING INDEX revision_feed (workspace=? AND rowid>?)"}},
		{sqlHistory, []string{"SEARCH r USING INDEX revision_doc (doc=? AND revision<?)"}},
		{sqlErase, []string{"SEARCH revision USING INDEX revision_doc (doc=? AND revision<?)"}},
		{sqlHead, []string{"SEARCH revision"}},
	} {
		require.Equal(t, strings.Join(c2.want, "\n"), plan(t, c, c2.sql), c2.sql)
	}
}
