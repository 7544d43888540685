package mockcall

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Check looks at the result of a mock call and returns nil, or what is wrong. Checks work in tests by
// [Assert] and outside of them by being called; the Result is not nil.
type Check func(*Result) error

// Assert reports every check that fails, with the transcript and the notes of the record: these say, for one,
// what a scripted model was told and could not do. A call of Assert without any check is an
// error: a test that checks nothing cannot fail.
func Assert(t testing.TB, r *Result, checks ...Check) {
	t.Helper()
	if r == nil {
		t.Errorf("mockcall: there is no result: look at the error of Run")
		return
	}
	if len(checks) == 0 {
		t.Errorf("mockcall: Assert without a check")
		return
	}
	var failed []error
	for _, c := range checks {
		if err := c(r); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) > 0 {
		t.Errorf("mock call (%s):\n%v\n%s%s", engine(r), errors.Join(failed...), r.Transcript(), r.notes())
	}
}

func engine(r *Result) string {
	if r.Record.Model == "" {
		return "unnamed model"
	}
	return r.Record.Model
}

// Ends checks how the call ended.
func Ends(kind call.OutcomeKind) Check {
	return func(r *Result) error {
		if got := r.Record.Outcome.Kind; got != kind {
			return fmt.Errorf("ended %q (%s), not %q", got, r.Record.Outcome.Reason, kind)
		}
		return nil
	}
}

// Uses checks that a job was used: declared by the model, or proved by an action. What is unknown is no use.
func Uses(id job.ID) Check {
	return func(r *Result) error {
		if slices.Contains(r.Record.Used, id) {
			return nil
		}
		var used []string
		for _, id := range r.Record.Used {
			used = append(used, r.name(id))
		}
		return fmt.Errorf("job %q was not used; used: %q", r.name(id), used)
	}
}

// Did checks that an action was carried out without an error at least once, with these arguments.
func Did(action job.ActionName, args ...Arg) Check {
	return times(action, args, func(n int) bool { return n >= 1 }, "at least once")
}

// Once checks that an action was carried out just once.
func Once(action job.ActionName, args ...Arg) Check { return Exactly(1, action, args...) }

// Never checks that an action was not even tried.
func Never(action job.ActionName) Check {
	return func(r *Result) error {
		for _, f := range r.Record.Effects {
			if f.Action == action {
				return fmt.Errorf("%s was tried, with %s; never expected", action, f.Args)
			}
		}
		return nil
	}
}

// Exactly checks how often an action was carried out without an error, with these arguments.
func Exactly(n int, action job.ActionName, args ...Arg) Check {
	return times(action, args, func(got int) bool { return got == n }, fmt.Sprintf("%d times", n))
}

func times(action job.ActionName, args []Arg, ok func(int) bool, want string) Check {
	return func(r *Result) error {
		n := 0
		var near []string
		for _, f := range r.Record.Effects {
			if f.Action != action {
				continue
			}
			problem := f.Err
			if !f.Done && problem == "" {
				problem = "did not come back"
			}
			for _, a := range args {
				if err := a(f); err != nil && problem == "" {
					problem = err.Error()
				}
			}
			if problem == "" {
				n++
				continue
			}
			near = append(near, problem)
		}
		if ok(n) {
			return nil
		}
		text := fmt.Sprintf("%s was done %d times, expected %s", action, n, want)
		if near != nil {
			text += "; not counted: " + strings.Join(near, "; ")
		}
		return errors.New(text)
	}
}

// Before checks that the first of one action came before the first of another, and that both were tried.
func Before(first, second job.ActionName) Check {
	return func(r *Result) error {
		at := func(name job.ActionName) int {
			return slices.IndexFunc(r.Record.Effects, func(f call.Effect) bool { return f.Action == name })
		}
		a, b := at(first), at(second)
		if a < 0 || b < 0 || a > b {
			return fmt.Errorf("%s (effect %d) did not come before %s (effect %d); -1 is never", first, a, second, b)
		}
		return nil
	}
}

// Asks checks that Sona asked a question with these words in it, whatever their case.
func Asks(words string) Check {
	return func(r *Result) error {
		for _, t := range r.Record.Turns {
			heard := t.Heard()
			if t.By == call.ByAgent && strings.ContainsAny(heard, "?？") && strings.Contains(strings.ToLower(heard), strings.ToLower(words)) {
				return nil
			}
		}
		return fmt.Errorf("no question of Sona has the words %q", words)
	}
}

// Turns checks that the call took at most n turns, both sides counted.
func Turns(n int) Check {
	return func(r *Result) error {
		if got := len(r.Record.Turns); got > n {
			return fmt.Errorf("%d turns, at most %d expected", got, n)
		}
		return nil
	}
}

// Collected checks a value of the summary: the job's and the result's name, and the value as JSON would have
// it (string, number, bool or nil).
func Collected(job, field string, value any) Check {
	return func(r *Result) error {
		got, ok := r.Record.Summary.Get(job, field)
		if !ok {
			return fmt.Errorf("the summary has no result %q of job %q", field, job)
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(value)
		if string(a) != string(b) {
			return fmt.Errorf("result %q of job %q is %s, not %s", field, job, a, b)
		}
		return nil
	}
}
