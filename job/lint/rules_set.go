package lint

// setRules look at the jobs of one step side by side.
var setRules = []*rule{}
