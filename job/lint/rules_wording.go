package lint

// wordingRules look at how sentences are worded.
var wordingRules = []*rule{}
