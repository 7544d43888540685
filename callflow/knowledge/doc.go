// Package knowledge says what a Knowledge page is: a title and a text of business facts that a Sona
// step may look up. A page is not a job: a job says what to do on a call, a page what is true, and
// neither can stand where the other is asked for.
//
// A [Spec] is what an author types, uploads ([Read]) or takes from a website; only [New], [Restore]
// and [Page.With] make a [Page] of it, and they check every rule. [Split] turns a text that is too
// long into several pages. [NewIndex] finds the passages that answer a question:
//
//	page, err := knowledge.New(knowledge.Spec{Title: "Opening hours", Text: text})
//	…
//	for _, p := range knowledge.NewIndex(slices.Values(pages)).Find("are you open on Sunday?", 3) {
//		fmt.Println(p.Title, p.Text)
//	}
//
// The package is pure: values and rules, no context, no I/O, no clock. It may import the standard
// library, golang.org/x/text, package job and internal packages that are as pure.
package knowledge
