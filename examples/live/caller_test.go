package main

import (
	"testing"

	"github.com/sonajobs/sona/callflow/call"
)

func TestACallerAnswersWhatIsAsked(t *testing.T) {
	c := caller("Hello.", []answer{first("name", "Who is asking?"), to("time", "At ten.")})
	turns := func(texts ...string) (all []call.Turn) { // Sona begins
		for i, text := range texts {
			by := call.ByAgent
			if i%2 == 1 {
				by = call.ByCaller
			}
			all = append(all, call.Turn{By: by, Text: text})
		}
		return all
	}
	tests := []struct {
		name   string
		heard  []call.Turn
		say    string
		hangUp bool
	}{
		{"first words", turns("How can I help?"), "Hello.", false},
		{"not understood", turns("How can I help?", "Hello.", "With what?"), "Hello.", false},
		{"a question of the scenario", turns("", "Hello.", "Thank you. At what time?"), "At ten.", false},
		{"an answer that comes once", turns("", "Hello.", "Your NAME?"), "Who is asking?", false},
		{"asked again", turns("", "Hello.", "Your name?", "Who is asking?", "Sona. Your name?"), "Jane Doe.", false},
		{"the last question counts", turns("", "Hello.", "At what time? Sorry: which number is best?"), "It's 555 010 1234.", false},
		{"a read-back", turns("", "Hello.", "Your number is 555 010 1234, is that right?"), "Yes, that's right.", false},
		{"nothing asked", turns("", "Hello.", "One moment."), "Okay.", false},
		{"not known", turns("", "Hello.", "x?", "y", "What is the meaning of it?"), "I don't know.", false},
		{"farewell", turns("", "Hello.", "Thank you. Goodbye."), goodbye, false},
		{"after the farewell", turns("", "Hello.", "Goodbye.", goodbye, "Bye."), "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			say, hangUp, err := c.Next(t.Context(), tt.heard)
			if say != tt.say || hangUp != tt.hangUp || err != nil {
				t.Errorf("%q, %t, %v", say, hangUp, err)
			}
		})
	}

	var endless []call.Turn
	for range mostSaid {
		endless = append(endless, turns("What?", "Eh?")...)
	}
	if _, hangUp, _ := c.Next(t.Context(), endless); !hangUp {
		t.Error("patience without an end")
	}
}
