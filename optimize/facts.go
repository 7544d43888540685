package optimize

import (
	"maps"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// FactKind is what a fact is about.
type FactKind string

// The kinds of facts.
const (
	FactVariable FactKind = "variable"
	FactAction   FactKind = "action" // with its arguments
	FactURL      FactKind = "url"
	FactEmail    FactKind = "email"
	FactPhone    FactKind = "phone"
	FactMoney    FactKind = "money"
	FactTime     FactKind = "time"
	FactDate     FactKind = "date" // days of the week, too
	FactDuration FactKind = "duration"
	FactNumber   FactKind = "number" // in digits or in words; the numbers of lists are none
	FactName     FactKind = "name"   // words with capital letters within sentences, names of tools, codes
	FactQuote    FactKind = "quote"  // words to be said as they stand
)

// Fact is one piece of hard information in instructions. Facts with the same kind and value mean the same,
// however they are written: "$5.00" and "five dollars", "9am" and "9:00 a.m.".
type Fact struct {
	Kind  FactKind `json:"kind"`
	Text  string   `json:"text"`  // as it stands there
	Value string   `json:"value"` // in the form in which facts are compared
	Span  job.Span `json:"span"`  // bytes of the cleaned instructions
}

// Facts returns the facts of instructions in order, each place once. The text is cleaned first. A quotation comes
// before the facts within it.
func Facts(instructions string) []Fact {
	r := read(job.Clean(instructions), map[string]int32{})
	lower, certain := lowerWords(r), certainNames(r)
	r.finish(lower, certain)
	var facts []Fact
	for _, q := range r.quotes {
		facts = append(facts, Fact{Kind: FactQuote, Text: q.span.In(r.s), Value: q.words, Span: q.span})
	}
	for i, t := range r.tokens {
		if t.kind == "" || t.word == "" || t.kind == FactQuote || t.quoted && t.kind == FactName {
			continue
		}
		f := Fact{Kind: t.kind, Text: t.span.In(r.s), Value: t.word, Span: t.span}
		if n := len(facts) - 1; n >= 0 && t.kind == FactName && t.upper && i > 0 && r.tokens[i-1].kind == FactName && r.tokens[i-1].upper &&
			facts[n].Span.End+1 == t.span.Start && r.s[facts[n].Span.End] == ' ' {
			facts[n].Span.End = t.span.End // first name, last name
			facts[n].Text, facts[n].Value = facts[n].Span.In(r.s), facts[n].Value+" "+t.word
			continue
		}
		facts = append(facts, f)
	}
	slices.SortStableFunc(facts, func(a, b Fact) int { return a.Span.Start - b.Span.Start })
	return facts
}

// wholeFacts returns the facts that the outline knows and that are one token each, those within quotations, too.
func (r *reading) wholeFacts() []Fact {
	facts := make([]Fact, 0, len(r.out.Facts)+len(r.out.Actions)+len(r.out.Variables))
	for _, u := range r.out.Actions {
		facts = append(facts, Fact{Kind: FactAction, Value: actionValue(u), Span: u.Span})
	}
	for _, v := range r.out.Variables {
		facts = append(facts, Fact{Kind: FactVariable, Value: variableValue(v), Span: v.Span})
	}
	for _, f := range r.out.Facts {
		if f.Kind != job.FactQuote {
			facts = append(facts, known(f, 0))
			continue
		}
		if inner := strings.Trim(f.Text, `"“”„«»'‘’ `); inner != "" && (strings.ContainsAny(inner, "0123456789@/.") || len(inner) < 4) {
			if strings.IndexFunc(inner, letter) < 0 && strings.IndexFunc(inner, digit) < 0 { // "@"
				facts = append(facts, Fact{Kind: FactQuote, Value: "say " + inner, Span: f.Span})
				continue
			}
			at := f.Span.Start + strings.Index(f.Text, inner)
			for _, in := range job.ParseOutline(inner).Facts {
				if in.Kind != job.FactQuote {
					facts = append(facts, known(in, at))
				}
			}
		}
	}
	slices.SortStableFunc(facts, func(a, b Fact) int { return a.Span.Start - b.Span.Start })
	end := 0
	return slices.DeleteFunc(facts, func(f Fact) bool { // what lies in an action belongs to it
		if f.Span.Start < end {
			return true
		}
		end = f.Span.End
		return false
	})
}

func known(f job.Fact, at int) Fact {
	kind, value := factValue(f)
	return Fact{Kind: kind, Value: value, Span: job.Span{Start: f.Span.Start + at, End: f.Span.End + at}}
}

func actionValue(u job.ActionUse) string {
	var b strings.Builder
	b.WriteString("action ")
	b.WriteString(string(u.Name))
	for _, k := range slices.Sorted(maps.Keys(u.Args)) {
		b.WriteString(" " + k + "=" + strings.Join(strings.Fields(u.Args[k]), " "))
	}
	return b.String()
}

func variableValue(v job.Variable) string {
	if v.HasDefault {
		return "variable " + v.Name + "=" + v.Default
	}
	return "variable " + v.Name
}
