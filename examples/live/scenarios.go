package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// scenario is one caller with one wish, and what has to come of it.
type scenario struct {
	name    string
	desk    deskName
	job     template.Name // that has to be used
	opening string
	answers []answer
	faults  map[job.ActionName]error
	checks  []mockcall.Check // besides the job's use
}

const (
	yes = "Yes, please."
	no  = "No, thank you."
)

// What an end looks like. Effects come first: they are what a caller notices.
var (
	ended     = []mockcall.Check{mockcall.Never(job.TransferCall), mockcall.Never(job.Voicemail), mockcall.Once(job.EndCall), mockcall.Ends(call.Ended)}
	errNobody = errors.New("nobody is there")
)

func transferred(target string) []mockcall.Check {
	return []mockcall.Check{mockcall.Once(job.TransferCall, mockcall.To(target)), mockcall.Ends(call.Transferred)}
}

func and(checks []mockcall.Check, more ...mockcall.Check) []mockcall.Check {
	return append(append([]mockcall.Check(nil), checks...), more...)
}

// says checks that Sona said one of these words.
func says(words ...string) mockcall.Check {
	return func(r *mockcall.Result) error {
		for _, t := range r.Record.Turns {
			for _, w := range words {
				if t.By == call.ByAgent && strings.Contains(strings.ToLower(t.Heard()), w) {
					return nil
				}
			}
		}
		return fmt.Errorf("Sona says none of %q", words) //nolint:staticcheck // a name begins the sentence
	}
}

// number is what callers say when they are asked for theirs.
func number(job string) mockcall.Check {
	return mockcall.Collected(job, "Callback number", "5550101234")
}

