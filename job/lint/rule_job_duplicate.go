package lint

import "fmt"

var ruleJobDuplicate = &rule{RuleInfo: RuleInfo{
	ID: "job-duplicate", Practice: Together, Severity: Warning, Language: "any", Set: true,
	Title:   "Nearly the same job",
	Catches: "Two or more jobs of a step have nearly the same instructions.",
	Why:     "Sona cannot tell which of them to follow, and an edit of one leaves the others as they were.",
	Source:  "Issue 7: near-duplicate job",
	How:     "Every three words in a row are compared between jobs; three of four must be shared. Short jobs, under fifteen words, are passed over.",
	Bad: []Example{
		together(Context{},
			spec("Book a visit", "1. Ask for the caller's name.\n2. Ask for the day that suits them best.\n3. Read the day back and confirm it.\n4. Say that a message follows."),
			spec("Book an appointment", "1. Ask for the caller's name.\n2. Ask for the day that suits them best.\n3. Read the day back and confirm it.\n4. Say that an e-mail follows.")),
	},
	Good: []Example{
		together(Context{},
			spec("Book a visit", "1. Ask for the caller's name.\n2. Ask for the day that suits them best.\n3. Read the day back and confirm it.\n4. Say that a message follows."),
			spec("Cancel a visit", "1. Ask for the caller's name.\n2. Ask for the day of the visit.\n3. Say until when it can be cancelled for free.\n4. Ask whether to cancel it.")),
		together(Context{}, spec("Yes", "Say yes."), spec("Also yes", "Say yes.")),
	},
}, set: func(s *set, report report) {
	for _, group := range s.twins() {
		f := s.found(group[0], s.texts[group[0]].wholeSpan())
		for _, i := range group[1:] {
			f.Also = append(f.Also, s.at(i, s.texts[i].wholeSpan()))
		}
		f.Message = fmt.Sprintf("%s nearly the same instructions.", s.namesOf(group))
		f.Question = "Can they be one job?"
		f.Ignore = s.jobsKey(group)
		report(f)
	}
}}
