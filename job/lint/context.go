package lint

import "github.com/sonajobs/sona/job"

// Context is what surrounds the texts. The zero Context is useful: built-in actions only, targets,
// variables, pages and sizes unchecked.
type Context struct {
	Actions    []job.ActionSpec // of the host, besides the built-in ones
	Pages      []Page           // the Knowledge pages of the step
	Targets    []job.Target     // whom calls may be transferred to; nil: not checked
	Greeting   string           // what the step says first
	Guardrails []string         // rules for all jobs of the workspace
	Variables  []string         // the variables that the host gives; nil: not checked
	Jobs       []string         // names of the other jobs of the step; nil: not checked. Set fills it in
	Ignore     []string         // a RuleID hides its findings everywhere, a Finding.Ignore that finding
	MaxTokens  int              // of instructions and Knowledge of a step together, at 3 bytes a token; 0: not checked
}

// Page is a Knowledge page, as far as lint needs it.
type Page struct {
	ID    string
	Title string
	Text  string
}
