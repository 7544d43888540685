package mockcall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// reply is what a caller of these suites says to a question with these words; the second time it is asked the second
// answer, and so on, the last for ever.
type reply struct {
	to   string
	says []string
}

// person is a caller who answers by the words of the question, and leaves when Sona has said goodbye.
func person(opening string, replies ...reply) func(uint64) mockcall.Caller {
	return func(uint64) mockcall.Caller {
		asked := map[int]int{}
		return mockcall.CallerFunc(func(_ context.Context, heard []call.Turn) (string, bool, error) {
			last, said := heard[len(heard)-1].Heard(), 0
			for _, t := range heard {
				if t.By == call.ByCaller {
					said++
				}
			}
			switch {
			case said == 0:
				return opening, false, nil
			case strings.Contains(last, "Goodbye"):
				return "", true, nil
			}
			for i, r := range replies {
				if strings.Contains(strings.ToLower(last), strings.ToLower(r.to)) {
					n := min(asked[i], len(r.says)-1)
					asked[i]++
					return r.says[n], false, nil
				}
			}
			return "Yes.", false, nil
		})
	}
}

func to(question string, says ...string) reply { return reply{question, says} }

// deskOf returns a snapshot of a flow with this one job.
func deskOf(t testing.TB, j job.Job) callflow.Snapshot {
	t.Helper()
	f, err := callflow.New(callflow.Simple("desk", "+15550100", callflow.SonaStep{Greeting: "Hello, this is Sona, an AI assistant.", Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	return callflow.NewSnapshot(f, f.Draft(), []job.Job{j}, nil, callflow.Settings{})
}

// visit is one scenario of a template's suite.
type visit struct {
	name    string
	replies []reply
	faults  []job.ActionName
	path    string   // the steps that Sona says to be in, in order
	hears   []string // what the caller hears, in this order
	ends    call.OutcomeKind
	did     []job.ActionName // without an error, in this order
}

// scenario makes a visit a scenario. The caller answers the questions for results fittingly, unless replies say otherwise.
func (v visit) scenario(s job.Spec) mockcall.Scenario {
	replies := v.replies
	for _, f := range s.Results {
		replies = append(slices.Clip(replies), to(f.Ask, fits(f)))
	}
	return mockcall.Scenario{
		Name:   v.name,
		Caller: person(s.CallerIntent, replies...),
		Checks: []mockcall.Check{mockcall.Ends(v.ends), walks(v.path), hears(v.hears...), does(v.did...), asksFor(s)},
		With: func(_ uint64, c *mockcall.Config) {
			c.Faults = map[job.ActionName]error{}
			for _, name := range v.faults {
				c.Faults[name] = errors.New("out of order")
			}
		},
	}
}

func fits(f job.Field) string {
	switch f.Type {
	case job.PhoneField:
		return "It is 555 010 1234."
	case job.EmailField:
		return "ann@example.com"
	case job.ChoiceField:
		return f.Choices[0]
	case job.YesNoField:
		return "Yes."
	default:
		return "Something about " + strings.ToLower(f.Name) + "."
	}
}

func walks(path string) mockcall.Check {
	return func(r *mockcall.Result) error {
		var steps []string
		for _, t := range r.Record.Turns {
			if t.By == call.ByAgent && t.Step != "" {
				steps = append(steps, t.Step)
			}
		}
		if got := strings.Join(steps, " "); got != path {
			return fmt.Errorf("walked %q, not %q", got, path)
		}
		return nil
	}
}

func hears(phrases ...string) mockcall.Check {
	return func(r *mockcall.Result) error {
		var all []string
		for _, t := range r.Record.Turns {
			if t.By == call.ByAgent {
				all = append(all, t.Heard())
			}
		}
		said := strings.Join(all, " ")
		for _, p := range phrases {
			_, rest, ok := strings.Cut(said, p)
			if !ok {
				return fmt.Errorf("the caller did not hear %q in its place", p)
			}
			said = rest
		}
		return nil
	}
}

func does(actions ...job.ActionName) mockcall.Check {
	return func(r *mockcall.Result) error {
		var got []job.ActionName
		for _, f := range r.Record.Effects {
			if f.Done && f.Err == "" {
				got = append(got, f.Action)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(actions) {
			return fmt.Errorf("did %v, not %v", got, actions)
		}
		return nil
	}
}

// asksFor checks that the summary has every result of the job, learned or not.
func asksFor(s job.Spec) mockcall.Check {
	return func(r *mockcall.Result) error {
		for _, f := range s.Results {
			if _, ok := r.Record.Summary.Get(s.Name, f.Name); !ok {
				return fmt.Errorf("the summary has no %q", f.Name)
			}
		}
		return nil
	}
}

const again = "I ask so that we can help you."

var (
	noTransfer = to("transfer you", "No, thank you.")
	ended      = []job.ActionName{job.EndCall}
)

// templateSuites are the suites of the catalogue, as an author would write them who has rehearsed the templates.
var templateSuites = map[template.Name][]visit{
	template.TakeAMessage: {
		{name: "leaves a message", path: "1 2 3 4 5 6 7 9", ends: call.Ended, did: ended,
			hears: []string{"full name", "Which number", "noted: It is 555", "Who is the message for", "What message", "noted", "what time", "calls back within one business day", "Thank you for the message", "Goodbye"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 4 4 5 5 7 7 9", ends: call.Ended, did: ended, hears: []string{again, "That is fine.", again}},
		{name: "has nobody in mind", replies: []reply{to("Who is", "I have nobody in mind.")}, path: "1 2 3 4 5 6 7 9", ends: call.Ended, did: ended},
		{name: "records it", replies: []reply{to("What message", "Can I use the voicemail?")}, path: "1 2 3 4 5 5", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
	},
	template.QualifyALead: {
		{name: "is transferred", path: "1 2 3 4 5 6 7 8 9", ends: call.Transferred, did: []job.ActionName{job.TransferCall},
			hears: []string{"full name", "Which company", "What project", "start date", "budget", "On which number", "noted: It is 555", "transfer you to sales", "Sales takes over"}},
		{name: "wants no transfer", replies: []reply{noTransfer}, path: "1 2 3 4 5 6 7 8 11", ends: call.Ended, did: ended,
			hears: []string{"transfer you", "Sales calls back within one business day", "Thank you for your interest", "Goodbye"}},
		{name: "sales is down", faults: []job.ActionName{job.TransferCall}, path: "1 2 3 4 5 6 7 8 9 11", ends: call.Ended, did: ended, hears: []string{"cannot connect", "Sales calls back"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 3 3 4 4 5 5 6 6 8 11", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
	},
	template.EscalateToAPerson: {
		{name: "is transferred", path: "2 3 4 5 6 7 8", ends: call.Transferred, did: []job.ActionName{job.TransferCall},
			hears: []string{"I bring the matter to a manager", "What matter", "case number", "full name", "On which number", "noted: It is 555", "transfer you to a manager"}},
		{name: "wants no transfer", replies: []reply{noTransfer}, path: "2 3 4 5 6 7 10", ends: call.Ended, did: ended,
			hears: []string{"A manager calls back within two business hours", "Thank you for your patience", "Goodbye"}},
		{name: "has no case number", replies: []reply{to("case number", "I have no number.")}, path: "2 3 4 5 6 7 8", ends: call.Transferred, did: []job.ActionName{job.TransferCall}},
		{name: "managers are down", faults: []job.ActionName{job.TransferCall}, path: "2 3 4 5 6 7 8 10", ends: call.Ended, did: ended, hears: []string{"cannot connect", "A manager calls back"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "2 2 3 3 4 4 5 5 7 10", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
	},
	template.ScheduleAnAppointment: {
		{name: "books", path: "1 2 3 4 5 6 7 9", ends: call.Ended, did: ended,
			hears: []string{"Which service", "Which date", "which time", "first visit", "full name", "Which number", "noted: It is 555", "confirms within one business day", "Have a good day", "Goodbye"}},
		{name: "declines the service", replies: []reply{to("Which service", "I would rather not say.")}, path: "1 1", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
		{name: "was here before", replies: []reply{to("first visit", "No.")}, path: "1 2 3 4 5 6 7 9", ends: call.Ended, did: ended},
	},
	template.SendAnIntakeForm: {
		{name: "gets the text", path: "1 2 4 5 8", ends: call.Ended, did: []job.ActionName{job.SendSMS, job.EndCall},
			hears: []string{"full name", "Which service", "I will text the link to the number you are calling from", "sending you a text", "Has the text arrived", "send the form back before the first visit", "Thank you for registering", "Goodbye"}},
		{name: "gets an email", replies: []reply{to("arrived", "No.")}, path: "1 2 4 5 6 8", ends: call.Ended, did: []job.ActionName{job.SendSMS, job.EndCall}, hears: []string{"Which email address"}},
		{name: "texts are down", faults: []job.ActionName{job.SendSMS}, path: "1 2 4 6 8", ends: call.Ended, did: ended, hears: []string{"could not be sent", "Which email address"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 6 6 8", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
		{name: "wants voicemail", replies: []reply{to("Which service", "Can I use the voicemail?")}, path: "1 2 2", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
	},
	template.Troubleshoot: {
		{name: "is helped", path: "1 2 3 4 5 6 8 12", ends: call.Ended, did: ended,
			hears: []string{"full name", "What number", "noted: It is 555", "Which product", "What is the problem", "error message", "switch the product off", "solved now", "All the best", "Goodbye"}},
		{name: "is not helped", replies: []reply{to("solved now", "No.")}, path: "1 2 3 4 5 6 8 9 10", ends: call.Transferred, did: []job.ActionName{job.TransferCall}, hears: []string{"transfer you to support"}},
		{name: "wants no transfer", replies: []reply{to("solved now", "No."), noTransfer}, path: "1 2 3 4 5 6 8 9 12", ends: call.Ended, did: ended, hears: []string{"Support calls back within one business day", "All the best"}},
		{name: "support is down", replies: []reply{to("solved now", "No.")}, faults: []job.ActionName{job.TransferCall}, path: "1 2 3 4 5 6 8 9 10 12", ends: call.Ended, did: ended, hears: []string{"cannot connect", "Support calls back"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 4 4 5 5 6 6 8 9 12", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
	},
	template.TalkToAPerson: {
		{name: "is transferred", path: "1 2 3 4 5", ends: call.Transferred, did: []job.ActionName{job.TransferCall}, hears: []string{"Which person or department", "full name", "topic", "transfer you to the front desk"}},
		{name: "wants a callback", replies: []reply{noTransfer}, path: "1 2 3 4 6 7 9", ends: call.Ended, did: ended,
			hears: []string{"On which number", "noted: It is 555", "A person from our team calls back within one business day", "Thank you for calling", "Goodbye"}},
		{name: "the desk is down", faults: []job.ActionName{job.TransferCall}, path: "1 2 3 4 5 6 7 9", ends: call.Ended, did: ended, hears: []string{"cannot connect", "On which number"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 3 3 4 6 6 9", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
		{name: "wants voicemail", replies: []reply{to("topic", "Can I use the voicemail?")}, path: "1 2 3 3", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
	},
	template.ChangeOrCancelABooking: {
		{name: "moves it", path: "1 2 3 4 5 6 7 8 10", ends: call.Ended, did: ended,
			hears: []string{"full name", "booking number", "Which date is booked", "move the booking", "Which new date", "Which new time", "Which number", "noted: It is 555", "stays in place until our team confirms the change", "Thank you for letting me know", "Goodbye"}},
		{name: "has no number", replies: []reply{to("booking number", "I don't have it.")}, path: "1 2 3 4 5 6 7 8 10", ends: call.Ended, did: ended},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "1 1 2 2 3 3 4 4 5 5 6 6 7 7 10", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
		{name: "records it", replies: []reply{to("Which new date", "Can I use the voicemail?")}, path: "1 2 3 4 5 5", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
	},
	template.TakeAComplaint: {
		{name: "complains", path: "2 3 4 5 6 7 8 10", ends: call.Ended, did: ended,
			hears: []string{"sorry about the trouble", "What went wrong", "On what date", "order number", "What solution", "full name", "What number", "noted: It is 555", "answers the complaint within two business days", "Thank you for speaking up", "Goodbye"}},
		{name: "has no order number", replies: []reply{to("order number", "I have none.")}, path: "2 3 4 5 6 7 8 10", ends: call.Ended, did: ended},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "2 2 3 3 4 4 5 5 6 6 7 7 10", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
		{name: "records it", replies: []reply{to("What solution", "Can I use the voicemail?")}, path: "2 3 4 5 5", ends: call.Voicemail, did: []job.ActionName{job.Voicemail}},
	},
	template.AfterHoursTriage: {
		{name: "is transferred", path: "2 3 4 5 6 7 8 9 10", ends: call.Transferred, did: []job.ActionName{job.TransferCall},
			hears: []string{"The office is closed", "What has happened", "At which address", "noted: Something about address", "full name", "On which number", "noted: It is 555", "Can it wait", "transfer you to the person on call", "I connect you"}},
		{name: "wants no transfer", replies: []reply{noTransfer}, path: "2 3 4 5 6 7 8 9 12", ends: call.Ended, did: ended,
			hears: []string{"calls back within two hours after the office opens", "keep the line free", "Goodbye"}},
		{name: "nobody is on call", faults: []job.ActionName{job.TransferCall}, path: "2 3 4 5 6 7 8 9 10 12", ends: call.Ended, did: ended, hears: []string{"cannot connect", "calls back within two hours"}},
		{name: "declines all", replies: []reply{to("", "No.")}, path: "2 2 3 3 5 5 6 6 8 9 12", ends: call.Ended, did: ended, hears: []string{again, "That is fine."}},
		{name: "the address is wrong", replies: []reply{to("noted: Something", "No.", "Yes.")}, path: "2 3 4 4 5 6 7 8 9 10", ends: call.Transferred, did: []job.ActionName{job.TransferCall}},
	},
}

// The suites of the ten templates catch at least 85 of 100 mistakes that the rehearsal can see.
func TestEvalTemplates(t *testing.T) {
	if testing.Short() {
		t.Skip("some ten thousand mock calls")
	}
	var caught, survived, unseen int
	t.Logf("%-28s %8s %8s %8s %8s %6s", "template", "mutants", "caught", "survived", "unseen", "rate")
	for i, tpl := range template.All() {
		if raced && i%5 != 0 { // minutes with the race detector; all of them without
			continue
		}
		j, err := job.New(tpl.Spec)
		require.NoError(t, err)
		var scenarios []mockcall.Scenario
		for _, v := range templateSuites[tpl.Name] {
			scenarios = append(scenarios, v.scenario(tpl.Spec))
		}
		m, err := mockcall.MutateOn(t.Context(), deskOf(t, j), mockcall.Config{}, 1, scenarios)
		require.NoError(t, err, tpl.Name)
		c, s, u := m.Count(mockcall.Caught), m.Count(mockcall.Survived), m.Count(mockcall.Unseen)
		caught, survived, unseen = caught+c, survived+s, unseen+u
		t.Logf("%-28s %8d %8d %8d %8d %5.0f%%", tpl.Name, len(m.Mutants), c, s, u, 100*m.Rate())
		for _, r := range m.Mutants {
			if r.Fate != mockcall.Caught {
				t.Logf("    %s: %s: %s", r.Fate, r.Kind, r.What)
			}
		}
		require.GreaterOrEqual(t, m.Rate(), 0.85, "%s\n%s", tpl.Name, m)
	}
	t.Logf("all: %d caught, %d survived (%.1f %% caught); the engine cannot see %d more of %d", caught, survived,
		100*float64(caught)/float64(caught+survived), unseen, caught+survived+unseen)
}
