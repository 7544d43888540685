package lint

// ruleMixedLanguage: one sentence in another language than the rest.
var ruleMixedLanguage = &rule{RuleInfo: RuleInfo{
	ID: "mixed-language", Practice: Voice, Severity: Hint, Title: "Two languages in one job",
	Catches:  "A sentence of the instructions in another language than the others (English, Spanish, French).",
	Why:      "Sona may answer in the language of the instruction instead of the caller's.",
	Source:   "Package callflow: languages belong to the persona of a step",
	How:      "The small words of the three languages, counted sentence by sentence, outside of quotations.",
	Language: "any",
	Bad: []Example{
		says("1. Ask for the name of the caller.\n2. Ask for the day that they want.\n3. Pregunte al cliente por el número de la reserva."),
		says("Pregunte por el nombre del cliente y por la fecha que quiere.\nPida el número.\nThen ask the caller for the number of their booking."),
	},
	Good: []Example{
		says("1. Ask for the name of the caller.\n2. Say: “¿Para qué día es la reserva del cliente?”"),
		says("Pregunte por el nombre del cliente y por la fecha."),
		says("Ask for the name. Offer the menu du jour."),
	},
}, text: func(t *text, r report) {
	if t.tongue == noTongue {
		return
	}
	found := places{t: t, rule: "mixed-language"}
	other := noTongue
	for i := range t.sents {
		s := &t.sents[i]
		if s.to-s.from < 5 || !t.instructs(i) {
			continue
		}
		var heard [tongues]int
		for k := s.from; k < s.to; k++ {
			heard[lexicon.tongues[t.words[k].id]]++
		}
		if l := loudest(heard); l != noTongue && l != t.tongue && heard[l] >= 3 && heard[t.tongue] == 0 && !t.quotes(*s) {
			if found.add(s.span); len(found.list) == 1 {
				other = l // of the place that is reported
			}
		}
	}
	if len(found.list) > 0 {
		found.report(r, Finding{Message: "%s is " + tongueNames[other] + ", the rest is " + tongueNames[t.tongue] + ".",
			Question: "Are these words for callers? Then put them in quotation marks; if not, say it in one language."})
	}
}}

// quotes reports whether a word of s stands in quotation marks: what is to be said may be in any language.
func (t *text) quotes(s sentence) bool {
	for k := s.from; k < s.to; k++ {
		if t.quoted(t.words[k].span) {
			return true
		}
	}
	return false
}

var tongueNames = [tongues]string{noTongue: "another language", english: "English", spanish: "Spanish", french: "French"}
