package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/output.golden")

// now is the one line of the output that is another one each time.
var now = regexp.MustCompile(`(?m)^Now: .+$`)

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if n := len(now.FindAll(out.Bytes(), -1)); n != 1 {
		t.Errorf("%d lines tell the time, not 1", n)
	}
	got := now.ReplaceAll(out.Bytes(), []byte("Now: …"))

	golden := filepath.Join("testdata", "output.golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := at(gotLines, i), at(wantLines, i)
		if g != w {
			t.Fatalf("line %d of the output:\n got: %s\nwant: %s\nIf that is right: go test ./quickstart -update", i+1, g, w)
		}
	}
}

// at returns a line, or what stands in its place behind the end.
func at(lines [][]byte, i int) string {
	if i >= len(lines) {
		return "(the end)"
	}
	return string(lines[i])
}
