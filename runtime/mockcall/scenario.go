package mockcall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
)

// ScenarioFormat is the version of the scenario files that this package writes. It reads this and every lower one.
const ScenarioFormat = 1

// What a scenario file may hold. A longer one is refused.
const (
	MaxScenarioFile  = 1 << 20 // bytes
	MaxScenarioLines = 1_000   // things that the caller says, and effects, and results
)

// ErrScenarioFile says that a file is no scenario.
var ErrScenarioFile = errors.New("mockcall: not a scenario file")

// ScenarioFile is a call written down as a test: what the caller says, and what is expected of it. It is JSON, small
// enough to be read and edited by hand.
type ScenarioFile struct {
	Format int      `json:"format"`
	Name   string   `json:"name"`
	Note   string   `json:"note,omitempty"` // why it is kept
	Caller []string `json:"caller"`         // what the caller says, one thing after the other
	Expect Expected `json:"expect"`
}

// Expected is what a scenario file expects of a call. What is empty is not checked; something has to be there.
type Expected struct {
	Outcome call.OutcomeKind `json:"outcome,omitempty"`
	Target  job.Target       `json:"target,omitzero"`
	Jobs    []job.ID         `json:"jobs,omitempty"`    // each of them is used
	Effects []ExpectedEffect `json:"effects,omitempty"` // each of them is carried out as often as it stands here
	None    []job.ActionName `json:"none,omitempty"`    // never carried out
	Results []ExpectedResult `json:"results,omitempty"`
}

// ExpectedEffect is one action that is expected to be carried out without an error.
type ExpectedEffect struct {
	Action job.ActionName             `json:"action"`
	Args   map[string]json.RawMessage `json:"args,omitempty"` // compared as JSON; arguments that are not named are not looked at
	Target job.Target                 `json:"target,omitzero"`
}

// ExpectedResult is one value of the summary.
type ExpectedResult struct {
	Job   string `json:"job"` // its name
	Field string `json:"field"`
	Value any    `json:"value"`
}

// FromRecord writes down a recorded call: the caller's words, and what the call came to. Nothing in it is redacted; see
// [Redact]. What a call came to is what happened, not what is right: of a call that failed, edit Expect.
func FromRecord(name string, r call.Record) ScenarioFile {
	f := ScenarioFile{Format: ScenarioFormat, Name: name, Expect: Expected{Outcome: r.Outcome.Kind, Target: r.Outcome.Target, Jobs: r.Used}}
	for _, t := range r.Turns {
		if t.By == call.ByCaller {
			f.Caller = append(f.Caller, t.Text)
		}
	}
	for _, e := range r.Effects {
		if !e.Done || e.Err != "" {
			continue
		}
		want := ExpectedEffect{Action: e.Action, Target: e.Target}
		if json.Unmarshal(e.Args, &want.Args) != nil || len(want.Args) == 0 {
			want.Args = nil
		}
		f.Expect.Effects = append(f.Expect.Effects, want)
	}
	for _, j := range r.Summary.Jobs {
		for _, d := range j.Result.Data {
			f.Expect.Results = append(f.Expect.Results, ExpectedResult{j.Name, d.Name, d.Value})
		}
	}
	return f
}

// Checks returns the checks of what f expects.
func (f ScenarioFile) Checks() []Check {
	var checks []Check
	x := f.Expect
	if x.Outcome != "" {
		checks = append(checks, Ends(x.Outcome))
	}
	if !x.Target.IsZero() {
		checks = append(checks, func(r *Result) error {
			if got := r.Record.Outcome.Target; got != x.Target {
				return fmt.Errorf("ended at %s, not %s", got, x.Target)
			}
			return nil
		})
	}
	for _, id := range x.Jobs {
		checks = append(checks, Uses(id))
	}
	for _, e := range x.Effects {
		same := 0
		for _, other := range x.Effects {
			if equalJSON(e, other) {
				same++
			}
		}
		args := []Arg{}
		for name, value := range e.Args {
			args = append(args, Equal(name, value))
		}
		if !e.Target.IsZero() {
			args = append(args, To(e.Target.String()))
		}
		checks = append(checks, Exactly(same, e.Action, args...))
	}
	for _, name := range x.None {
		checks = append(checks, Exactly(0, name))
	}
	for _, v := range x.Results {
		checks = append(checks, Collected(v.Job, v.Field, v.Value))
	}
	return checks
}

