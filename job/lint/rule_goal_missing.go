package lint

import "github.com/sonajobs/sona/job"

var ruleGoalMissing = &rule{
	RuleInfo: RuleInfo{
		ID: "goal-missing", Practice: Goal, Severity: Warning, Language: "any",
		Title:   "Goal missing",
		Catches: "Instructions that nowhere near their beginning say what the job is for.",
		Why:     "Without a goal Sona cannot tell what still belongs to the job and when it is done.",
		Source:  "Seed 49",
		How:     "The outline finds no sentence about a goal, and what stands above the first step, up to eight sentences, has no word for a task, a role or a purpose. A goal in other words is not seen.",
		Bad: []Example{
			says("1. Ask for the full name.\n2. Ask for the callback number.\n3. Say goodbye and end the call."),
			says("You are Mia, a cheerful receptionist. Be warm and patient. Speak slowly. Never interrupt."),
		},
		Good: []Example{
			says("This job takes a message for the office.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye and end the call."),
			says("## Goal\n\nA booked table.\n\n1. Ask for the date.\n2. Ask how many people come."),
			says("You are a voice agent of the clinic who is handling calls about appointments. Be warm and patient. Speak slowly."),
			says("Ask for the name."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if t.out.Goal != "" || len(t.words) < 14 {
			return
		}
		said := 0
		for i, s := range t.sents[:min(len(t.sents), 8)] {
			if t.ordered(s) && !s.heading || t.kind(s) == job.ItemAsk || said == 4 {
				break
			}
			if t.namesPurpose(i) {
				return
			}
			if !s.heading {
				said++
			}
		}
		found(Finding{
			Message: "Nothing at the beginning says what this job is for.",
			Offer:   &Fix{Span: job.Span{}, Text: "This job ____, and is done when ____.\n\n"},
		})
	},
}

// namesPurpose reports whether sentence i says what the job is for: "you handle calls about …". A heading
// "Goal" alone does not, and of a sentence that says who Sona is, its adjectives do not.
func (t *text) namesPurpose(i int) bool {
	s := t.sents[i]
	if s.example {
		return false
	}
	if s.heading && s.to-s.from <= 4 {
		_, ok := taskHeads.in(t, i)
		return ok
	}
	if _, ok := taskOrders.begins(t, i); ok && !s.heading && !t.ordered(s) && (i == 0 || t.sents[i-1].heading) {
		return true
	}
	if _, role := roles.begins(t, i); role {
		_, ok := rolePurposes.in(t, i)
		return ok
	}
	_, ok := purposes.in(t, i)
	return ok
}

var (
	roles        = phrases("you are a|you are an|you are the|you're a|you're an|you're the|act as|you are")
	rolePurposes = phrases(`help | helps | helping | handle | handles | handling | assist | assists | assisting | responsible | answer | answers | answering | specializing | specialising | specializes | specialized in | focused on | dedicated to | designed to | in charge of
		who takes | who books | who schedules | collecting | gathering | confirming | presenting | providing | verifying | processing | wrapping up | modifying | taking | booking | resolving | guiding | communicating | talking to | calling | screening | reviewing | conducting | interviewing | classifying | evaluating | expert at | skilled at | speaking with | to triage | working as | working in | support agent for | agent for the | for handling | whose job`)
	taskOrders = phrases(`evaluate | detect | generate | classify | analyze | analyse | extract | summarize | summarise | produce | review | conduct | assess | compare | translate | given a | given an | given the`)
	taskHeads  = phrases(`task | tasks | responsibility | responsibilities | duties | procedure for | procedure to | process for | policy for | guide for | steps to | how to | instructions for | workflow for | closure process | capabilities | scope | when to use | when to use this`)
)

// purposes are words that say what something is for.
var purposes = phrases(`goal | goals | objective | objectives | purpose | mission | aim | task is | tasks are | task | tasks | your job | this job | your role is | role is to
	responsible for | responsibility | responsibilities | duties | your duty | job is | procedure for | procedure when | procedure to | process for | policy for | guide for
	steps to | steps for | how to | instructions for | workflow for | handle | handles | handling | help | helps | helping | assist | assists | assisting | support | supports
	wants to | want to | would like | wishes to | needs to | trying to | looking to | calling to | calls to | calls about | has a question | questions about
	collect | collecting | gather | gathering | qualify | qualifying | schedule | scheduling | book | booking | triage | route | routing | screen | screening | verify | verifying
	you provide | you answer | you take | you book | you sell | you process | you manage | you conduct | you confirm | to get their | to get the caller | to get the customer | providing | wrapping up | confirming | transferring | taking | answer questions | answering | resolve | resolving | troubleshoot | troubleshooting
	determine | determines | determining | identify | to complete | to retrieve | use the | use this | main effort | interaction ends | call ends | specializing in | specialising in | specialize in | focused on | dedicated to | designed to | in charge of | used to | used for | use this
	objetivo | tarea | ayuda | ayudar | atiende | atender | encarga | propósito | objectif | tâche | mission | aider | aidez | chargé de | chargée de | traiter | but de`)
