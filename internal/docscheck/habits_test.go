package docscheck_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/docscheck"
	"github.com/sonajobs/sona/internal/tree"
)

func TestHabits(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	for _, broken := range docscheck.Habits(house) {
		t.Error(broken)
	}
}

func TestHabitsAreCounted(t *testing.T) {
	long := strings.Repeat("\n", docscheck.MaxLines)
	tests := []struct {
		name, file, text string
		want             string
	}{
		{"a commented package", "job/job.go", "// Package job is one.\npackage job\n", ""},
		{"no comment", "job/job.go", "package job\n", "job: the package has no comment"},
		{"a comment about something else", "job/job.go", "// Copyright.\npackage job\n", "job: the package has no comment"},
		{"a commented command", "examples/a/main.go", "// Command a does it.\npackage main\n", ""},
		{"a command without", "examples/a/main.go", "package main\n", "examples/a: the package has no comment"},
		{"tests only", "job/job_test.go", "package job_test\n", ""},
		{"a long file", "job/job.go", "// Package job is one.\npackage job" + long + "\n", "job/job.go: 402 lines: at most 400"},
		{"a file just within", "job/job.go", "// Package job is one.\npackage job" + long[1:], ""},
		{"a long test", "job/job_test.go", "package job_test" + long + long, ""},
		{"a test that sleeps", "job/job_test.go", "package job_test\n\nfunc f() { time.Sleep(1) }\n", "job/job_test.go:3: time.Sleep in a test"},
		{"a test that sleeps in a bubble", "job/job_test.go", "package job_test\n\nfunc f() { synctest.Test(t, func(t *testing.T) { time.Sleep(1) }) }\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := docscheck.Habits(load(t, map[string]string{tt.file: tt.text}))
			if tt.want == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, got[0], tt.want)
		})
	}
}
