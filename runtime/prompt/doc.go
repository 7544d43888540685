// Package prompt assembles a Sona step's jobs and Knowledge into the agent's prompt. [Build] makes the
// stable part, a pure function of the snapshot: byte-equal for every call of the same published step and
// revisions, so that a provider's prompt cache holds it. [Prompt.For] adds what belongs to one call after
// it. Job and page texts stand inside fences that carry the workspace's nonce; what could end a fence,
// open another or pose as the assembler's own line is defused.
//
//	p, err := prompt.Build(snapshot, callflow.Sona, prompt.Options{})
//	p = p.For(prompt.CallContext{Now: now, Caller: caller})
//	fmt.Println(p.String())
//
// What does not fit the model's [Profile] is never cut: the [Plan] closes jobs, or leaves pages to be found, and
// else there is a *[BudgetError]. [Check] and [Impact] tell an author before a caller meets it. A [Parts] in
// the [Options] keeps what was prepared of each text, so that an edit prepares no other.
//
// A fence promises structure, not obedience: what a model may do is decided where actions are carried
// out. Pure: no context, no I/O, no clock. It imports callflow, callflow/call, callflow/knowledge and job.
package prompt
