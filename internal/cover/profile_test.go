package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/layering"
	"github.com/sonajobs/sona/internal/tree"
)

const profile = `mode: set
github.com/sonajobs/sona/job/job.go:1.1,2.2 3 0
github.com/sonajobs/sona/job/job.go:3.1,4.2 1 1
github.com/sonajobs/sona/job/lint/lint.go:1.1,2.2 2 0
github.com/sonajobs/sona/job/job.go:1.1,2.2 3 0
github.com/sonajobs/sona/job/job.go:3.1,4.2 1 0
github.com/sonajobs/sona/job/lint/lint.go:1.1,2.2 2 5
`

func TestABlockRanWhenAnyTestRanIt(t *testing.T) {
	got, err := read(profile)
	require.NoError(t, err)
	require.Equal(t, map[string]count{"job": {4, 1}, "job/lint": {2, 2}}, got)
}

func TestABrokenProfileIsRefused(t *testing.T) {
	for _, text := range []string{"", "job.go:1.1,2.2 3 0", "mode: set\nnonsense", "mode: set\na b c", "mode: set\na.go:1.1,2.2 many 0"} {
		_, err := read(text)
		require.Error(t, err, "%q", text)
	}
}

func TestTheTableSumsThePackagesOfTheCore(t *testing.T) {
	counts, err := read(profile)
	require.NoError(t, err)
	var out strings.Builder
	total, err := write(&out, []layering.Entry{{Package: "job", Row: 1}, {Package: "job/lint", Row: 2}, {Package: "storage", Row: 6}}, counts)
	require.NoError(t, err)
	require.Equal(t, count{6, 3}, total)
	require.Empty(t, cmp.Diff(`row  package                      statements      ran         
  1  job                                   4        1   25.0 %
  2  job/lint                              2        2  100.0 %
  6  storage                               0        0  100.0 %
     total                                 6        3   50.0 %
`, out.String()))
}

func TestTheCoreIsWhatExistsOfTheLowerRows(t *testing.T) {
	source := &fstest.MapFile{Data: []byte("package p\n")}
	house, err := tree.Load(fstest.MapFS{
		"go.mod": source, "job/job.go": source, "storage/s_test.go": source, "runtime/httpapi/h.go": source, "internal/golden/g.go": source,
	})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]string{"job"}, func() (names []string) {
		for _, e := range core(house, layering.Table()) {
			names = append(names, e.Package)
		}
		return names
	}()))
}
