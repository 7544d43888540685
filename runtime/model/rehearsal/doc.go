// Package rehearsal is a stand-in for a language model that needs no network and costs nothing: it picks the
// job whose words fit the caller's best, walks its steps in order, asks one thing at a time, minds what the
// job says about callers who decline, names the job's actions at their place, answers facts from Knowledge,
// and ends where the job ends. Its replies depend on the request alone.
//
// It shows whether a job can be walked from end to end: a dead end, an action that is never reached, a
// result that nobody asks for. It does not predict what a language model would say or do. It speaks English.
package rehearsal
