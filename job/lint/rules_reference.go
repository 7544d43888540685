package lint

// referenceRules look at what a text names or gives away: variables, actions, targets, dates, secrets.
var referenceRules = []*rule{
	ruleUndeclaredVariable, ruleUndefinedAction, ruleBrokenAction, ruleUndefinedTarget, ruleUnattachedJob, rulePlaceholder,
	ruleSpokenIdentifier, ruleSensitiveData, ruleRelativeDate, ruleFixedDate, ruleChatTokens, ruleInjected, rulePageInjection,
}
