package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/job"
)

// What callers say, in their words: three for each template.
var callers = map[Name][]string{
	TakeAMessage: {
		"Hi, could I leave a message for Anna please?",
		"Just have somebody call me back when they get a minute.",
		"I'd like to leave word for the bookkeeper, can you pass it on?",
	},
	QualifyALead: {
		"Hello, I'm looking for a quote for a new roof.",
		"How much do you charge? We might hire you for a project in May.",
		"We are thinking of buying your software and would like to see a demo.",
	},
	EscalateToAPerson: {
		"I have called three times before and nothing happens. Give me your supervisor.",
		"Get me a manager, now.",
		"This was never resolved and it gets worse every hour.",
	},
	ScheduleAnAppointment: {
		"I'd like to make an appointment for a haircut on Friday.",
		"Do you have any free slots next week?",
		"Can I book a consultation with the doctor?",
	},
	SendAnIntakeForm: {
		"I'm a new client and I was told there is a form to fill in.",
		"Could you text me the link to the paperwork?",
		"I want to register with you, what do I have to sign?",
	},
	Troubleshoot: {
		"My thermostat is broken, it won't start any more.",
		"I keep getting an error on the screen.",
		"The router you sold me doesn't work, can you help me fix it?",
	},
	TalkToAPerson: {
		"I don't want a robot, give me a human.",
		"Can you connect me with the billing department?",
		"Operator, please. A live representative.",
	},
	ChangeOrCancelABooking: {
		"I need to cancel my appointment for tomorrow.",
		"Can we move my reservation to eight o'clock?",
		"I have to reschedule my booking, I cannot come on Monday.",
	},
	TakeAComplaint: {
		"I want to complain about the rude man at your counter.",
		"I am very unhappy with the service and I want my money back.",
		"Your bill is wrong and I'd like to file a complaint.",
	},
	AfterHoursTriage: {
		"There is a water leak in my kitchen and I know you're closed at this hour.",
		"It's an emergency, I'm locked out of my flat in the middle of the night.",
		"Sorry to ring on a holiday, but we have a power outage.",
	},
}

// All ten are attached to one step, and words alone tell which of them a caller means: by name,
// description, intent and goal, as the rehearsal model picks a job.
func TestEachCallerFindsTheirTemplate(t *testing.T) {
	var docs []bm25.Doc
	for _, tmpl := range All() {
		s := tmpl.Spec
		goal := job.ParseOutline(s.Instructions).Goal
		docs = append(docs, bm25.Doc{Text: strings.Join([]string{s.Name, s.Description, s.CallerIntent, goal}, "\n")})
	}
	index := bm25.New(slices.Values(docs))
	for i, n := range names {
		require.Len(t, callers[n], 3)
		for _, said := range callers[n] {
			hits := index.Rank(said, 2)
			if assert.NotEmpty(t, hits, said) {
				assert.Equal(t, n, names[hits[0].Doc], "%s: %s", names[i], said)
			}
		}
	}
}

// No two intents share more than a quarter of their telling words.
func TestIntentsAreDistinct(t *testing.T) {
	list := All()
	for i, a := range list {
		for _, b := range list[i+1:] {
			in, either := 0, map[string]bool{}
			mine := map[string]bool{}
			for _, w := range telling(a.Spec.CallerIntent) {
				mine[w], either[w] = true, true
			}
			seen := map[string]bool{}
			for _, w := range telling(b.Spec.CallerIntent) {
				if mine[w] && !seen[w] {
					in++
				}
				seen[w], either[w] = true, true
			}
			assert.Less(t, float64(in)/float64(len(either)), 0.25, "%s and %s", a.Name, b.Name)
		}
	}
}

// telling drops the words that every intent has.
func telling(intent string) []string {
	return slices.DeleteFunc(words(intent), func(w string) bool {
		return len(w) < 3 || slices.Contains([]string{"the", "caller", "wants", "want", "they", "and", "for", "that"}, w)
	})
}
