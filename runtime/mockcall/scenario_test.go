package mockcall_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

func TestARecordedCallBecomesATest(t *testing.T) {
	s := newShop(t)
	r := s.run(t, mockcall.Config{})
	f := mockcall.FromRecord("price list", r.Record)
	name := filepath.Join(t.TempDir(), "prices.json")
	require.NoError(t, mockcall.SaveScenario(name, f))
	back, err := mockcall.LoadScenario(name)
	require.NoError(t, err)

	report, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 1, []mockcall.Scenario{back.Scenario()})
	require.NoError(t, err)
	require.NoError(t, report.Err(), "the call as it was passes")

	for what, change := range map[string]func(*job.Spec){
		"another text":   func(s *job.Spec) { s.Instructions = strings.Replace(s.Instructions, "com/prices", "com/new", 1) },
		"no goodbye":     func(s *job.Spec) { s.Instructions = strings.Replace(s.Instructions, "{{action end_call}}", "", 1) },
		"another result": func(s *job.Spec) { s.Results[0].Name = "Surname" },
	} {
		spec := s.link.Spec()
		change(&spec)
		edited, err := s.link.With(spec)
		require.NoError(t, err)
		report, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Candidates: []job.Job{edited}}, 1, []mockcall.Scenario{back.Scenario()})
		require.NoError(t, err)
		require.ErrorIs(t, report.Err(), mockcall.ErrFailed, what)
	}
}

func TestAScenarioFileComesBackAsItWas(t *testing.T) {
	f := mockcall.ScenarioFile{Format: 1, Name: "x", Note: "<why> & so", Caller: []string{"Hello", "", "ünï\n"}, Expect: mockcall.Expected{
		Outcome: call.Transferred, Target: job.Target{Kind: job.TargetInbox, ID: "sales"}, Jobs: []job.ID{"a"}, None: []job.ActionName{job.Voicemail},
		Effects: []mockcall.ExpectedEffect{{Action: "book", Args: map[string]json.RawMessage{"n": json.RawMessage(`2`)}}},
		Results: []mockcall.ExpectedResult{{Job: "J", Field: "F", Value: 4.5}, {Job: "J", Field: "G"}},
	}}
	var b bytes.Buffer
	require.NoError(t, mockcall.WriteScenario(&b, f))
	require.Contains(t, b.String(), `"<why> & so"`)
	back, err := mockcall.ReadScenario(&b)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(f, back))
	require.Len(t, f.Checks(), 7)
}

func TestHostileScenarioFilesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          ``,
		"no JSON":          `hello`,
		"a newer format":   `{"format":2,"name":"x","expect":{"outcome":"ended"}}`,
		"no format":        `{"name":"x","expect":{"outcome":"ended"}}`,
		"no name":          `{"format":1,"expect":{"outcome":"ended"}}`,
		"nothing expected": `{"format":1,"name":"x","caller":["a"],"expect":{}}`,
		"a misspelt field": `{"format":1,"name":"x","expects":{"outcome":"ended"}}`,
		"two in one":       `{"format":1,"name":"x","expect":{"outcome":"ended"}} {}`,
		"a bad target":     `{"format":1,"name":"x","expect":{"target":"inbox:\u0000"}}`,
		"too many lines":   `{"format":1,"name":"x","caller":[` + strings.Repeat(`"a",`, 1000) + `"a"],"expect":{"outcome":"ended"}}`,
		"too long":         `{"format":1,"name":"` + strings.Repeat("x", mockcall.MaxScenarioFile) + `"}`,
		"too deep":         `{"format":1,"name":"x","expect":{"results":[{"value":` + strings.Repeat("[", 20_000),
	} {
		_, err := mockcall.ReadScenario(strings.NewReader(text))
		require.ErrorIs(t, err, mockcall.ErrScenarioFile, name)
	}
	require.ErrorIs(t, mockcall.WriteScenario(&bytes.Buffer{}, mockcall.ScenarioFile{Name: "x"}), mockcall.ErrNoChecks)
}

// What can be read can be written, and is the same when it is read again.
func FuzzReadScenario(f *testing.F) {
	f.Add(`{"format":1,"name":"x","caller":["a"],"expect":{"outcome":"ended","results":[{"job":"J","field":"F","value":{"a":[1]}}]}}`)
	f.Add(`{"format":1,"name":"x","expect":{"effects":[{"action":"a","args":{"n":1e9}},{"action":"a","args":{"n":1e9}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		file, err := mockcall.ReadScenario(strings.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, mockcall.ErrScenarioFile)
			return
		}
		for _, check := range file.Checks() {
			_ = check(&mockcall.Result{})
		}
		var b bytes.Buffer
		if mockcall.WriteScenario(&b, file) != nil {
			return // longer than it was, by indentation
		}
		first := b.String()
		back, err := mockcall.ReadScenario(&b)
		require.NoError(t, err)
		var again bytes.Buffer
		require.NoError(t, mockcall.WriteScenario(&again, back))
		require.Equal(t, first, again.String())
	})
}
