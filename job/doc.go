// Package job says what a Sona job is: a name, an optional description, an optional caller intent,
// instructions with inline actions and variables, and typed results. A [Spec] is what an author
// types; only [New], [Restore] and [Job.With] make a [Job] of it, and they check every rule, so a Job
// that breaks one cannot be constructed.
//
// The package is a leaf: values and rules, no context, no I/O, no clock. It imports the standard
// library and golang.org/x/text for Unicode normalisation.
package job
