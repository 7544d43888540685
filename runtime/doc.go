// Package runtime runs calls: it takes a published Sona step, assembles its prompt, talks with the host's
// language model, strips the marks of its replies, carries out the actions of the attached jobs, and leaves
// a record. A [Chat] is for hosts that exchange text; a [Session] is for hosts with a line, which put in
// what the caller does and are told what to say.
//
// One goroutine owns all state of a call. What the model says is untrusted: it can only name an action that
// an attached job contains, with texts and targets from the job; everything else is answered with an error
// that the model reads.
//
// The package shadows the standard one of the same name; a file that needs both writes
//
//	import sonaruntime "github.com/sonajobs/sona/runtime"
//
// It imports storage, runtime/model, runtime/prompt and what is below them, no driver and no provider.
package runtime
