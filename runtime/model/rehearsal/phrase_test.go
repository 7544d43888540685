package rehearsal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnInstructionBecomesAQuestionToTheCaller(t *testing.T) {
	for instruction, want := range map[string]string{
		"Ask for the caller's full name.":                         "Could you tell me your full name?",
		"Ask the caller what they need.":                          "Could you tell me what you need?",
		"Get their street, and the house number.":                 "Could you tell me your street, and the house number?",
		"Find out which service the caller registers for.":        "Could you tell me which service you register for?",
		"Please also ask them for the order number [Look Up]":     "Could you tell me the order number?",
		"Ask \"May I have your name?\"":                           "May I have your name?",
		"Ask":                                                     "Could you tell me more?",
		"Start by asking the customer for their name using [Go].": "Could you tell me your name?",
	} {
		require.Equal(t, want, question(instruction), instruction)
	}
}

func TestAnInstructionBecomesWhatIsSaid(t *testing.T) {
	for instruction, want := range map[string]string{
		"Tell the caller that we call them back tomorrow.":     "We call you back tomorrow.",
		"Tell the caller to send the form back.":               "Please send the form back.",
		"Say that the office is closed, and say goodbye.":      "The office is closed. Goodbye.",
		"Say \"Welcome to Acme.\" and wait":                    "Welcome to Acme.",
		"Thank the caller for calling, wish them a good day":   "Thank you for calling. Have a good day.",
		"Thank them and wish the caller well":                  "Thank you. All the best.",
		"Look the order up in the system.":                     "",
		"End the call: {{action end_call}}":                    "",
		"Explain that you are an AI and that they can hang up": "I am an AI.",
		"Let them know that {{business}} is closed.":           "Business is closed.",
	} {
		require.Equal(t, want, sayIt(instruction), instruction)
	}
}

func TestWhatIsReadBackIsAnAnswer(t *testing.T) {
	for _, step := range []string{
		"Read the number back.", "Read it back to the caller", "Read back what you noted", "Repeat the address.", "Repeat it back",
		"Spell the last name back.", "Say it back.", "Say them back to the caller.", "Say that back", "Say the number back to them and wait.",
		"Say the caller's phone number back.", "Say all the answers back.", "Say back what they said.", "Say the number slowly, digit by digit.",
		"say the address again", "Say it once more.", "Recap.", "Summarise the order.",
	} {
		require.True(t, isReadBack(step), step)
	}
	for _, step := range []string{
		"Say that the manager calls back.", "Say the manager calls back.", "Say that we call you back tomorrow.", "Say the owner will call them back.",
		"Say that it is closed.", "Say that the book is back in stock.", "Say it is closed on Sundays.", "Say that the number is on the website.", "Say \"I'll be right back.\"",
		"Say that somebody will get back to them.", "Say goodbye.", "Say the magic word.", "Tell the caller that the manager calls back.",
	} {
		require.False(t, isReadBack(step), step)
	}
}

func TestConditionsAreReadByTheirWords(t *testing.T) {
	for head, want := range map[string]condition{
		"If the caller agrees":                   onYes,
		"If the text arrived":                    onYes,
		"When the caller declines":               onNo,
		"If the caller does not agree":           onNo,
		"If they don't want it":                  onNo,
		"If the caller prefers a callback":       onNo,
		"If the problem remains":                 onNo,
		"If starting the transfer fails":         onFail,
		"If the caller lives in another country": unknown,
	} {
		got, rest := splitCondition(head + ", go to step 9.")
		require.Equal(t, want, got, head)
		require.Equal(t, "go to step 9.", rest)
	}
	none, rest := splitCondition("Go to step 9.")
	require.Equal(t, always, none)
	require.Equal(t, "Go to step 9.", rest)
	without, _ := splitCondition("If it rains")
	require.Equal(t, unknown, without)
}
