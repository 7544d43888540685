package lint

import "strings"

var ruleRequiredNoFallback = &rule{
	RuleInfo: RuleInfo{
		ID: "required-no-fallback", Practice: OffScript, Severity: Hint, Language: "en",
		Title:   "Required, and no way out",
		Catches: "Something that a caller has to give (“required”, “do not proceed without”), and nothing for those who cannot or will not.",
		Why:     "A caller who does not have it is caught: Sona may neither go on nor stop.",
		Source:  "Seed 46, Seed 51",
		How: "Words of necessity in a sentence that names something to ask for; no word about refusals in the whole text, and no condition with a negation " +
			"within three sentences.",
		Bad: []Example{
			says("Ask for the account number. The account number is required. Look the account up and say the balance."),
			says("1. Ask for the date of birth. Do not proceed without the date of birth.\n2. Look the appointment up."),
		},
		Good: []Example{
			says("Ask for the account number. It is required. If the caller does not have the account number, take a message."),
			says("Ask for the account number, which is required. If the caller declines, transfer the call."),
			says("Ask for the account number if required."),
			says("No appointment is required. Tell the caller so."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if _, asks := t.asks(); !asks || refusals.any(t) {
			return
		}
		for _, h := range required.all(t) {
			s := t.sents[h.sent]
			if !t.instructs(h.sent) || t.quoted(t.words[h.from].span) || t.optional(h) {
				continue
			}
			if _, ok := fieldNouns.in(t, h.sent); !ok || t.negativeNear(h.sent) {
				continue
			}
			found(Finding{
				Span:     s.span,
				Message:  cite(t.span(h.from, h.to).In(t.s)) + " leaves no way out for a caller who does not have it or does not want to say it.",
				Question: "What should Sona do without it?",
			})
			return
		}
	},
}

var (
	required = phrases(`is required|are required|is mandatory|are mandatory|must provide|must give|must be provided|is a must|absolutely need
		not proceed without|not continue without|cannot proceed without|can't proceed without|cannot continue without|don't proceed without|never proceed without
		not proceed until|not continue until|not move on until|don't proceed until|don't move on until|don't continue until|never proceed until|not move on without`)
	negations = phrases(`no|not|don't|doesn't|didn't|isn't|aren't|won't|can't|cannot|couldn't|unable|fails|fail|failed|otherwise|missing|without it`)
)

// optional reports whether the word of necessity h is taken back: "if required", "not required", "(required)".
func (t *text) optional(h hit) bool {
	if first := t.word(t.sents[h.sent].from); first == "no" || first == "if" || first == "when" {
		return true
	}
	for k := max(t.sents[h.sent].from, h.from-2); k < h.from; k++ {
		switch t.word(k) {
		case "if", "when", "as", "no", "not", "where", "isn't", "aren't", "unless", "are", "all":
			return true
		}
	}
	start := t.words[h.from].span.Start
	open := strings.LastIndexByte(t.s[t.sents[h.sent].span.Start:start], '(')
	return open >= 0 && !strings.Contains(t.s[t.sents[h.sent].span.Start+open:start], ")")
}

// negativeNear reports whether a condition with a negation stands within three sentences of number i.
func (t *text) negativeNear(i int) bool {
	for k := max(0, i-3); k < min(len(t.sents), i+4); k++ {
		if _, ok := negations.in(t, k); ok && t.anyCondition(k) {
			return true
		}
	}
	return false
}
