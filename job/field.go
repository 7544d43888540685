package job

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of the typed results of a job.
const (
	MaxResults     = 20  // fields of one job
	MaxFieldName   = 100 // characters of a field's name
	MaxFieldAsk    = 500 // characters of a field's question
	MaxFieldChoice = 50  // choices of one field, of at most MaxFieldName characters each
)

// FieldType is the type of a result's value.
type FieldType string

// The types of results. In a summary, NumberField gives a JSON number, YesNoField true or false, all
// others a string; a value that was not learned is null.
const (
	TextField   FieldType = "text"
	NumberField FieldType = "number"
	YesNoField  FieldType = "yes_no"
	PhoneField  FieldType = "phone" // digits with an optional leading +
	DateField   FieldType = "date"  // as the caller said it: "next Tuesday" is not resolved
	TimeField   FieldType = "time"  // as the caller said it
	EmailField  FieldType = "email"
	ChoiceField FieldType = "choice" // one of Field.Choices
)

var fieldTypes = []FieldType{TextField, NumberField, YesNoField, PhoneField, DateField, TimeField, EmailField, ChoiceField}

// Field is a typed result of a job: something that a call of this job is to find out, handed over in
// the call summary under its name.
type Field struct {
	Name     string    `json:"name"`               // required, unique within the job without regard to case
	Type     FieldType `json:"type"`               // empty means TextField
	Required bool      `json:"required,omitempty"` // the job is not done without it, unless the caller declines
	Ask      string    `json:"ask,omitempty"`      // how to ask for it; optional
	Choices  []string  `json:"choices,omitempty"`  // for ChoiceField only: at least two
}

func (f Field) equal(g Field) bool {
	return f.Name == g.Name && f.Type == g.Type && f.Required == g.Required && f.Ask == g.Ask && slices.Equal(f.Choices, g.Choices)
}

func cloneFields(fields []Field) []Field {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].Choices = slices.Clone(fields[i].Choices)
	}
	return fields
}

func cleanFields(fields []Field) []Field {
	if len(fields) == 0 {
		return nil
	}
	fields = cloneFields(fields)
	for i := range fields {
		f := &fields[i]
		f.Name, f.Ask = cleanLine(f.Name), cleanLine(f.Ask)
		if f.Type == "" {
			f.Type = TextField
		}
		for k := range f.Choices {
			f.Choices[k] = cleanLine(f.Choices[k])
		}
		if len(f.Choices) == 0 {
			f.Choices = nil
		}
	}
	return fields
}

// fields is the one place of the rules for results.
func (c *checker) fields(raw, clean []Field) {
	if len(clean) > MaxResults {
		c.addf("results", RuleMaxItems, MaxResults, len(clean), "%d fields, at most %d: drop %d", len(clean), MaxResults, len(clean)-MaxResults)
	}
	seen := make(map[string]bool, len(clean))
	for i, f := range clean {
		at := func(part string) string { return fmt.Sprintf("results[%d].%s", i, part) }
		c.utf8(at("name"), raw[i].Name)
		c.utf8(at("ask"), raw[i].Ask)
		c.required(at("name"), f.Name)
		c.atMost(at("name"), count(f.Name), MaxFieldName)
		c.atMost(at("ask"), count(f.Ask), MaxFieldAsk)
		if key := strings.ToLower(f.Name); seen[key] && !blank(key) {
			c.addf(at("name"), RuleUnique, 0, 0, "%q stands there twice: give each result its own name", f.Name)
		} else {
			seen[key] = true
		}
		c.fieldType(at, raw[i], f)
	}
}

func (c *checker) fieldType(at func(string) string, raw, f Field) {
	switch {
	case !slices.Contains(fieldTypes, f.Type):
		c.addf(at("type"), RuleOneOf, 0, 0, "%q is no type of a result: use one of %v", f.Type, fieldTypes)
	case f.Type == ChoiceField && len(f.Choices) < 2:
		c.addf(at("choices"), RuleRequired, 2, len(f.Choices), "a choice needs at least two choices, %d given", len(f.Choices))
	case f.Type != ChoiceField && len(f.Choices) > 0:
		c.addf(at("choices"), RuleFormat, 0, len(f.Choices), "only a result of type %q has choices, this one is %q", ChoiceField, f.Type)
	case len(f.Choices) > MaxFieldChoice:
		c.addf(at("choices"), RuleMaxItems, MaxFieldChoice, len(f.Choices), "%d choices, at most %d", len(f.Choices), MaxFieldChoice)
	}
	seen := make(map[string]bool, len(f.Choices))
	for k, choice := range f.Choices {
		field := at(fmt.Sprintf("choices[%d]", k))
		c.utf8(field, raw.Choices[k])
		c.required(field, choice)
		c.atMost(field, count(choice), MaxFieldName)
		if key := strings.ToLower(choice); seen[key] && !blank(key) {
			c.addf(field, RuleUnique, 0, 0, "%q stands there twice: drop one", choice)
		} else {
			seen[key] = true
		}
	}
}
