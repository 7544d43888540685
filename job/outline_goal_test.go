package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestTheGoalIsTheSentenceThatSaysWhatTheJobIsFor(t *testing.T) {
	for name, c := range map[string]struct{ text, goal string }{
		"this job":                  {"This job books tables. Ask for a day.", "This job books tables."},
		"after a title":             {"# Booking\n\nThis call books a table.\n1. Ask.", "This call books a table."},
		"goal:":                     {"Goal: book a table\n1. Ask.", "book a table"},
		"in bold":                   {"**Goal:** book a table.\n1. Ask.", "book a table."},
		"the objective":             {"The objective is to book a table.", "The objective is to book a table."},
		"your main goal":            {"You are Ana. Your main goal is to book tables.", "Your main goal is to book tables."},
		"purpose as heading":        {"# Purpose\nBook a table for the caller.\n# Steps\n1. Ask.", "Book a table for the caller."},
		"who comes before what for": {"# Identity and purpose\nYou are Tom. You book tables for us.", "You book tables for us."},
		"label, text below":         {"Objective:\nBook a table.", "Book a table."},
		"goal as an entry":          {"- Goal: book a table\n- Ask.", "book a table"},
		"collect":                   {"Collect the caller's name and their reason. Then end the call.", "Collect the caller's name and their reason."},
		"help":                      {"Help callers book a table.\n1. Ask.", "Help callers book a table."},
		"take":                      {"Take a message for the team.", "Take a message for the team."},
		"you are helping":           {"You are helping the caller move a booking. Ask when.", "You are helping the caller move a booking."},
		"the caller wants":          {"The caller wants to book a table.\n1. Ask.", "The caller wants to book a table."},
		"wrapped":                   {"This job books a table for everybody who calls us in the\nevening.", "This job books a table for everybody who calls us in the\nevening."},
		"strong over weak":          {"Help everybody. Your goal is to book tables.", "Your goal is to book tables."},
		"Spanish":                   {"El objetivo es reservar una mesa.", "El objetivo es reservar una mesa."},
		"Spanish label":             {"Propósito: reservar una mesa.", "reservar una mesa."},
		"French":                    {"L’objectif est de réserver une table.", "L’objectif est de réserver une table."},
		"French order":              {"Recueillez le nom de l'appelant.", "Recueillez le nom de l'appelant."},

		"none":               {"Ask for the name. Then end the call.", ""},
		"an entry":           {"1. Collect the name.\n2. Thank them.", ""},
		"further down":       {"You are Ana. Help them.", ""},
		"the goal of a rule": {strings.Repeat("Be kind. ", 300) + "Your goal is to be brief.", ""},
		"no text":            {"", ""},
		"a heading alone":    {"# Goal", ""},
		"a lead to a list":   {"Collect the following:\n- name", ""},
		"a placeholder":      {"# Goal\n{task}\n# Rules\nBe kind.", ""},
		"how the call came":  {"This call has been transferred to you. This call may be recorded.", ""},
		"another goal":       {"The goalkeeper calls. The goal was scored.", ""},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.goal, job.ParseOutline(c.text).Goal) })
	}
}
