package rehearsal

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// script is a job as the rehearsal walks it.
type script struct {
	handle string
	job    job.Job
	beats  []beat
	rule   refusalRule // of the whole job
	sendTo string      // handle of a voicemail action outside of the steps
}

// beat is one thing to do.
type beat struct {
	step     string
	kind     beatKind
	text     string // what is said, or the question
	yesNo    bool   // the question has yes and no for answers
	field    string // name of the result that the question collects
	cond     condition
	action   job.ActionName
	handle   string
	rule     refusalRule // of this step; none = the job's
	branches []branch
}

type beatKind int

const (
	say beatKind = iota
	ask
	readBack // repeats the last answer and asks whether it is right
	act
)

// branch is what a step says about an answer or a failure.
type branch struct {
	when condition
	to   string // the step to go on with; empty = go on
	text string // what is said
	act  *beat  // what is done
}

// compile reads a job's outline as a script. Handles of actions are the prompt's.
func compile(p prompt.Prompt, planned prompt.PlannedJob) script {
	c := compiler{p: p, planned: planned, spec: planned.Job.Spec(), outline: planned.Job.Outline()}
	c.fields = append(c.fields, c.spec.Results...)
	s := script{handle: planned.Handle, job: planned.Job, rule: c.rule(c.outline.OffScript)}
	steps := c.outline.Steps()
	first := map[int]int{}
	for n, it := range steps {
		end := len(c.spec.Instructions)
		if n+1 < len(steps) {
			end = steps[n+1].Span.Start
		}
		first[n] = len(s.beats)
		s.beats = append(s.beats, c.step(it, c.number(it, n), end)...)
	}
	s.sendTo = c.voicemail()
	s.beats = c.collectTheRest(s.beats)
	return s
}

// compiler holds what the steps of one job are read with.
type compiler struct {
	p       prompt.Prompt
	planned prompt.PlannedJob
	spec    job.Spec
	outline job.Outline
	fields  []job.Field // results that no question collects yet
	walked  []string    // handles of the actions that stand in steps
}

func (c *compiler) number(it job.Item, n int) string {
	if it.Number != "" {
		return it.Number
	}
	return fmt.Sprint(n + 1)
}

func (c *compiler) text(span job.Span) string { return span.In(c.spec.Instructions) }

// step reads one outermost step with the items below it, up to end.
func (c *compiler) step(it job.Item, number string, end int) []beat {
	children := c.below(it, end)
	text := c.text(it.Span)
	cond, rest := splitCondition(text)
	var beats []beat
	switch {
	case listsAsks(text, children):
		for _, child := range children {
			if namesAnswer(c.text(child.Span)) {
				beats = append(beats, c.ask(number, c.text(child.Span)))
			}
		}
		children = nil
	case isReadBack(rest):
		beats = append(beats, beat{step: number, kind: readBack, yesNo: true})
	case isAsk(it, rest):
		beats = append(beats, c.ask(number, rest))
	default:
		if spoken := sayIt(rest); spoken != "" {
			beats = append(beats, beat{step: number, kind: say, text: spoken})
		}
	}
	for _, u := range c.actionsIn(it.Span) {
		beats = append(beats, u.at(number))
	}
	if len(beats) == 0 {
		beats = append(beats, beat{step: number, kind: say}) // a step that says nothing aloud is passed
	}
	for i := range beats {
		beats[i].cond = cond
	}
	last := &beats[len(beats)-1]
	for _, child := range children {
		last.branches = append(last.branches, c.branch(number, child)...)
	}
	last.rule = c.rule(spans(children))
	return beats
}

// below returns the items directly below it, before end.
func (c *compiler) below(it job.Item, end int) []job.Item {
	var items []job.Item
	for _, other := range c.outline.Items {
		if other.Span.Start > it.Span.Start && other.Span.Start < end && other.Depth == it.Depth+1 && other.Kind != job.ItemHeading {
			items = append(items, other)
		}
	}
	return items
}

func spans(items []job.Item) []job.Span {
	all := make([]job.Span, len(items))
	for i, it := range items {
		all[i] = it.Span
	}
	return all
}

