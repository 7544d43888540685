package lint

import "github.com/sonajobs/sona/job"

// RuleID names a rule: lower-case words with hyphens, such as "goal-missing". It never changes its meaning.
type RuleID string

// Finding is one thing that the author should look at. It says where, what and why in words for
// people who never wrote a prompt, and carries at most one of Fix, Offer and Question.
type Finding struct {
	Rule     RuleID   `json:"rule"`
	Severity Severity `json:"severity"`
	Job      job.ID   `json:"job,omitempty"`  // of a saved job, from Set
	Name     string   `json:"name,omitempty"` // of the job, for people
	Field    string   `json:"field"`          // as in job.FieldError: instructions, callerIntent, name, results[0].ask; of the Context: pages[0].text, guardrails[0], greeting
	Span     job.Span `json:"span"`           // bytes of the cleaned field; empty when the field as a whole is meant
	Message  string   `json:"message"`        // one sentence, what is there
	Why      string   `json:"why"`            // one sentence, what it does to a call

	Fix      *Fix    `json:"fix,omitempty"`      // safe: says the same, better; may be applied unseen
	Offer    *Fix    `json:"offer,omitempty"`    // a scaffold that adds something: the author must accept and fill it
	Question string  `json:"question,omitempty"` // only the author knows the answer
	Also     []Place `json:"also,omitempty"`     // what it clashes with, elsewhere

	// Ignore hides this finding when it stands in Context.Ignore: the rule and a short hash of the sentence's
	// words. It survives edits elsewhere in the text, and ends when the sentence itself is changed.
	Ignore string `json:"ignore"`
}

// Fix replaces the bytes Span of the cleaned field by Text.
type Fix struct {
	Span job.Span `json:"span"`
	Text string   `json:"text"`
}

// Apply returns text with the fix made; text as it is, when the span does not lie within it.
func (f Fix) Apply(text string) string {
	if f.Span.Start < 0 || f.Span.End < f.Span.Start || f.Span.End > len(text) {
		return text
	}
	return text[:f.Span.Start] + f.Text + text[f.Span.End:]
}

// Place is another place that a finding speaks of: in the same text, in another job or on a page.
type Place struct {
	Job   job.ID   `json:"job,omitempty"`
	Page  string   `json:"page,omitempty"` // ID of a page
	Name  string   `json:"name,omitempty"` // of the job, or title of the page
	Field string   `json:"field"`          // as in Finding; "text" of a page
	Span  job.Span `json:"span"`
}
