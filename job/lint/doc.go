// Package lint reads the instructions of jobs as an experienced colleague would, before a caller does:
// is the goal named, is the order numbered, what happens when a caller says no, is anything said in a way
// that two people would understand differently, and do the jobs of one step contradict each other?
//
//	for _, f := range lint.Spec(spec, lint.Context{}) {
//		fmt.Println(f.Severity, f.Rule, f.Message)
//	}
//
// [Spec] looks at one text, saved or not; [Set] looks at the jobs of one step side by side. Both are
// offline, deterministic, take linear time, and never change anything: a [Finding] may carry a safe fix,
// a text to offer, or a question for the author. [Rules] lists what is looked for, and docs/lint.md
// says how often each rule was right on real texts.
//
// [NewReport] prints findings as a compiler does.
//
// The package is pure: no context, no I/O, no clock. It imports package job, the standard library and, for the width of
// characters, golang.org/x/text.
package lint
