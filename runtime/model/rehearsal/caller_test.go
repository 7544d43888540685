package rehearsal_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// attitude is how a caller of these tests answers what is no result of the job.
type attitude struct {
	opening   string
	transfer  string // to the question whether to transfer
	results   string // to every question for a result; empty = a fitting answer
	yesNo     string // to questions for a result that is yes or no; empty = yes
	otherwise string // to anything else
}

// plays returns a caller who answers the questions for the results of a job fittingly, and leaves when Sona
// has said goodbye.
func plays(fields []job.Field, a attitude) mockcall.Caller {
	return mockcall.CallerFunc(func(_ context.Context, heard []call.Turn) (string, bool, error) {
		last := heard[len(heard)-1].Heard()
		said := 0
		for _, t := range heard {
			if t.By == call.ByCaller {
				said++
			}
		}
		switch {
		case said == 0:
			return a.opening, false, nil
		case strings.Contains(last, "Goodbye"):
			return "", true, nil
		case strings.Contains(last, "anything else"):
			return "No, that is all.", false, nil
		case strings.Contains(last, "transfer"):
			return a.transfer, false, nil
		}
		for _, f := range fields {
			if f.Ask != "" && strings.Contains(last, f.Ask) {
				if a.results != "" {
					return a.results, false, nil
				}
				if f.Type == job.YesNoField && a.yesNo != "" {
					return a.yesNo, false, nil
				}
				return fits(f), false, nil
			}
		}
		return a.otherwise, false, nil
	})
}

func fits(f job.Field) string {
	switch f.Type {
	case job.PhoneField:
		return "It is 555 010 1234."
	case job.EmailField:
		return "ann@example.com"
	case job.ChoiceField:
		return f.Choices[0]
	case job.NumberField:
		return "Four."
	case job.YesNoField:
		return "Yes."
	default: // in words
	}
	return "Something about " + strings.ToLower(f.Name) + "."
}

// rehearse runs a mock call on a step with these jobs and pages.
func rehearse(t *testing.T, caller mockcall.Caller, pages []knowledge.Page, jobs ...job.Job) *mockcall.Result {
	t.Helper()
	r, err := tryRehearse(t, caller, pages, jobs...)
	require.NoError(t, err, r.Transcript())
	return r
}

func tryRehearse(t *testing.T, caller mockcall.Caller, pages []knowledge.Page, jobs ...job.Job) (*mockcall.Result, error) {
	t.Helper()
	return mockcall.RunOn(t.Context(), step(t, pages, jobs...), mockcall.Config{Caller: caller, MaxTurns: 20})
}

// step returns a snapshot of a flow whose Sona step has these jobs and pages.
func step(t *testing.T, pages []knowledge.Page, jobs ...job.Job) callflow.Snapshot {
	t.Helper()
	s := callflow.SonaStep{Greeting: "Hello, this is Sona, an AI assistant. How can I help?"}
	for _, j := range jobs {
		s.Jobs = append(s.Jobs, j.ID())
	}
	for _, p := range pages {
		s.Pages = append(s.Pages, p.ID())
	}
	f, err := callflow.New(callflow.Simple("desk", "+15550100", s))
	require.NoError(t, err)
	return callflow.NewSnapshot(f, f.Draft(), jobs, pages, callflow.Settings{})
}

func newJob(t *testing.T, s job.Spec) job.Job {
	t.Helper()
	j, err := job.New(s)
	require.NoError(t, err)
	return j
}

// says returns what Sona said on a call, a line a turn.
func says(r *mockcall.Result) []string {
	var lines []string
	for _, t := range r.Record.Turns {
		if t.By == call.ByAgent {
			lines = append(lines, t.Heard())
		}
	}
	return lines
}

func mustNotRun(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
	panic("a dry call carries nothing out")
}

var errBusy = errors.New("busy")
