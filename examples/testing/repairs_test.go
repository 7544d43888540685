package repairs_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow/call"
	repairs "github.com/sonajobs/sona/examples/testing"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// shop is what a call of these tests needs. It is the host's own ten lines.
type shop struct {
	ws     *storage.Workspace
	job    job.Job
	config mockcall.Config
}

func open(t *testing.T) shop {
	t.Helper()
	ws := storage.Open(memory.New(), "shop").By("jo")
	flow, j, err := repairs.Open(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return shop{ws, j, mockcall.Config{Flow: flow, World: world()}}
}

// world is the shop's calendar, as the tests see it: Friday is full.
func world() *mockcall.World {
	w := mockcall.NewWorld()
	w.Put("full", "friday", map[string]any{})
	return w.Writes(repairs.BookSpec, func(tables mockcall.Tables, args map[string]any) (any, error) {
		day, _ := args["day"].(string)
		if _, full := tables.Get("full", strings.ToLower(day)); full {
			return nil, errors.New("the workshop is full")
		}
		tables.Set("repairs", day, args)
		return map[string]any{"booked": true}, nil
	})
}

// A call, turn by turn. What is expected and does not happen fails with this file's line, the job's step and what
// happened around it.
func TestARepairIsBooked(t *testing.T) {
	s := open(t)
	c := mockcall.New(t, s.ws, s.config)
	c.Expect().Never().Does(job.TransferCall)
	c.Say("Hi, my bicycle needs a repair.")
	c.Expect().Chooses("Book a repair").Within(1).Asks("wrong with the bicycle")
	c.Say("The chain slips.")
	c.Expect().Asks("number")
	c.Say("555 010 1234")
	c.Expect().Asks("which day")
	c.Say("Monday")
	c.Expect().Once().Does(repairs.Book, mockcall.Text("day", "Monday"))
	c.Expect().Within(2).Asks("text message")
	c.Say("Yes, please.")
	mockcall.Assert(t, c.Result(),
		mockcall.Before(repairs.Book, job.EndCall),
		mockcall.Collected("Book a repair", "Phone", "5550101234"),
		mockcall.Collected("Book a repair", "Text when ready", true),
		mockcall.Ends(call.Ended))
	if _, booked := s.config.World.Row("repairs", "Monday"); !booked {
		t.Errorf("the calendar has no repair: %v", s.config.World.Ledger())
	}
}

// suite is what has to be true of the job. Each caller is one of a kind: what they know is told when they are asked.
func suite() []mockcall.Scenario {
	caller := func(p mockcall.Persona) func(uint64) mockcall.Caller {
		return func(uint64) mockcall.Caller { return p }
	}
	wrong := mockcall.Fact{About: "wrong with", Say: "The brake is loose."}
	fresh := func(_ uint64, c *mockcall.Config) { c.World = world() }
	return []mockcall.Scenario{
		{
			Name: "knows everything",
			Caller: caller(mockcall.Persona{Opening: "I need a repair for my bicycle.", Facts: []mockcall.Fact{
				wrong, {About: "day", Say: "Tuesday"}, {About: "number", Say: "555 010 1234"}, {About: "text message", Say: "Yes, please."},
			}}),
			With:   fresh,
			Checks: []mockcall.Check{mockcall.Once(repairs.Book, mockcall.Text("day", "Tuesday")), mockcall.Asks("text message"), mockcall.Ends(call.Ended)},
		},
		{
			Name: "keeps the number",
			Caller: caller(mockcall.Persona{Opening: "I need a repair for my bicycle.", Facts: []mockcall.Fact{wrong, {About: "day", Say: "Tuesday"}},
				Declines: []string{"number"}}),
			With:   fresh,
			Checks: []mockcall.Check{mockcall.Once(repairs.Book), mockcall.Collected("Book a repair", "Phone", nil), mockcall.Ends(call.Ended)},
		},
		{
			Name: "wants the full day",
			Caller: caller(mockcall.Persona{Opening: "I need a repair for my bicycle.", Facts: []mockcall.Fact{
				wrong, {About: "day", Say: "Friday"}, {About: "number", Say: "555 010 1234"},
			}}),
			With:   fresh,
			Checks: []mockcall.Check{mockcall.Exactly(0, repairs.Book), says("full on that day"), not(mockcall.Asks("text message")), mockcall.Ends(call.Ended)},
		},
	}
}

// The suite, and what it covers of the job, line by line: go test -v -run Suite.
func TestTheSuitePassesAndCoversEveryStep(t *testing.T) {
	s := open(t)
	report, err := mockcall.Suite(t.Context(), s.ws, s.config, 2, suite())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Fatalf("%v\n%v", err, report)
	}
	covered, err := report.Coverage()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", covered.Listing())
	if reached, all := covered.Count(mockcall.StepPart); reached < all {
		t.Errorf("%d of %d steps are reached", reached, all)
	}
}