// scenarios are the 20, the plainest first.
var scenarios = []scenario{
	{
		name: "message", desk: front, job: template.TakeAMessage,
		opening: "Hi, I'd like to leave a message for the owner.",
		answers: []answer{to("who is|recipient|for whom", "The owner."), to("message", "The boiler leaks again."), to("time", "In the afternoon.")},
		checks:  and(ended, number("Take a message")),
	},
	{
		name: "person", desk: front, job: template.TalkToAPerson,
		opening: "I want to speak to a real person, please.",
		answers: []answer{to("transfer|connect|put you through", yes), to("person|department|who would", "The dispatcher."), to("topic|about|regarding", "A delivery that did not come.")},
		checks:  transferred("inbox:front-desk"),
	},
	{
		name: "appointment", desk: bookings, job: template.ScheduleAnAppointment,
		opening: "I'd like to make a new appointment.",
		answers: visit(),
		checks:  and(ended, number("Schedule an appointment")),
	},
	{
		name: "intake-form", desk: bookings, job: template.SendAnIntakeForm,
		opening: "I am a new patient and need the intake form.",
		answers: []answer{to("service", "A check-up."), to("arrive|text|receive|come through", "Yes, it did.")},
		checks:  and(ended, mockcall.Once(job.SendSMS)),
	},
	{
		name: "lead", desk: service, job: template.QualifyALead,
		opening: "I'm a new customer and would like a quote for a project.",
		answers: lead(yes),
		checks:  transferred("inbox:sales"),
	},
	{
		name: "lead-declines", desk: service, job: template.QualifyALead,
		opening: "I'm a new customer and would like a quote for a project.",
		answers: lead(no),
		checks:  and(ended, number("Qualify a lead")),
	},
	{
		name: "person-declines", desk: front, job: template.TalkToAPerson,
		opening: "Can I talk to a human at the front desk?",
		answers: []answer{to("transfer|connect|put you through", no), to("person|department|who would", "The front desk."), to("topic|about|regarding", "An invoice.")},
		checks:  and(ended, number("Talk to a person")),
	},
	{
		name: "manager", desk: front, job: template.EscalateToAPerson,
		opening: "I want to speak to your manager. I have called before and nobody got back to me.",
		answers: manager(yes),
		checks:  transferred("inbox:managers"),
	},
	{
		name: "manager-away", desk: front, job: template.EscalateToAPerson,
		opening: "I want to speak to your manager. I have called before and nobody got back to me.",
		answers: manager(yes),
		faults:  map[job.ActionName]error{job.TransferCall: errNobody},
		checks:  []mockcall.Check{mockcall.Exactly(0, job.TransferCall), mockcall.Once(job.EndCall), mockcall.Ends(call.Ended)},
	},
	{
		name: "complaint", desk: front, job: template.TakeAComplaint,
		opening: "I'm very unhappy with the repair and want to complain.",
		answers: []answer{
			to("order number", "I don't have one."), to("date|when", "Last Monday."), to("solution|resolve|like us to do|want us", "I want my money back."),
			to("wrong|complaint|happened|tell me", "The repair lasted for two days only."),
		},
		checks: and(ended, number("Take a complaint")),
	},
	{
		name: "move-booking", desk: bookings, job: template.ChangeOrCancelABooking,
		opening: "I have an appointment already and need to move it.",
		answers: []answer{
			to("move or|move the|cancel", "I want to move it."), to("new time|which time|what time", "Ten in the morning."),
			to("new date|new day|move it to", "Next Friday."), to("booking number|reference", "I don't have it."), to("date|when|day", "This Tuesday."),
		},
		checks: and(ended, mockcall.Collected("Change or cancel a booking", "Move or cancel", "move")),
	},
	{
		name: "cancel-booking", desk: bookings, job: template.ChangeOrCancelABooking,
		opening: "I can't come to my booking and want to call it off.",
		answers: []answer{to("move or|move the|cancel", "I want to cancel it."), to("booking number|reference", "I don't have it."), to("date|when|day", "This Tuesday.")},
		checks:  and(ended, mockcall.Collected("Change or cancel a booking", "Move or cancel", "cancel")),
	},
	{
		name: "text-fails", desk: bookings, job: template.SendAnIntakeForm,
		opening: "I need the paperwork to sign up as a new client.",
		answers: []answer{to("email", "It's jane@example.com."), to("service", "A check-up."), to("arrive|text|receive|come through", "No.")},
		faults:  map[job.ActionName]error{job.SendSMS: &runtime.SMSError{Reason: runtime.SMSLandline}},
		checks:  and(ended, mockcall.Exactly(0, job.SendSMS), mockcall.Asks("email")),
	},
	{
		name: "fixed", desk: service, job: template.Troubleshoot,
		opening: "My router is broken, it lost its connection.",
		answers: broken("Yes, it works now."),
		checks:  ended,
	},
	{
		name: "not-fixed", desk: service, job: template.Troubleshoot,
		opening: "My router does not work and shows an error.",
		answers: broken("No, it still does not work."),
		checks:  transferred("inbox:support"),
	},
	{
		name: "emergency", desk: service, job: template.AfterHoursTriage,
		opening: "It's an emergency, a pipe burst and you are closed!",
		answers: night("No, it cannot wait.", "Water runs down the wall.", yes),
		checks:  transferred("inbox:on-call"),
	},
	{
		name: "can-wait", desk: service, job: template.AfterHoursTriage,
		opening: "I know you are closed at night, but we have no heating.",
		answers: night("Yes, it can wait.", "The heating is cold.", no),
		checks:  and(ended, number("After-hours triage")),
	},
	{
		name: "question-between", desk: front, job: template.TakeAMessage,
		opening: "I'd like to leave a message.",
		answers: []answer{
			first("name", "Are you open on Monday?"),
			to("who is|recipient|for whom", "The owner."), to("message", "The boiler leaks again."), to("time", "In the afternoon."),
		},
		checks: and(ended, says("8", "eight")),
	},
	{
		name: "keeps-to-himself", desk: front, job: template.TakeAMessage,
		opening: "Please take a message for the owner.",
		answers: []answer{to("who is|recipient|for whom", "The owner."), to("message", "The boiler leaks again."), to("time", "I prefer not to say.")},
		checks:  and(ended, mockcall.Collected("Take a message", "Preferred callback time", nil)),
	},
	{
		name: "changes-subject", desk: bookings, job: template.ScheduleAnAppointment,
		opening: "Could somebody ring me back? I want to leave a message.",
		answers: append([]answer{
			first("name", "Actually, I'd rather book a new appointment for a check-up instead."),
		}, visit()...),
		checks: []mockcall.Check{mockcall.Once(job.EndCall), mockcall.Ends(call.Ended)},
	},
}

func visit() []answer {
	return []answer{
		to("service", "A check-up."), to("first visit|been here|visited", "Yes, it is."), to("date and time|day and time", "Next Tuesday at ten in the morning."),
		to("time", "Ten in the morning."), to("date|day", "Next Tuesday."), to("message", "No message, the appointment is all."),
	}
}

func lead(transfer string) []answer {
	return []answer{
		to("transfer|connect|put you through", transfer), to("project|need help with", "A new kitchen."), to("start|when", "Next month."), to("budget", "Ten thousand dollars."),
	}
}

func manager(transfer string) []answer {
	return []answer{
		to("transfer|connect|put you through", transfer), to("case number", "I don't have one."),
		to("matter|issue|about|happened|concern", "The repair was never finished."),
	}
}

func broken(solved string) []answer {
	return []answer{
		to("transfer|connect you|put you through", yes), to("error message|error", "It says no signal."), to("which product|product", "The router."),
		to("solved|fixed|working|work now|help", solved), to("problem|wrong", "It has no connection."),
	}
}

func night(wait, happened, transfer string) []answer {
	return []answer{
		to("transfer|connect|put you through", transfer), to("wait", wait), to("address|where|street", "12 Harbour Street."),
		to("emergency|happened|going on", happened),
	}
}
