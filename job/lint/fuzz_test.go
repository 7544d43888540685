package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

// Whatever somebody types: nothing panics, every finding lies within its field, they come in order and the
// same each time, a fix leaves no more than there was, and what is ignored is gone.
func FuzzSpec(f *testing.F) {
	for _, tm := range template.All() {
		f.Add(tm.Name.Spec().Instructions, tm.Name.Spec().CallerIntent)
	}
	for _, r := range catalogue {
		for _, e := range append(r.Bad, r.Good...) {
			for _, s := range e.Jobs {
				if len(s.Instructions) < 2000 {
					f.Add(s.Instructions, s.CallerIntent)
				}
			}
		}
	}
	f.Add("1. a\n1. b\n\n\t2) c {{action transfer_call to=\"inbox:x\"}}\n3. d step 9, 10-12 and 2a", "")
	f.Fuzz(func(t *testing.T, instructions, intent string) {
		if len(instructions) > 4*job.MaxInstructions {
			return
		}
		s := job.Spec{Name: "Job", Instructions: instructions, CallerIntent: intent, Results: []job.Field{{Name: "Full name"}, {Name: "Ünï", Ask: instructions}}}.Clean()
		c := Context{Variables: []string{}, Jobs: []string{}, MaxTokens: 100}
		found := Spec(s, c)
		if diff := cmp.Diff(found, Spec(s, c)); diff != "" {
			t.Fatalf("not the same twice: %s", diff)
		}
		for i, g := range found {
			inField(t, s, g)
			if i > 0 && found[i-1].Field == g.Field && found[i-1].Span.Start > g.Span.Start {
				t.Fatalf("%s stands before %s", found[i-1].Rule, g.Rule)
			}
		}
		if len(found) > 0 {
			k := len(instructions) % len(found)
			afterFix(t, s, c, found, found[k])
			afterIgnore(t, s, c, found[k])
		}
	})
}

func fieldOf(s job.Spec, field string) (string, bool) {
	switch field {
	case "instructions":
		return s.Instructions, true
	case "callerIntent":
		return s.CallerIntent, true
	case "name":
		return s.Name, true
	case "description":
		return s.Description, true
	}
	return "", false
}

func inField(t *testing.T, s job.Spec, g Finding) {
	t.Helper()
	text, ok := fieldOf(s, g.Field)
	if !ok {
		if !strings.HasPrefix(g.Field, "results[") {
			t.Fatalf("%s: no field %s", g.Rule, g.Field)
		}
		return
	}
	spans := []job.Span{g.Span}
	for _, fix := range []*Fix{g.Fix, g.Offer} {
		if fix != nil {
			spans = append(spans, fix.Span)
		}
	}
	for _, p := range g.Also {
		if p.Field == g.Field && p.Page == "" {
			spans = append(spans, p.Span)
		}
	}
	for _, sp := range spans {
		if sp.Start < 0 || sp.End < sp.Start || sp.End > len(text) {
			t.Fatalf("%s: %v is not within %d bytes of %s", g.Rule, sp, len(text), g.Field)
		}
		if strings.ToValidUTF8(text[sp.Start:sp.End], "") != text[sp.Start:sp.End] {
			t.Fatalf("%s: %v cuts a character", g.Rule, sp)
		}
	}
	if strings.ToValidUTF8(g.Message, "") != g.Message || strings.ContainsAny(g.Message, "\n\t") || len(g.Message) > 500 {
		t.Fatalf("%s: message %q", g.Rule, g.Message)
	}
}

// afterFix applies the fix of g: the rule finds less than before or the same, and no error is new.
func afterFix(t *testing.T, s job.Spec, c Context, before []Finding, g Finding) {
	t.Helper()
	if g.Fix == nil || g.Field != "instructions" {
		return
	}
	s.Instructions = g.Fix.Apply(s.Instructions)
	errors := map[RuleID]bool{}
	was, is := 0, 0
	for _, b := range before {
		errors[b.Rule] = true
		if b.Rule == g.Rule {
			was++
		}
	}
	for _, a := range Spec(s, c) {
		if a.Severity == Error && !errors[a.Rule] {
			t.Fatalf("the fix of %s makes an error: %s\n%s", g.Rule, a.Message, s.Instructions)
		}
		if a.Rule == g.Rule {
			is++
		}
	}
	if is > was {
		t.Fatalf("the fix of %s leaves %d findings of %d:\n%s", g.Rule, is, was, s.Instructions)
	}
}

func afterIgnore(t *testing.T, s job.Spec, c Context, g Finding) {
	t.Helper()
	c.Ignore = []string{g.Ignore}
	for _, a := range Spec(s, c) {
		if a.Ignore == g.Ignore {
			t.Fatalf("%s is ignored and still there", g.Ignore)
		}
	}
	c.Ignore = []string{string(g.Rule)}
	for _, a := range Spec(s, c) {
		if a.Rule == g.Rule {
			t.Fatalf("%s is ignored and still there", g.Rule)
		}
	}
}