// Calls that went wrong once are kept as files: the caller's words, and what has to come of them.
func TestWhatWentWrongOnceStaysRight(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no recorded call", err)
	}
	for _, name := range files {
		f, err := mockcall.LoadScenario(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(f.Name, func(t *testing.T) {
			s := open(t)
			s.config.Caller = mockcall.Script(f.Caller...)
			r, err := mockcall.Run(t.Context(), s.ws, s.config)
			if err != nil {
				t.Fatal(err)
			}
			mockcall.Assert(t, r, f.Checks()...)
		})
	}
}

// How such a file comes about: a record, redacted, with what is right in place of what happened. And it does find the edit
// that would bring the mistake back, before anybody saves it.
func TestARecordedCallBecomesATest(t *testing.T) {
	s := open(t)
	s.config.Caller = mockcall.Script("My bicycle needs a repair.", "A flat tyre, says Ann Miller.", "It is 555 010 1234.", "Monday", "No.")
	r, err := mockcall.Run(t.Context(), s.ws, s.config)
	if err != nil {
		t.Fatal(err)
	}
	f := mockcall.FromRecord("a flat tyre", mockcall.Redact(r.Record))
	f.Expect.Jobs = nil // the job has another ID in another library
	name := filepath.Join(t.TempDir(), "a-flat-tyre.json")
	if err := mockcall.SaveScenario(name, f); err != nil {
		t.Fatal(err)
	}
	if f, err = mockcall.LoadScenario(name); err != nil {
		t.Fatal(err)
	}
	if told := strings.Join(f.Caller, " "); strings.Contains(told, "1234") {
		t.Errorf("the file has the caller's number in it: %s", told)
	}

	edit := s.job.Spec()
	edit.Instructions = strings.Replace(edit.Instructions, "4. Book the repair: {{action book_repair}}", "4. Say that the repair is noted.", 1)
	broken, err := s.job.With(edit)
	if err != nil {
		t.Fatal(err)
	}
	for what, candidates := range map[string][]job.Job{"as it is": nil, "as edited": {broken}} {
		c := s.config
		c.Caller, c.World, c.Candidates = mockcall.Script(f.Caller...), world(), candidates
		r, err := mockcall.Run(t.Context(), s.ws, c)
		if err != nil {
			t.Fatal(err)
		}
		var found []error
		for _, check := range f.Checks() {
			found = append(found, check(r))
		}
		if err := errors.Join(found...); (err != nil) != (candidates != nil) {
			t.Errorf("the job %s: %v\n%s", what, err, r.Transcript())
		}
	}
}

// says checks that the caller heard these words. A check is a function, so a host's own are as good as those of the package.
func says(words string) mockcall.Check {
	return func(r *mockcall.Result) error {
		for _, turn := range r.Record.Turns {
			if turn.By == call.ByAgent && strings.Contains(turn.Heard(), words) {
				return nil
			}
		}
		return errors.New("nobody said: " + words)
	}
}

func not(c mockcall.Check) mockcall.Check {
	return func(r *mockcall.Result) error {
		if c(r) == nil {
			return errors.New("a check holds that must not")
		}
		return nil
	}
}
