package compilecheck_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/compilecheck"
)

// TestMustFailIsNotFooled shows that each wrong reason to fail is seen.
func TestMustFailIsNotFooled(t *testing.T) {
	const bad = "\tn = \"one\" // want error: cannot use .* as int value\n"
	tests := []struct {
		name, src, want string
	}{
		{"the stated reason", "package p\n\nfunc f() int {\n\tvar n int\n" + bad + "\treturn n\n}\n", ""},
		{"it compiles", "package p\n\nfunc f() int {\n\tvar n int\n\tn = 1 // want error: cannot use\n\treturn n\n}\n",
			"line 5 compiles and must not"},
		{"another reason", "package p\n\nfunc f() int {\n\tvar n int\n\tn = undefined // want error: cannot use\n\treturn n\n}\n",
			`line 5 is refused for another reason than "cannot use": line 5: undefined: undefined`},
		{"another line", "package p\n\nfunc f() int {\n\tvar n int\n" + bad + "\treturn n + m\n}\n",
			"only line 5 may be refused: line 6: undefined: m"},
		{"the rest needs the line", "package p\n\nfunc f() int {\n\tn := g(\"one\") // want error: cannot use\n\treturn n\n}\n\nfunc g(n int) int { return n }\n",
			"without line 4 the rest must compile: line 5: undefined: n"},
		{"no mark", "package p\n", "no line is marked"},
		{"two marks", "package p\n\nvar a int = \"\" // want error: a\nvar b int = \"\" // want error: b\n", "lines 3 and 4 are marked"},
		{"a broken pattern", "package p\n\nvar a int = \"\" // want error: (\n", "line 3: error parsing regexp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := compilecheck.MustFail([]byte(tt.src))
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// TestWhatMustNotCompile holds mistakes that the types make impossible.
func TestWhatMustNotCompile(t *testing.T) {
	readTree(t)
	mustFail(t, "testdata/*.go")
}

func TestSeed_09_JobsAndKnowledgeCannotStandForEachOther(t *testing.T) {
	readTree(t)
	mustFail(t, "testdata/page_attached_as_job.go")
	mustFail(t, "testdata/job_attached_as_page.go")
}

// mustFail checks the programs that match, at least one.
func mustFail(t *testing.T, pattern string) {
	t.Helper()
	programs, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, programs, pattern)
	for _, program := range programs {
		t.Run(filepath.Base(program), func(t *testing.T) {
			src, err := os.ReadFile(program)
			require.NoError(t, err)
			require.NoError(t, compilecheck.MustFail(src))
		})
	}
}
