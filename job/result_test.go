package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// requireSaid checks what f reads out of each answer; nil stands for an answer that does not hold a value.
func requireSaid(t *testing.T, f job.Field, answers map[string]any) {
	t.Helper()
	for said, want := range answers {
		got, ok := f.Parse(said)
		if got != want || ok != (want != nil) {
			t.Errorf("%q: %#v (%v), not %#v", said, got, ok, want)
		}
	}
}

func TestABlankAnswerHoldsNoValue(t *testing.T) {
	for _, f := range append(allTypes(), job.Field{}, job.Field{Type: "colour"}) {
		for _, said := range []string{"", " ", "\n\t", "\u200b", "\u00a0"} {
			got, ok := f.Parse(said)
			require.False(t, ok, "%s: %q", f.Type, said)
			require.Nil(t, got)
		}
	}
}

func TestTextIsTheWordsWithoutWhatLeadsToThem(t *testing.T) {
	answers := map[string]any{
		"Jane Doe":                       "Jane Doe",
		"My name is Jane Doe.":           "Jane Doe",
		"my name's Jane":                 "Jane",
		"It's Jane Doe":                  "Jane Doe",
		"It’s Jane":                      "Jane",
		"I'm Jane":                       "Jane",
		"This is Jane Doe, thanks!":      "Jane Doe, thanks",
		"Um, hi, this is Jane":           "Jane",
		"Yes, it's Jane":                 "Jane",
		"uh my name is, uh, Jane":        "my name is, uh, Jane",
		"Me llamo José":                  "José",
		"Mi nombre es José Luis.":        "José Luis",
		"Bueno, soy Ana":                 "Ana",
		"Je m'appelle Zoé":               "Zoé",
		"Je m’appelle Zoé":               "Zoé",
		"Alors, c'est Zoé":               "Zoé",
		"  next Tuesday \n":              "next Tuesday",
		"yes":                            "yes",
		"It's.":                          "It's",
		"Isabel":                         "Isabel",
		"Hi":                             "Hi",
		"...":                            "...",
		"my name is":                     "my name is",
		"The name is Bond":               "Bond",
		"I'm calling about the bill":     "calling about the bill",
		"Itsy Ltd":                       "Itsy Ltd",
		"Okay Cleaners":                  "Okay Cleaners",
		"e\u0301lodie":                   "élodie",
		"That's, um, a long story":       "That's, um, a long story",
		strings.Repeat("um ", 50) + "Bo": "Bo",
	}
	requireSaid(t, job.Field{Type: job.TextField}, answers)
	requireSaid(t, job.Field{}, answers)
	requireSaid(t, job.Field{Type: job.DateField}, map[string]any{"It's next Tuesday.": "next Tuesday", "the fifth of May": "the fifth of May"})
	requireSaid(t, job.Field{Type: job.TimeField}, map[string]any{"That would be 9 a.m.": "9 a.m", "around noon": "around noon"})
}

func TestYesAndNo(t *testing.T) {
	requireSaid(t, job.Field{Type: job.YesNoField}, map[string]any{
		"yes": true, "Yes, please.": true, "Yeah": true, "yep sure": true, "Sure": true, "That's right": true, "Of course!": true, "I do": true,
		"Correct": true, "absolutely": true, "Okay": true, "no problem": true, "Sure, why not": true, "Yes, no problem": true, "sounds good": true,
		"sí": true, "Sí, claro": true, "Por supuesto": true, "vale": true, "sin problema": true, "así es": true,
		"oui": true, "Bien sûr": true, "d’accord": true, "tout à fait": true, "pas de problème": true,

		"no": false, "No.": false, "nope": false, "No, thank you": false, "No, that's okay": false, "no, sure": false, "Not really": false, "I don't": false,
		"yeah no": false, "never": false, "I'm not": false, "No, that's right": false, "not right now": false,
		"No, gracias": false, "nunca": false, "tampoco": false,
		"non": false, "Non merci": false, "jamais": false, "pas du tout": false,

		"I'm not sure": nil, "maybe": nil, "I don't know": nil, "perhaps yes": nil, "no idea": nil, "it depends": nil, "Yes, but not today": nil,
		"banana": nil, "please": nil, "hmm": nil, "no sé": nil, "tal vez": nil, "je ne sais pas": nil, "peut-être": nil, "¿qué?": nil,
	})
	long := "yes " + strings.Repeat("indeed ", 10_000)
	got, ok := job.Field{Type: job.YesNoField}.Parse(long)
	require.True(t, ok)
	require.Equal(t, true, got)
}

func TestChoices(t *testing.T) {
	sizes := job.Field{Type: job.ChoiceField, Choices: []string{"Small", "Large", "Extra large", "Café crème", "Table 4"}}
	requireSaid(t, sizes, map[string]any{
		"small": "Small", "The SMALL one, please": "Small", "large": "Large", "extra large": "Extra large", "an extra-large one": "Extra large",
		"cafe creme": "Café crème", "un CAFÉ CRÈME": "Café crème", "table 4.": "Table 4", "not the small, the large": "Large",

		"smallish": nil, "medium": nil, "small or large": nil, "large and extra large": nil, "table 40": nil, "not the small one": nil, "either": nil, "cafe": nil,
	})
	requireSaid(t, job.Field{Type: job.ChoiceField, Choices: []string{"Yes", "No", "No preference"}}, map[string]any{
		"no preference": "No preference", "no": "No", "yes": "Yes", "yes and no": nil,
	})
	requireSaid(t, job.Field{Type: job.ChoiceField}, map[string]any{"small": nil})
	requireSaid(t, job.Field{Type: job.ChoiceField, Choices: []string{"!", "?"}}, map[string]any{"!": nil})
}

func FuzzFieldParse(f *testing.F) {
	for _, s := range []string{
		"my name is jane", "twenty-three and a half", "soixante-dix-neuf", "double five oh one two three four", "jane dot doe at example dot co dot uk",
		"um, yes, no problem", "1,200.50 and 3k", "one hundred thousand million thousand", "quatre vingts vingt", "+1 (555) 010-2000 ext. 4", "@ at . dot", "’'’",
	} {
		f.Add(s)
	}
	fields := append(allTypes(), job.Field{Type: job.ChoiceField, Choices: []string{"Small", "Extra small", "at dot"}})
	f.Fuzz(func(t *testing.T, said string) {
		for _, field := range fields {
			value, ok := field.Parse(said)
			if ok != (value != nil) {
				t.Fatalf("%s: %v, %v", field.Type, value, ok)
			}
			if !ok {
				continue
			}
			switch v := value.(type) {
			case float64:
				if field.Type != job.NumberField || v != v {
					t.Fatalf("%s: %v", field.Type, v)
				}
			case bool:
				if field.Type != job.YesNoField {
					t.Fatalf("%s: %v", field.Type, v)
				}
			case string:
				if v == "" || v != job.Clean(v) {
					t.Fatalf("%s: %q", field.Type, v)
				}
			default:
				t.Fatalf("%s: %T", field.Type, v)
			}
		}
	})
}
