package storage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestStorable(t *testing.T) {
	for _, s := range []string{"", "a", "日本", "\n\t\x01\x7f", "\ufffd", "\U0010ffff", "e\u0301"} {
		require.True(t, storage.Storable(s), "%q", s)
	}
	for _, s := range []string{"\x00", "a\x00b", "\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"} {
		require.False(t, storage.Storable(s), "%q", s)
	}
}

func TestCheckPutNamesTheDocumentAndTheField(t *testing.T) {
	good := storage.Doc{Ref: storage.Ref{Kind: storage.KindJob, ID: "j1"}, Sort: "name", Unique: []string{"u"}, Terms: []string{"t"}}
	long := strings.Repeat("é", storage.MaxKey/2) + "!"
	for _, c := range []struct {
		change func(*storage.Doc)
		want   string
	}{
		{func(d *storage.Doc) { d.Kind = "" }, ` "j1": kind: required`},
		{func(d *storage.Doc) { d.ID = "" }, `job "": id: required`},
		{func(d *storage.Doc) { d.ID = strings.Repeat("i", 256) }, `job "` + strings.Repeat("i", 256) + `": id: 256 bytes: at most 255`},
		{func(d *storage.Doc) { d.Sort = long }, `job "j1": sort: 1025 bytes: at most 1024`},
		{func(d *storage.Doc) { d.Unique = []string{"u", long} }, `job "j1": unique: 1025 bytes: at most 1024`},
		{func(d *storage.Doc) { d.Terms = []string{long} }, `job "j1": term: 1025 bytes: at most 1024`},
		{func(d *storage.Doc) { d.Terms = []string{"\xff"} }, `job "j1": term "\xff": not valid text`},
		{func(d *storage.Doc) { d.Sort = "a\x00" }, `job "j1": sort "a\x00": not valid text`},
		{func(d *storage.Doc) { d.By = "\xff" }, `job "j1": by "\xff": not valid text`},
		{func(d *storage.Doc) { d.Note = "\x00" }, `job "j1": note "\x00": not valid text`},
		{func(*storage.Doc) {}, ""},
		{func(d *storage.Doc) { d.Sort = long[:storage.MaxKey]; d.Value = []byte("\x00\xff"); d.Revision = -1 }, ""},
		{func(d *storage.Doc) { d.Note = strings.Repeat("long ", 10_000) }, ""},
	} {
		d := good
		c.change(&d)
		message(t, c.want, storage.CheckPut("acme", []storage.Doc{good, d}))
	}
	message(t, "workspace: required", storage.CheckPut("", []storage.Doc{good}))
	message(t, `workspace "\xff": not valid text`, storage.CheckPut("\xff", []storage.Doc{good}))
	message(t, "", storage.CheckPut("", nil))
}

func TestCheckQuerySaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		query storage.Query
		want  string
	}{
		{storage.Query{Kind: "job", Limit: 1}, ""},
		{storage.Query{Limit: 1}, ""},
		{storage.Query{Kind: "job"}, "limit 0: at least 1"},
		{storage.Query{Kind: "job", Limit: -3}, "limit -3: at least 1"},
		{storage.Query{Kind: "\xff", Limit: 1}, `query: kind "\xff": not valid text`},
		{storage.Query{Contains: "\xff", Limit: 1}, `query: contains "\xff": not valid text`},
		{storage.Query{From: "\x00", Limit: 1}, `query: from "\x00": not valid text`},
		{storage.Query{To: "\xff", Limit: 1}, `query: to "\xff": not valid text`},
		{storage.Query{Terms: []string{"a", "\xff"}, Limit: 1}, `query: term "\xff": not valid text`},
		{storage.Query{After: storage.Key{Sort: "\xff"}, Limit: 1}, `query: after sort "\xff": not valid text`},
		{storage.Query{After: storage.Key{ID: "\xff"}, Limit: 1}, `query: after id "\xff": not valid text`},
	} {
		message(t, c.want, storage.CheckQuery(c.query))
	}
}

func message(t *testing.T, want string, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.EqualError(t, err, want)
}
