// Package callflow says what a call goes through: a [Flow] has a draft that authors edit and a
// published [Version] that callers meet. A version names jobs and Knowledge pages and holds no copy of
// them; that shape is the rule that job edits apply at once and attachment changes only on publish.
// A [Snapshot] joins a version with the jobs and pages as they stand, once, when a call begins.
//
// Values and rules only: no context, no I/O, no clock. It imports job and callflow/knowledge.
package callflow
