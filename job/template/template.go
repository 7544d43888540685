package template

import (
	"embed"
	"slices"

	"github.com/sonajobs/sona/job"
)

// Name names a template of the catalogue. It never changes, so a host may store it.
type Name string

// The catalogue, in its order.
const (
	TakeAMessage           Name = "take-a-message"
	QualifyALead           Name = "qualify-a-lead"
	EscalateToAPerson      Name = "escalate-to-a-person"
	ScheduleAnAppointment  Name = "schedule-an-appointment"
	SendAnIntakeForm       Name = "send-an-intake-form"
	Troubleshoot           Name = "troubleshoot"
	TalkToAPerson          Name = "talk-to-a-person"
	ChangeOrCancelABooking Name = "change-or-cancel-a-booking"
	TakeAComplaint         Name = "take-a-complaint"
	AfterHoursTriage       Name = "after-hours-triage"
)

// Both are written by nobody: the order of the catalogue, and its files.
var (
	names = [...]Name{
		TakeAMessage, QualifyALead, EscalateToAPerson, ScheduleAnAppointment, SendAnIntakeForm,
		Troubleshoot, TalkToAPerson, ChangeOrCancelABooking, TakeAComplaint, AfterHoursTriage,
	}
	//go:embed texts/*.txt
	texts embed.FS
)

// Spec returns the template's text, ready to save: every blank has its default. An unknown name gives
// the zero Spec, which [job.New] refuses.
func (n Name) Spec() job.Spec { return Template{Name: n}.Fill(nil) }

// Template is one entry of the catalogue, as an editor shows it. It is a copy: changing it changes
// nothing else.
type Template struct {
	Name   Name
	Spec   job.Spec // every blank has its default
	Blanks []Blank  // in the order of a form
}

// BlankKind says what a blank is filled with, so that an editor can offer the right input.
type BlankKind string

// The kinds of blanks.
const (
	TextBlank   BlankKind = "text"   // words that stand inside a sentence
	TargetBlank BlankKind = "target" // where a transfer goes, as [job.ParseTarget] reads it
	LinkBlank   BlankKind = "link"   // a web address
)

// Blank is a place of a template that an author fills in. Blanks with the same meaning have the same
// key in every template, so one map of values fits all of them.
type Blank struct {
	Key     string // for Fill
	Label   string // for a form
	Help    string // one sentence: what to put in and where it stands
	Kind    BlankKind
	Default string // what stands there when nothing is put in
}

// All returns the catalogue in its order, as fresh copies.
func All() []Template {
	all := make([]Template, 0, len(names))
	for _, n := range names {
		t, _ := Get(n)
		all = append(all, t)
	}
	return all
}

// Get returns one template; false when there is none of this name.
func Get(n Name) (Template, bool) {
	src, ok := load(n)
	if !ok {
		return Template{}, false
	}
	return Template{Name: n, Spec: src.fill(nil), Blanks: src.blanks}, true
}

// Fill returns the text of the template with values in its blanks, by key:
//
//  1. It starts from the catalogue's text of t.Name. What was changed in t.Spec plays no part; an
//     unknown name gives the zero Spec.
//  2. A blank whose key is missing, or whose value is blank, keeps its default. Keys that the template
//     does not have are ignored.
//  3. A value is cleaned ([job.Clean]) and becomes one line, so it can add no step.
//  4. A value is put in everywhere its blank stands, and never read again: markers of blanks and double
//     braces in it are text. Inside the quotes of an inline action its quotes are escaped.
//
// Fill does not judge values: a transfer target that cannot be read is named by [job.ActionUse.Problem],
// and a text that became too long by [job.Spec.Check].
func (t Template) Fill(values map[string]string) job.Spec {
	src, ok := load(t.Name)
	if !ok {
		return job.Spec{}
	}
	return src.fill(values)
}

// load reads a file of the catalogue. A test parses every one of them, so a broken file cannot ship.
func load(n Name) (source, bool) {
	if !slices.Contains(names[:], n) {
		return source{}, false
	}
	text, err := texts.ReadFile("texts/" + string(n) + ".txt")
	if err != nil {
		panic("template: " + err.Error())
	}
	src, err := parse(string(text))
	if err != nil {
		panic("template: " + string(n) + ".txt: " + err.Error())
	}
	return src, true
}
