// Package sona is the tour of Sona Jobs for Go; it holds documentation only.
//
// # The nouns
//
// A workspace has one library of jobs ([github.com/sonajobs/sona/job]): reusable instructions that say how an
// AI voice agent helps a caller. A call flow ([github.com/sonajobs/sona/callflow]) is what a call to a phone
// number goes through, step by step. A Sona step is the agent: up to ten jobs are attached to it, with pages of
// facts ([github.com/sonajobs/sona/callflow/knowledge]). A flow has a draft, which authors edit, and a published
// version, which callers meet. What happened on a call is its record
// ([github.com/sonajobs/sona/callflow/call]).
//
// # The path of the data
//
// A [github.com/sonajobs/sona/storage.Workspace] saves jobs, pages, flows and settings as revisions. When a call
// begins it joins the published version with the jobs and pages as they stand now into a snapshot: that is why an
// edit of a job reaches the next call at once, and an attachment only after a publish. The assembler
// ([github.com/sonajobs/sona/runtime/prompt]) turns the snapshot into a prompt. The runtime
// ([github.com/sonajobs/sona/runtime]) talks with the host's language model
// ([github.com/sonajobs/sona/runtime/model]), carries out the actions that the attached jobs contain, and leaves
// the record. A mock call ([github.com/sonajobs/sona/runtime/mockcall]) does the same with a draft, or with a job
// that nobody saved yet, and touches nothing that is live.
//
// # Where to go on
//
// Writing and checking jobs: job, job/template, job/lint, optimize. Building an editor: storage. A telephony host: runtime. Unit
// tests of your jobs: runtime/mockcall. A storage driver of your own: storage and storage/storagetest. A client
// for a language model of your own: runtime/model.
//
// # All errors
//
// Each is found by errors.Is (sentinels) or errors.AsType (types, always pointers), through any wrapping.
//
//	job.ValidationError            a text breaks rules; holds every *job.FieldError        show the fields to the author
//	job.FieldError                 a single value breaks a rule                            show it to the author
//	callflow.TooManyJobsError      the eleventh job of a step                              detach one first
//	callflow.StepError             a step or its exits break a rule, or no such step       Rule says which
//	callflow.ErrDraftClosed        a Draft used outside of EditDraft                       edit inside the function
//	knowledge.ReadError            an upload cannot be read; Rule says why                 hand in text, or another file
//	knowledge.TooLongError         an upload is longer than a page                         knowledge.Split makes several
//	storage.ErrNotFound            no such document in this workspace, or deleted          a *storage.RefError names it
//	storage.ErrConflict            somebody else saved meanwhile, or began this call       load and save again, or merge:
//	storage.JobConflictError         … a job: base, theirs, mine, and Merge
//	storage.PageConflictError        … a page, likewise
//	storage.SettingsConflictError    … the settings, likewise
//	storage.FlowConflictError        … a flow: its newest state
//	storage.ErrTaken               another published flow holds the number                 the *storage.RefError names it
//	storage.ErrInUse               a job or page is still attached                         a *storage.InUseError lists where
//	storage.ErrUnpublished         the flow has no published version                       publish it
//	prompt.BudgetError             jobs and pages do not fit the model                     it names what to shrink
//	prompt.ErrReceipt              a rebuilt prompt differs from its receipt               the message names the parts
//	prompt.VariableError           a variable has neither a value nor a default            declare it, or give it a default
//	model.Error                    a language model failed; Kind says how                  Retryable says whether to ask again
//	openai.ConfigError             a Config that cannot work                               Field names it
//	openai.APIError                a server refused; comes in a *model.Error               Status and Code say why
//	openai.DeadlineError           a deadline passed; comes in a *model.Error              Deadline says which
//	openai.LimitError              a reply out of all proportion; comes in a *model.Error
//	cassette.MismatchError         what is asked was not recorded                          read the difference, record anew
//	cassette.SecretError           a recording holds a key; nothing was written            take it out with Redact
//	cassette.FileError             a cassette cannot be read                               Line says where
//	runtime.ErrNoSonaStep          the flow has no Sona step                               go on with the flow yourself
//	runtime.ErrWhichStep           the flow has several Sona steps                         name one in Incoming.Step
//	runtime.ErrOver                the call is over                                        begin another one
//	runtime.SMSError               a text message was not sent; hosts return it            the agent offers another way
//	mockcall.ErrNoCaller           a mock call without a caller                            give one
//	mockcall.ErrEndless            a mock call did not end                                 look at the transcript
//	mockcall.ErrInvalidRun         a simulated caller left the brief                       a *mockcall.InvalidRunError says how
//	mockcall.ErrStale              a cassette recorded other texts                         record it again
//	mockcall.ErrNoChecks           a suite or run that checks nothing                      give a check
//	mockcall.ErrScenario           scenarios that cannot be run                            the message says which
//	mockcall.ErrScenarioFile       a file that holds no scenario                           the message says where
//	mockcall.ErrFailed             Report.Err: a suite failed                              look at the report
//	mockcall.GateError             a suite refused an edit                                 Receipt says what failed
//	mockcall.ErrBaseline           mutants of a suite that fails                           make it pass first
//	mockcall.ErrPair               a comparison of two different jobs                      give two texts of one
//	mockcall.ErrNotBroken          Bisect: the check passes on the call's texts            give a check that fails
//	mockcall.ErrNeverGood          Bisect: it fails on the oldest texts, too               no edit broke it
//	optimize.RefusedError          a rewrite lost or invented something                    Violations say what
//	optimize.ErrStale              a proposal for a text that was changed since            propose again
//	optimize.ErrNotAccepted        a warning was not accepted                              show it to the author
//	optimize.ErrNothingToUndo      Undo, Restore: nothing was optimized
//	optimize.ErrNothingToRedo      Redo: nothing was undone
//	optimize.ErrEditedSince        Undo after a manual edit                                offer Restore
//	runtime.LintError              a LintGate refused an edit                              Report shows what was found
//	sqlite.ErrClosed               any call after Close                                    open the file again
//	sqlite.ErrBusy                 another process held the file beyond BusyTimeout        nothing was written; try again
//	sqlite.ErrFull                 the disk is full (Open, Put, Backup)                    make room and try again
//	sqlite.ErrReadOnly             file or folder cannot be written to                     mend its rights
//	sqlite.ErrNotDatabase          Open: a folder, another format or program's file        give another path
//	sqlite.ErrCorrupt              something in the file is damaged                        Check says what; restore a backup
//	sqlite.CorruptError              … one document (Check, Put)                           it names it
//	sqlite.SchemaError             a newer version wrote the file (Open, Put)              use that version
//
// Errors of a driver itself (network, disk) match none of these. When ctx ends, its own error is returned.
package sona
