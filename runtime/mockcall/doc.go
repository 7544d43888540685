// Package mockcall rehearses a call before callers meet it: on the draft of a flow, or with a candidate of a
// job that nobody saved. It runs the same runtime as a live call; actions are dry unless Config.Live says
// otherwise, the effects that they would have had stand in the record, the record is marked as a test and stored
// nowhere, and nothing that is live is touched.
//
// [New] makes a call in a test, turn by turn; [Run] makes one in one go with a [Caller], such as a [Script] or a
// [Persona], and [Assert] checks what came of it. A [World] stands for what the host's actions act on.
//
// Job edits are live at once, so a mock call with a candidate is the only way to try an edit safely. It
// imports runtime and what is below it, and of the standard testing package only the interface TB: no flag
// is registered.
package mockcall
