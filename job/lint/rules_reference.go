package lint

// referenceRules look at what a text names or gives away: variables, actions, targets, dates, secrets.
var referenceRules = []*rule{}
