package lint

import "github.com/sonajobs/sona/job"

var ruleGoalTwice = &rule{
	RuleInfo: RuleInfo{
		ID: "goal-twice", Practice: Goal, Severity: Hint, Language: "en",
		Title:   "Two goals",
		Catches: "A goal that is named twice, in different words.",
		Why:     "Sona works towards one of the two, and you cannot tell which.",
		Source:  "Seed 49; incident of another product: a rewritten prompt was pasted above the old one",
		How: "Two sentences begin with words such as “your goal is” or “this job” and a verb, or two headings speak of a goal, with other sentences between them. " +
			"Goals of single steps are not seen as such when they are worded like this.",
		Bad: []Example{
			says("Your goal is to take a message.\n\n1. Ask for the name.\n2. Ask for the message.\n\nYour goal is to book a table for the caller."),
			says("## Goal\n\nTake a message.\n\n## Steps\n\n1. Ask for the name.\n\n## Goal\n\nBook a table."),
		},
		Good: []Example{
			says("Your goal is to take a message. The goal is reached when the caller has nothing to add.\n\n1. Ask for the name."),
			says("This job takes a message.\n\n1. Ask for the name.\n2. Say that this job is done."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		first, heading := -1, -1
		for i, s := range t.sents {
			if s.example {
				continue
			}
			before := &first
			if s.heading {
				if _, ok := goalHeads.in(t, i); !ok || s.to-s.from > 3 {
					continue
				}
				before = &heading
			} else if _, ok := goalSays.begins(t, i); !ok {
				continue
			}
			if *before >= 0 && i-*before > 1 {
				found(Finding{
					Span:     s.span,
					Message:  "The goal stands here, " + cite(s.span.In(t.s)) + ", and further up, " + cite(t.sents[*before].span.In(t.s)) + ".",
					Question: "Which of the two is the goal of this job?",
					Also:     also([]job.Span{t.sents[*before].span}),
				})
				return
			}
			if *before < 0 {
				*before = i
			}
		}
	},
}

var (
	goalSays = phrases(`your goal is|your main goal is|your primary goal is|your overall goal is|your objective is|your primary objective is|your mission is|your task is to|your job is to
		the goal of this job is|the goal of this call is|the goal of the call is|this job takes|this job collects|this job books|this job helps|this job handles|this job connects|this job schedules|this job qualifies|this job brings|this job sorts|this job notes|this job solves|this job sends`)
	goalHeads = phrases("goal|your goal|objective|your objective|purpose|mission|the goal|main goal|primary goal")
)
