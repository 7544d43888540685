package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sonajobs/sona/runtime/mockcall"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// start runs the command and returns its exit code and what it printed.
func start(t *testing.T, ctx context.Context, values map[string]string, args ...string) (code int, out, progress string) { //nolint:revive // t comes first in tests
	t.Helper()
	var o, p bytes.Buffer
	code = command(ctx, args, env(values), &o, &p)
	return code, o.String(), p.String()
}

// passed is the second column of a row.
func passed(t *testing.T, table, row string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(row) + ` +(\S+) `).FindStringSubmatch(table)
	if found == nil {
		t.Fatalf("the table has no row %q:\n%s", row, table)
	}
	return found[1]
}

// Every scenario can be passed, also by a model that follows the jobs word by word.
func TestTheRehearsalPassesEveryScenario(t *testing.T) {
	code, out, progress := start(t, t.Context(), nil, "-rehearse", "-runs", "1", "-v")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, progress)
	}
	if got := passed(t, out, "all"); got != "20/20" {
		t.Errorf("passed: %s\n%s", got, out)
	}
	for _, s := range scenarios {
		if got := passed(t, out, s.name); got != "1/1" {
			t.Errorf("%s: %s", s.name, got)
		}
	}
	if n := strings.Count(progress, ": passed; about "); n != 20 {
		t.Errorf("%d calls were told of, not 20:\n%s", n, progress)
	}
}

// A check that a silent caller passes would check nothing.
func TestNoScenarioIsPassedByACallerWhoHangsUp(t *testing.T) {
	desks, err := openDesks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range scenarios {
		if names[s.name] {
			t.Errorf("two scenarios are called %s", s.name)
		}
		names[s.name] = true
		r, err := mockcall.RunOn(t.Context(), desks[s.desk].snapshot, mockcall.Config{Caller: mockcall.Script()})
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, check := range s.checks {
			if check(r) != nil {
				failed++
			}
		}
		if failed == 0 {
			t.Errorf("%s: every check passes on a call without a word", s.name)
		}
	}
	if len(names) != 20 {
		t.Errorf("%d scenarios, not 20", len(names))
	}
}

func TestWithoutAModelItSaysWhatToSet(t *testing.T) {
	for name, values := range map[string]map[string]string{
		"nothing":      nil,
		"only a key":   {"OPENAI_API_KEY": "k"},
		"only a model": {"OPENAI_MODEL": "m"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, progress := start(t, t.Context(), values)
			if code != 2 || out != "" {
				t.Errorf("exit code %d, output %q", code, out)
			}
			for _, want := range []string{"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "-rehearse"} {
				if !strings.Contains(progress, want) {
					t.Errorf("%q lacks %s", progress, want)
				}
			}
		})
	}
}

func TestWrongFlagsAreSaid(t *testing.T) {
	model := map[string]string{"OPENAI_API_KEY": "k", "OPENAI_MODEL": "m"}
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"-n", "21"}, "there are 1 to 20 scenarios"},
		{[]string{"-n", "0"}, "there are 1 to 20 scenarios"},
		{[]string{"-runs", "0"}, "at least 1"},
		{[]string{"-parallel", "0"}, "at least 1"},
		{[]string{"message"}, "no arguments but flags"},
		{[]string{"-price", "1,2"}, "the price is three numbers"},
		{[]string{"-price", "1,2,NaN"}, "the price is three numbers"},
		{[]string{"-price", "1,-2,3"}, "the price is three numbers"},
		{[]string{"-yes"}, "not defined: -yes"},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			code, _, progress := start(t, t.Context(), model, tt.args...)
			if code != 2 || !strings.Contains(progress, tt.want) {
				t.Errorf("exit code %d: %s", code, progress)
			}
		})
	}
	code, _, progress := start(t, t.Context(), map[string]string{"OPENAI_MODEL": "m", "OPENAI_BASE_URL": "http://u:secret@%"})
	if code != 2 || !strings.Contains(progress, "OPENAI_BASE_URL is no address") || strings.Contains(progress, "secret") {
		t.Errorf("exit code %d: %s", code, progress)
	}
	if code, _, progress = start(t, t.Context(), nil, "-help"); code != 0 || !strings.Contains(progress, "An estimate of the price comes first") {
		t.Errorf("exit code %d: %s", code, progress)
	}
}

// stopping cancels when it is written to.
type stopping struct {
	bytes.Buffer
	stop func()
}

func (s *stopping) Write(b []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(b)
}

func TestCtrlCPrintsTheTableSoFar(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var out bytes.Buffer
	progress := &stopping{stop: interrupt} // with the first call that is over
	if code := command(ctx, []string{"-rehearse", "-runs", "1", "-parallel", "1"}, env(nil), &out, progress); code != exitInterrupted {
		t.Errorf("exit code %d:\n%s", code, progress)
	}
	if got := passed(t, out.String(), "message"); got != "1/1" {
		t.Errorf("message: %s", got)
	}
	if got := passed(t, out.String(), "changes-subject"); got != unknown {
		t.Errorf("changes-subject: %s", got)
	}
	if got := passed(t, out.String(), "all"); got != "1/1" {
		t.Errorf("all: %s", got)
	}
}

func TestFailuresAreWrittenToFilesAndPrintedOnlyOnDemand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	all := []result{{"message", []*made{nil, {}, {wrong: fault("never asked"), transcript: "Caller: Hello.\n"}}}}
	for _, verbose := range []bool{false, true} {
		var out bytes.Buffer
		if err := failures(&out, all, options{dir: dir, verbose: verbose}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "message-3.txt")
		if !strings.Contains(out.String(), "message 3 failed: "+path) || strings.Contains(out.String(), "Caller: Hello.") != verbose {
			t.Errorf("verbose %t: %s", verbose, &out)
		}
		text, err := os.ReadFile(path)
		if err != nil || string(text) != "never asked\n\nCaller: Hello.\n" {
			t.Errorf("%q, %v", text, err)
		}
		if files, _ := os.ReadDir(dir); len(files) != 1 {
			t.Errorf("%d files for one failure", len(files))
		}
	}
}

// fault is an error that is a text.
type fault string

func (f fault) Error() string { return string(f) }
