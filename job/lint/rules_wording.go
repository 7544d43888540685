package lint

// wordingRules look at how sentences are worded.
var wordingRules = []*rule{
	ruleVagueQuantity, ruleVagueCondition, ruleOpenList, ruleHedgedInstruction, ruleWeakVerb, rulePassive, ruleSubjective, ruleVagueReference,
	ruleScreenWords, ruleUnspeakable, ruleContradiction, ruleLimits, ruleOwnRule, ruleKnowledge, rulePersona, ruleMixedLanguage, ruleCode,
}
