// Package call holds what happened on a call, as plain data: who called, what was said and heard, which
// jobs were used, what was done, how it ended, the summary, and the receipt of the prompt that the agent
// had. [WhyNot] answers why a job did not run.
//
// Values only: no context, no I/O, no clock. It imports callflow, callflow/knowledge and job.
package call
