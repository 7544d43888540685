package lint

// setRules look at the jobs of one step side by side.
var setRules = []*rule{
	ruleAddressConflict,
	ruleClosingTwice,
	ruleContactConflict,
	ruleGreetingTwice,
	ruleGuardrailContradicted,
	ruleHoursConflict,
	ruleJobDuplicate,
	ruleJobsContradict,
	ruleJobsOverlap,
	ruleNoCatchAll,
	ruleNumberConflict,
	ruleOverBudget,
	ruleOverviewIndistinct,
	rulePriceConflict,
	ruleSharedSteps,
}
