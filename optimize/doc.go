// Package optimize makes the wording of a job better without losing what it says. An [Optimizer] suggests;
// [Propose] compares the suggestion with what the author wrote and makes a [Proposal] of it, or refuses;
// nothing is saved. An [Editor] is the buffer behind a form: type, optimize, undo, redo.
//
//	p, err := optimize.Propose(ctx, optimizer, optimize.Request{Spec: spec})
//	if refused, ok := errors.AsType[*optimize.RefusedError](err); ok {
//		for _, v := range refused.Violations {
//			fmt.Println(v.Message) // what the suggestion would have lost
//		}
//	}
//
// [Check] is the guard. It reads both texts as sentences and facts: actions, variables, numbers, prices,
// times, names, quotations, addresses, negations, bounds, conditions, the order of numbered steps. What is lost
// or invented is a hard [Violation], and refused; other wording that changed is a soft one, which the author sees
// and accepts. The guard compares words, not thoughts: it does not know synonyms, and a faithful rewrite is
// sometimes refused. It never repairs anything.
//
// Of the library the package imports job, job/lint and callflow/call; saving is the host's business, and
// model-backed optimizers stand in optimize/rewrite.
package optimize
