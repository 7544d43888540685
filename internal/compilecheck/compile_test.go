package compilecheck_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/compilecheck"
	"github.com/sonajobs/sona/internal/tree"
)

func TestCompileSeesTheModuleAsAHostDoes(t *testing.T) {
	readTree(t)
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a program", "package main\n\nimport \"github.com/sonajobs/sona/job\"\n\nfunc main() { println(job.MaxName) }\n", nil},
		{"a package", "package p\n\nvar A = 1\n", nil},
		{"two mistakes", "package p\n\nvar a int = \"one\"\nvar b int = \"two\"\n", []string{"line 3: cannot use \"one\"", "line 4: cannot use \"two\""}},
		{"twice the same name", "package p\n\nvar a = 1\nvar a = 2\n", []string{"line 4: a redeclared"}},
		{"no Go", "package p\n\nfunc {\n", []string{"line 3: "}},
		{"an internal package", "package p\n\nimport _ \"github.com/sonajobs/sona/internal/tree\"\n", []string{"line 3: use of internal package"}},
		{"a package that does not exist", "package p\n\nimport _ \"github.com/sonajobs/sona/nowhere\"\n", []string{"line 3: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := compilecheck.Compile([]byte(tt.src))
			require.NoError(t, err)
			require.Len(t, got, len(tt.want), "%v", got)
			for i, want := range tt.want {
				require.Contains(t, got[i].String(), want)
			}
		})
	}
}

// readTree makes cached results depend on every file that a compiled program may import.
func readTree(t *testing.T) {
	t.Helper()
	_, err := tree.Here()
	require.NoError(t, err)
}