// ask makes the question of a step. A result that the step means gives its own question.
func (c *compiler) ask(number, text string) beat {
	b := beat{step: number, kind: ask, text: question(text), yesNo: wantsYesNo(text)}
	if i := c.match(text); i >= 0 {
		f := c.fields[i]
		b.field, b.text = f.Name, fieldQuestion(f, b.text)
		b.yesNo = f.Type == job.YesNoField
		c.fields = append(c.fields[:i:i], c.fields[i+1:]...)
	}
	return b
}

func fieldQuestion(f job.Field, otherwise string) string {
	if strings.TrimSpace(f.Ask) != "" {
		return f.Ask
	}
	if otherwise != "" && sharedWords(f.Name, otherwise) == len(bm25.Tokens(f.Name)) {
		return otherwise
	}
	return "Could you tell me the " + strings.ToLower(strings.ReplaceAll(f.Name, "_", " ")) + "?"
}

// match returns the result that a text asks for; -1 when none is named by at least half of its words.
func (c *compiler) match(text string) int {
	best, most := -1, 0.5
	for i, f := range c.fields {
		n := len(bm25.Tokens(strings.ReplaceAll(f.Name, "_", " ")))
		if n == 0 {
			continue
		}
		score := float64(sharedWords(f.Name, text)) / float64(n)
		if score > most || score == most && best < 0 {
			best, most = i, score
		}
	}
	return best
}

func sharedWords(name, text string) int {
	said := map[string]bool{}
	for _, t := range bm25.Tokens(text) {
		said[t] = true
	}
	n := 0
	for _, t := range bm25.Tokens(strings.ReplaceAll(name, "_", " ")) {
		if said[t] {
			n++
		}
	}
	return n
}

// collectTheRest adds questions for required results that no step asks for, before what ends the job.
func (c *compiler) collectTheRest(beats []beat) []beat {
	at := len(beats)
	for at > 0 && beats[at-1].ends() {
		at--
	}
	var rest []beat
	for _, f := range c.fields {
		if f.Required {
			rest = append(rest, beat{step: stepOf(beats, at), kind: ask, field: f.Name, text: fieldQuestion(f, ""), yesNo: f.Type == job.YesNoField})
		}
	}
	return append(beats[:at:at], append(rest, beats[at:]...)...)
}

func stepOf(beats []beat, at int) string {
	if at > 0 {
		return beats[at-1].step
	}
	return ""
}

// ends reports whether a beat belongs to the end of the job: a farewell or an action after which Sona is out.
func (b beat) ends() bool {
	if b.kind == act {
		return b.action == job.EndCall || b.action == job.TransferCall || b.action == job.Voicemail
	}
	return b.kind == say && isFarewell(b.text)
}

// inline is an action with its handle.
type inline struct {
	handle string
	use    job.ActionUse
}

func (u inline) at(number string) beat {
	return beat{step: number, kind: act, action: u.use.Name, handle: u.handle}
}

// actionsIn returns the actions inside a span that can be carried out.
func (c *compiler) actionsIn(span job.Span) []inline {
	var found []inline
	for _, u := range c.outline.Actions {
		if u.Span.Start < span.Start || u.Span.End > span.End {
			continue
		}
		if handle, ok := c.handle(u); ok {
			found = append(found, inline{handle, u})
			c.walked = append(c.walked, handle)
		}
	}
	return found
}

func (c *compiler) handle(u job.ActionUse) (string, bool) {
	for n := 0; ; n++ {
		handle, ok := c.p.Handle(c.planned.Job.ID(), u.Name, n)
		if !ok {
			return "", false
		}
		if use, _ := c.p.Action(handle); use.Span == u.Span {
			return handle, true
		}
	}
}

// voicemail returns the handle of a voicemail action that stands outside of the steps, for callers who
// rather record a message.
func (c *compiler) voicemail() string {
	for _, u := range c.outline.Actions {
		if handle, ok := c.handle(u); ok && u.Name == job.Voicemail {
			return handle
		}
	}
	return ""
}
