package lint

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/job"
)

// Seed 52: what two people would understand differently is found; the same said plainly is not.
func TestSeed_52_AmbiguityIsFoundAndPlainWordsAreNot(t *testing.T) {
	const job1 = "This job books a visit.\n\n1. Ask for the caller's name.\n2. Ask for the day.\n"
	for name, c := range map[string]struct {
		rule                 RuleID
		ambiguous, plainWord string
	}{
		"how many":          {"vague-quantity", "3. Ask a few questions about the leak.", "3. Ask three questions about the leak."},
		"how long":          {"vague-quantity", "3. Say that we call back within several days.", "3. Say that we call back within two days."},
		"when":              {"vague-condition", "3. Ask for the floor if necessary.", "3. If the caller lives in a flat, ask for the floor."},
		"at discretion":     {"vague-condition", "3. Offer a discount at your discretion.", "3. Offer a discount of ten percent."},
		"what else":         {"open-list", "3. Ask for the street, the town, etc.", "3. Ask for the street and the town."},
		"must it be":        {"hedged-instruction", "3. Try to get the phone number.", "3. Ask for the phone number."},
		"is it a rule":      {"weak-verb", "3. You may offer a second visit.", "3. Offer a second visit."},
		"who":               {"passive-without-actor", "3. The form must be sent.", "3. Send the form: {{action send_sms text=\"Thank you.\"}}"},
		"how well":          {"subjective-word", "3. Route the call to the appropriate team.", "3. Route the call to the billing team."},
		"which":             {"vague-reference", "3. Recommend something.", "3. Recommend the small room."},
		"which of two":      {"contradicting-orders", "3. Say goodbye.\n\nDo not ask for the day.", "3. Say goodbye.\n\nDo not ask for the year."},
		"which number":      {"conflicting-limits", "Ask for the day at most 2 times.\nBe kind.\nAfter 3 attempts at the day, go on.", "Ask for the day at most 2 times.\nBe kind.\nAfter 2 attempts at the day, go on."},
		"rule or example":   {"breaks-own-rule", "Never say “sorry”.\n3. Say: “Sorry, we are full.”", "Never say “sorry”.\n3. Say: “We are full.”"},
		"which day":         {"relative-date", "We are closed next Monday.", "We are closed on Mondays."},
		"a word for a name": {"unresolved-placeholder", "3. Thank them for calling [Your Company].", "3. Thank them for calling Miller's."},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Contains(t, rulesFor(job1+c.ambiguous), c.rule)
			assert.NotContains(t, rulesFor(job1+c.plainWord), c.rule)
		})
	}
}

// A word that is found in English is none in another language.
func TestWordingRulesAreSilentOnOtherLanguages(t *testing.T) {
	for _, text := range []string{
		"Este trabajo reserva una mesa.\n1. Pregunte el nombre del cliente, p. ej. el apellido, etc.\n2. No pregunte más de una vez.\n3. Si es posible, ofrezca varias fechas.",
		"Ce travail réserve une table.\n1. Demandez le nom de l'appelant, le prénom, etc.\n2. Si possible, proposez plusieurs dates.\n3. Le client peut refuser : passez à la suite.",
	} {
		for _, f := range Spec(job.Spec{Name: "Example", Instructions: text}, Context{}) {
			r, _ := byID(f.Rule)
			isWording := slices.ContainsFunc(slices.Concat(wordingRules, referenceRules), func(w *rule) bool { return w.ID == f.Rule })
			assert.False(t, isWording && r.Language == "en", "%s: %s", f.Rule, f.Message)
		}
	}
}

func rulesFor(instructions string) (ids []RuleID) {
	for _, f := range Spec(job.Spec{Name: "Example", CallerIntent: "The caller wants a visit.", Instructions: instructions}, Context{}) {
		ids = append(ids, f.Rule)
	}
	return ids
}
