package lint

// structureRules look at how a text is built: goal, order, questions, endings, sizes.
var structureRules = []*rule{}
