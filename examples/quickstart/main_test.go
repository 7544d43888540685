package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
	"github.com/sonajobs/sona/storage/sqlite"
)

var update = flag.Bool("update", false, "rewrite testdata/output.golden")

// now is the one line of the output that is another one each time.
var now = regexp.MustCompile(`(?m)^Now: .+$`)

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	if err := runOn(t.Context(), &out, ""); err != nil {
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

// again is what only a run on a file that holds everything says.
const again = "Found again, as it was kept. Nothing new is saved.\n- job \"Take a message\", revision 1, saved by ann\n"

func TestARunOnAFileFindsWhatTheRunBeforeSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sona.db")
	said := func(db string) string {
		t.Helper()
		var out bytes.Buffer
		if err := runOn(t.Context(), &out, db); err != nil {
			t.Fatal(err)
		}
		return string(now.ReplaceAll(out.Bytes(), nil))
	}
	first := said(path)
	if memory := said(""); first != memory {
		t.Errorf("on a new file it says\n%s\nwithout one\n%s", first, memory)
	}
	before := changes(t, path)
	for range 2 {
		if second := said(path); second != again+first {
			t.Errorf("the next run says\n%s\nafter\n%s", second, first)
		}
	}
	if after := changes(t, path); after != before {
		t.Errorf("the next runs saved %d things", after-before)
	}
}

func TestARunThatWasEndedHalfwayIsTakenUp(t *testing.T) {
	for puts := range 12 {
		s := &ending{Storage: memory.New(), left: puts}
		var out bytes.Buffer
		err := run(t.Context(), &out, s)
		if err == nil {
			if puts < 5 {
				t.Errorf("it saved %d times only", puts)
			}
			return
		}
		if !errors.Is(err, errEnded) {
			t.Fatal(err)
		}
		s.left = 100
		if err := run(t.Context(), &out, s); err != nil {
			t.Fatalf("after %d: %v", puts, err)
		}
		out.Reset()
		if err := run(t.Context(), &out, s); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(out.Bytes(), []byte(again+"Front desk is published as version 1 with 1 job.\n")) {
			t.Errorf("after %d: %.300s", puts, out.String())
		}
	}
	t.Error("it never ends")
}

// ending is a storage that ends the run after some saves.
type ending struct {
	storage.Storage
	left int
}

var errEnded = errors.New("ended")

func (s *ending) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if s.left--; s.left < 0 {
		return errEnded
	}
	return s.Storage.Put(ctx, ws, docs)
}

// changes returns how many revisions a file holds.
func changes(t *testing.T, path string) int {
	t.Helper()
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(s.Check(context.Background()), s.Close()); err != nil {
			t.Error(err)
		}
	}()
	all, err := s.Changes(t.Context(), "acme", 0, 1_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
