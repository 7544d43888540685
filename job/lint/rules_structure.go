package lint

// structureRules look at how a text is built: goal, order, questions, endings, sizes.
var structureRules = []*rule{
	ruleGoalMissing, ruleGoalBuried, ruleGoalTwice, ruleIntentMissing, ruleSizeTiny,
	ruleOrderUnnumbered, ruleNumberingBroken, ruleStepReference, ruleStepUnreachable, ruleStepCrowded,
	ruleRefusalMissing, ruleBranchOneSided, ruleRequiredNoFallback, ruleTransferAftermath, ruleActionNoFailure,
	ruleEndMissing, ruleEndVague,
	ruleSentenceLong, ruleWallOfText, ruleDoubledSection, ruleSectionEmpty, ruleSizeNearLimit, ruleOptimize,
	ruleWriteUnconfirmed, ruleAskSeveral, ruleSpokenLabel,
	ruleAskedNoResult, ruleResultNeverAsked,
}
