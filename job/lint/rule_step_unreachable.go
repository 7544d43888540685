package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleStepUnreachable = &rule{
	RuleInfo: RuleInfo{
		ID: "step-unreachable", Practice: Order, Severity: Warning, Language: "en",
		Title:   "Step that is never reached",
		Catches: "A numbered step behind one that always transfers the call, sends the caller to voicemail, or ends the call.",
		Why:     "After a transfer, a voicemail or the end of the call Sona is out of it: what stands behind never happens.",
		Source:  "PRODUCT: actions",
		How: "An outermost numbered step acts so without a condition, and the next number of the same list follows; a step that is named " +
			"by its number elsewhere is passed over. Plain words count only as the order that the step begins with.",
		Bad: []Example{
			says("1. Ask for the name.\n2. Say goodbye and end the call: {{action end_call}}\n3. Ask for the message."),
			says("1. Ask for the name.\n2. Transfer the call: {{action transfer_call to=\"inbox:sales\"}}\n3. Ask whether that helped."),
			says("1. Ask for the name.\n2. End the call.\n3. Send a summary."),
			says("1. Ask for the name.\n   - If there is none, go to step 4.\n2. Put the caller through to the office.\n3. Ask for the message.\n4. Say goodbye."),
			says("1. Ask for the name.\n2. Ask for the day.\n3. Hang up.\n4. If the day is taken, offer another one."),
		},
		Good: []Example{
			says("1. Ask whether the caller agrees to a transfer.\n2. If the caller agreed, transfer the call: {{action transfer_call to=\"inbox:sales\"}}\n3. Ask for the message."),
			says("1. Ask for the name.\n   - If the caller refuses, go to step 3.\n2. Say goodbye and end the call: {{action end_call}}\n3. Say that it does not matter, and end the call: {{action end_call}}"),
			says("1. Ask for the name.\n2. Say goodbye and end the call: {{action end_call}}\n\n## If something goes wrong\n\n1. Ask once more."),
			says("1. If the caller has a bill, say where to pay it.\n2. Transfer the caller to the office.\n3. If the caller is angry, say that you are sorry."),
			says("1. Ask for the name.\n2. Say goodbye and end the call: {{action end_call}}\n3. Say that it does not matter.\n\nIf the caller has no name, do steps 1 to 3 again."),
			says("1. Ask for the name.\n2. Transfer the caller only if they agree.\n3. Ask for the message."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		for i, it := range t.out.Items {
			if it.Kind == job.ItemHeading || !it.Ordered || it.Depth > 0 || !t.leaves(it) {
				continue
			}
			next := t.below(i)
			if next == len(t.out.Items) || t.out.Items[next].Depth > 0 || !t.out.Items[next].Ordered || t.out.Items[next].Kind == job.ItemHeading {
				continue
			}
			n, ok := lastNumber(it.Number)
			m, ok2 := lastNumber(t.out.Items[next].Number)
			if !ok || !ok2 || m != n+1 || t.sentTo(n) || !t.actsToLeave(it) && t.alternative(i, next) {
				continue
			}
			sp := t.out.Items[next].Span
			found(Finding{
				Span:     sp,
				Message:  "Step " + t.out.Items[next].Number + " is never reached: the one before it, " + cite(it.Span.In(t.s)) + ", always ends Sona's part of the call.",
				Question: "Does the step before apply only under a condition, and which?",
				Also:     also([]job.Span{it.Span}),
			})
			return
		}
	},
}

var (
	leaveWords = phrases(`end the call|end call|hang up|disconnect the call|end the conversation|terminate the call|transfer the call|transfer the caller to|transfer the customer to|transfer the user to|transfer them to|transfer to the|transfer to a|transfer to an|connect the caller with|connect the caller to|connect the customer with|connect the customer to|connect them with|connect them to|put the caller through|put them through|transfer to voicemail|send the caller to voicemail|send them to voicemail`)
	maybeWords = phrases("if|when|whenever|unless|once|only|until|offer|ask|whether|may|can|could|before|never|not|do not|don't|or|option|should|available|ready|who|where needed")
)

// leaves reports whether item it ends Sona's part of the call whatever the caller says.
func (t *text) leaves(it job.Item) bool {
	if it.Kind == job.ItemBranch || it.Kind == job.ItemOffScript {
		return false
	}
	leave := t.actsToLeave(it)
	for i := t.sentAt(it.Span.Start); i < len(t.sents) && t.sents[i].span.Start < it.Span.End; i++ {
		if _, ok := maybeWords.in(t, i); ok || t.sents[i].example {
			return false
		}
		if h, ok := leaveWords.in(t, i); ok && !t.quoted(t.words[h.from].span) {
			before := t.word(h.from - 1)
			leave = leave || h.from == t.sents[i].from || before == "and" || before == "then"
		}
	}
	return leave
}

// actsToLeave reports whether item it has an inline action that ends Sona's part of the call.
func (t *text) actsToLeave(it job.Item) bool {
	for _, u := range t.out.Actions {
		if u.Span.Start >= it.Span.Start && u.Span.End <= it.Span.End && (u.Name == job.TransferCall || u.Name == job.Voicemail || u.Name == job.EndCall) {
			return true
		}
	}
	return false
}

// sentTo reports whether a sentence names the step behind number n: another way leads to it.
func (t *text) sentTo(n int) bool {
	for _, h := range stepRefs.all(t) {
		at := t.words[h.to-1].span.End
		for at < len(t.s) && t.s[at] == ' ' {
			at++
		}
		m := 0
		for at < len(t.s) && digitByte(t.s[at]) && m < 1000 {
			m = 10*m + int(t.s[at]-'0')
			at++
		}
		if m == n+1 {
			return true
		}
		if m <= n && m > 0 { // "steps 3 to 7" and "steps 3-7" name what lies between
			for at < len(t.s) && strings.ContainsRune(" -–to", rune(t.s[at])) || strings.HasPrefix(t.s[min(at, len(t.s)):], "–") {
				if strings.HasPrefix(t.s[at:], "–") {
					at += len("–")
				} else {
					at++
				}
			}
			to := 0
			for at < len(t.s) && digitByte(t.s[at]) && to < 1000 {
				to = 10*to + int(t.s[at]-'0')
				at++
			}
			if to > n {
				return true
			}
		}
	}
	return false
}

// alternative reports whether items i and next are cases and not steps: one of the entries below i begins with
// a condition, or the next one and others above do.
func (t *text) alternative(i, next int) bool {
	for k := i + 1; k < next; k++ {
		if kind := t.out.Items[k].Kind; kind == job.ItemBranch || kind == job.ItemOffScript {
			return true
		}
	}
	if kind := t.out.Items[next].Kind; kind != job.ItemBranch && kind != job.ItemOffScript {
		return false
	}
	cases, steps := 0, 0
	for k := i - 1; k >= 0 && t.out.Items[k].Kind != job.ItemHeading; k-- {
		if it := t.out.Items[k]; it.Depth == 0 && it.Ordered {
			if it.Kind == job.ItemBranch || it.Kind == job.ItemOffScript {
				cases++
			} else {
				steps++
			}
		}
	}
	return cases > 0 || steps == 0 // among steps one case more is a step, too
}