// Scenario returns f as a scenario of a suite.
func (f ScenarioFile) Scenario() Scenario {
	return Scenario{Name: f.Name, Caller: func(uint64) Caller { return Script(f.Caller...) }, Checks: f.Checks()}
}

// ReadScenario reads a scenario file. The error matches ErrScenarioFile, or is r's.
func ReadScenario(r io.Reader) (ScenarioFile, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxScenarioFile+1))
	if err != nil {
		return ScenarioFile{}, err
	}
	if len(raw) > MaxScenarioFile {
		return ScenarioFile{}, fmt.Errorf("%w: longer than %d bytes", ErrScenarioFile, MaxScenarioFile)
	}
	var f ScenarioFile
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return ScenarioFile{}, fmt.Errorf("%w: %w", ErrScenarioFile, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ScenarioFile{}, fmt.Errorf("%w: something stands behind it", ErrScenarioFile)
	}
	if err := f.check(); err != nil {
		return ScenarioFile{}, err
	}
	return f, nil
}

func (f ScenarioFile) check() error {
	switch {
	case f.Format < 1 || f.Format > ScenarioFormat:
		return fmt.Errorf("%w: format %d, this version reads 1 to %d", ErrScenarioFile, f.Format, ScenarioFormat)
	case strings.TrimSpace(f.Name) == "":
		return fmt.Errorf("%w: it has no name", ErrScenarioFile)
	case max(len(f.Caller), len(f.Expect.Effects), len(f.Expect.Results), len(f.Expect.Jobs), len(f.Expect.None)) > MaxScenarioLines:
		return fmt.Errorf("%w: more than %d entries", ErrScenarioFile, MaxScenarioLines)
	case len(f.Checks()) == 0:
		return fmt.Errorf("%w: %w", ErrScenarioFile, ErrNoChecks)
	}
	return nil
}

// WriteScenario writes f as indented JSON, as [ReadScenario] reads it. What it would not read is not written.
func WriteScenario(w io.Writer, f ScenarioFile) error {
	if f.Format == 0 {
		f.Format = ScenarioFormat
	}
	if err := f.check(); err != nil {
		return err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return fmt.Errorf("%w: %w", ErrScenarioFile, err)
	}
	if b.Len() > MaxScenarioFile {
		return fmt.Errorf("%w: longer than %d bytes", ErrScenarioFile, MaxScenarioFile)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// LoadScenario reads the scenario file of this name.
func LoadScenario(name string) (ScenarioFile, error) {
	file, err := os.Open(name) //nolint:gosec // the host names the file
	if err != nil {
		return ScenarioFile{}, err
	}
	defer func() { _ = file.Close() }()
	f, err := ReadScenario(file)
	if err != nil {
		return ScenarioFile{}, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// SaveScenario writes f to a file that only its owner can read: it may hold what a caller said. A file that is there is
// replaced as a whole.
func SaveScenario(name string, f ScenarioFile) error {
	var b bytes.Buffer
	if err := WriteScenario(&b, f); err != nil {
		return err
	}
	part := name + ".part"
	if err := os.WriteFile(part, b.Bytes(), 0o600); err != nil { //nolint:gosec // the host names the file
		return err
	}
	return os.Rename(part, name) //nolint:gosec // the host names the file
}

// saveFailures leaves a scenario file of each failed run in a folder; an empty folder is none.
func saveFailures(folder string, runs []SuiteRun) error {
	if folder == "" {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil { //nolint:gosec // whoever runs the tests names the folder
		return err
	}
	for _, run := range runs {
		if run.Outcome != RunFailed || run.Result == nil || len(run.Result.Record.Turns) == 0 {
			continue
		}
		f := FromRecord(run.Scenario, run.Result.Record)
		f.Note = fmt.Sprintf("Failed with seed %d. What it expects is what happened: edit it. %s", run.Seed, strings.Join(run.Problems, "; "))
		name := fmt.Sprintf("%s-%d.json", digest.Of(run.Scenario)[:12], run.Seed)
		if err := SaveScenario(filepath.Join(folder, name), f); err != nil && !errors.Is(err, ErrScenarioFile) {
			return err
		}
	}
	return nil
}

func equalJSON(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}
