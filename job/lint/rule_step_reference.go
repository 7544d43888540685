package lint

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleStepReference = &rule{
	RuleInfo: RuleInfo{
		ID: "step-reference", Practice: Order, Severity: Warning, Language: "any",
		Title:   "Step that is not there",
		Catches: "A reference to a step that the job does not have: “go to step 7” in a job of five, “the previous step” in the first one.",
		Why:     "Sona goes on somewhere else than you meant, or makes up what the missing step says.",
		Source:  "Seed 45, Seed 50",
		How: "The word “step” (paso, étape) with a number behind it is compared with all numbers of lists and headings in the text, " +
			"“previous step” and “next step” with the first and the last of them. Quotations and examples are passed over.",
		Bad: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n   - If the caller refuses, go to step 5.\n3. Say goodbye."),
			says("Ask for the name. If the caller refuses, skip to step 4. Say goodbye."),
			says("1. Go back to the previous step if the name is unclear.\n2. Ask for the message."),
			says("1. Pida el nombre.\n2. Si no responde, vaya al paso 9.\n3. Despídase."),
		},
		Good: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n   - If the caller refuses, go to step 3.\n3. Say goodbye."),
			says("## Step 1: Name\n\nAsk for the name.\n\n## Step 2: Message\n\nAsk for the message. If it is unclear, repeat step 2."),
			says("1. Ask for the name.\n2. Explain the two-step check.\n   1. Send the code.\n   2. If it is wrong, repeat step 2.1.\n3. Say goodbye."),
			says("1. Ask for the name.\n2. Say: \"Open the manual at step 12.\""),
			says("1. Ask for the name.\n2. Say that the next steps follow by mail.\n3. If the caller agrees, leave out steps 1 and 2."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		hits := stepRefs.all(t)
		if len(hits) == 0 {
			return
		}
		known, top := t.stepNumbers()
		numbers := len(known)
		for _, h := range hits {
			if len(known) > numbers+mostMissing {
				return
			}
			s := t.sents[h.sent]
			if s.example || s.heading || t.quoted(t.words[h.from].span) {
				continue
			}
			if h.to-h.from > 1 {
				t.neighbour(h, top, found)
				continue
			}
			t.numberedRef(h, known, top, found)
		}
	},
}

const mostMissing = 20 // references that are reported; more of them have one cause

// stepRefs are words that a reference to a step begins with or consists of.
var stepRefs = phrases(`step|steps|paso|pasos|étape|étapes|l'étape|previous step|preceding step|step above|last step before|earlier step|go to the next step|skip the next step|skip to the next step
	move to the next step|move on to the next step|proceed to the next step|continue to the next step|continue with the next step`)

// stepNumbers returns the numbers of all entries and headings, and the outermost numbered ones.
func (t *text) stepNumbers() (known map[string]bool, top []job.Item) {
	ordered := 0
	for _, it := range t.out.Items {
		if it.Ordered {
			ordered++
		}
	}
	known, top = make(map[string]bool, ordered+8), make([]job.Item, 0, ordered)
	for _, it := range t.out.Items {
		if !it.Ordered || it.Number == "" {
			continue
		}
		number := strings.ToLower(it.Number)
		known[number] = true
		known[lastPart(number)] = true
		if it.Depth == 0 {
			top = append(top, it)
		}
	}
	for _, h := range stepRefs.all(t) {
		if at := t.words[h.from].span; h.to == h.from+1 && t.labelAt(at.Start) {
			known[t.numberAt(at.End)] = true // "### Step 1.2"
		}
	}
	return known, top
}

// numberAt returns the dotted number behind byte at and a blank, empty for none.
func (t *text) numberAt(at int) string {
	for at < len(t.s) && t.s[at] == ' ' {
		at++
	}
	n := at
	for n < len(t.s) && (digitByte(t.s[n]) || n > at && t.s[n] == '.' && n+1 < len(t.s) && digitByte(t.s[n+1])) {
		n++
	}
	return t.s[at:n]
}

// numberedRef looks at "step 7", "steps 8 and 9".
func (t *text) numberedRef(h hit, known map[string]bool, top []job.Item, found report) {
	at := t.words[h.to-1].span.End
	start := t.words[h.from].span.Start
	s := t.sents[h.sent]
	if start == s.span.Start || h.from == s.from || t.labelAt(start) {
		return // the step itself: "Step 2: …"
	}
	end := s.span.End
	for {
		for at < end && t.s[at] == ' ' {
			at++
		}
		n := at
		for n < end && (digitByte(t.s[n]) || n > at && t.s[n] == '.' && n+1 < end && digitByte(t.s[n+1])) {
			n++
		}
		if n == at || n-at > 6 {
			return
		}
		label := n
		if n < end && 'a' <= t.lower[n] && t.lower[n] <= 'z' && (n+1 == end || wordLen(t.s[n+1:]) == 0) {
			label = n + 1 // step 2a
		}
		number := t.lower[at:n]
		whole := number
		if label > n {
			whole = number + "." + t.lower[n:label]
		}
		if !known[number] && !known[whole] && !unnumbered(t, h, number) {
			have := fmt.Sprintf("the job has %d numbered steps", len(top))
			if len(top) == 0 {
				have = "no step of this job has a number"
			}
			known[whole] = true // reported once
			found(Finding{
				Span:     job.Span{Start: start, End: label},
				Message:  fmt.Sprintf("%s is named here, but %s.", capitalised("step "+t.s[at:label]), have),
				Question: "Which step is meant?",
			})
		}
		at = label
		for at < end && t.s[at] == ' ' {
			at++
		}
		switch rest := t.lower[at:end]; {
		case strings.HasPrefix(rest, "and "), strings.HasPrefix(rest, "or "):
			at += strings.IndexByte(rest, ' ')
		case strings.HasPrefix(rest, ","), strings.HasPrefix(rest, "-"):
			at++
		case strings.HasPrefix(rest, "–"):
			at += len("–")
		case strings.HasPrefix(rest, "to "):
			at += 2
		default:
			return
		}
	}
}

// unnumbered reports whether "step 2" may count what has no numbers: a text without any, in a sentence
// that sends nobody anywhere.
func unnumbered(t *text, h hit, number string) bool {
	n, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	_, sends := sendsTo.in(t, h.sent)
	return n <= 1 && !sends
}

var sendsTo = phrases(`go to|go back|return to|back to|skip|skip to|jump to|proceed to|continue with|continue at|continue to|move to|repeat|restart|start again|leave out|vaya|volver|vuelva|allez|passez|retournez`)

// labelAt reports whether a line begins at byte start, apart from marks.
func (t *text) labelAt(start int) bool {
	line, all := t.lineBefore(start, 40)
	return all && strings.Trim(line, " \t#*_->") == ""
}

// neighbour looks at "the previous step" in the first step, and at "the next step" in the last.
func (t *text) neighbour(h hit, top []job.Item, found report) {
	if len(top) < 2 {
		return
	}
	at := t.words[h.from].span
	message := ""
	switch last := t.word(h.to - 1); {
	case last == "step" && strings.Contains(t.span(h.from, h.to).In(t.lower), "next"):
		if at.Start > top[len(top)-1].Span.Start && t.sents[h.sent].item >= 0 && t.out.Items[t.sents[h.sent].item].Span == top[len(top)-1].Span {
			message = "The last step speaks of a next one."
		}
	case at.Start < top[0].Span.End && at.Start >= top[0].Span.Start:
		message = "The first step speaks of one before it."
	}
	if message != "" {
		found(Finding{Span: t.span(h.from, h.to), Message: message, Question: "Which step is meant?"})
	}
}
