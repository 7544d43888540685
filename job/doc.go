// Package job says what a Sona job is: a name, an optional description, an optional caller intent,
// instructions with inline actions and variables, and typed results. A [Spec] is what an author
// types; only [New], [Restore] and [Job.With] make a [Job] of it, and they check every rule, so a Job
// that breaks one cannot be constructed.
//
//	j, err := job.New(job.Spec{
//		Name:         "Take a message",
//		Instructions: "1. Ask for the caller's name.\n2. Ask what it is about. {{action end_call}}",
//	})
//
// Instructions are prose for a model, and stay the author's words. What can be read off them without a
// model is their [Outline]: the goal, the items of lists and the sentences that give an order, what to
// do when a caller leaves the script, actions, variables and facts. What a caller answers becomes a
// typed value by [Field.Parse]. Both understand English, Spanish and French.
//
// The package is a leaf: values and rules, no context, no I/O, no clock. It imports the standard
// library and golang.org/x/text for Unicode normalisation.
package job
