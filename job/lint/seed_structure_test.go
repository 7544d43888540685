package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

// rulesIn returns the rules that find something in instructions, each once.
func rulesIn(instructions string) []RuleID {
	return rulesOf(Spec(job.Spec{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: instructions}, Context{}))
}

func rulesOf(found []Finding) []RuleID {
	var ids []RuleID
	for _, f := range found {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

const goodMessage = `This job takes a message for the office.

1. Ask for the caller's full name.
2. Ask for the callback number.
3. Read the callback number back.
   - If a digit is wrong, read the right number back once.
4. Ask for the message.
5. Thank the caller, say goodbye and end the call: {{action end_call}}

If the caller declines a question, ask once more. If they decline again, skip it.
`

func TestAGoodJobHasNoFindingAboutItsStructure(t *testing.T) {
	assert.Empty(t, rulesIn(goodMessage))
}

func TestSeed_49_AGoalThatIsNotNamedUpFrontIsFound(t *testing.T) {
	const goal = "This job takes a message for the office.\n\n"
	assert.Equal(t, []RuleID{"goal-missing"}, rulesIn(strings.TrimPrefix(goodMessage, goal)), "deleted")
	moved := strings.TrimPrefix(goodMessage, goal) + "\n" + strings.TrimSpace(goal)
	assert.Equal(t, []RuleID{"goal-buried"}, rulesIn(moved), "below the steps")
	assert.Contains(t, rulesIn(goal+"Be brief.\n\n"+strings.Replace(goodMessage, "This job takes a message", "This job books a table", 1)), RuleID("goal-twice"))
	for _, name := range template.All() {
		spec := name.Name.Spec()
		spec.Instructions = strings.Replace(spec.Instructions, job.ParseOutline(spec.Instructions).Goal, "", 1)
		assert.Contains(t, rulesOf(Spec(spec, Context{})), RuleID("goal-missing"), name.Name)
	}
}

func TestSeed_49_AGoalBelowTheStepsIsMovedUpUnchanged(t *testing.T) {
	buried := "1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye.\n\nYour goal is to take a message for the office.\n\nIf the caller declines, skip the question."
	found := Spec(job.Spec{Name: "Message", CallerIntent: "A message.", Instructions: buried}, Context{})
	i := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == "goal-buried" })
	require.GreaterOrEqual(t, i, 0)
	require.NotNil(t, found[i].Fix)
	fixed := found[i].Fix.Apply(buried)
	assert.Equal(t, "Your goal is to take a message for the office.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye.\n\nIf the caller declines, skip the question.", fixed)
	assert.NotContains(t, rulesIn(fixed), RuleID("goal-buried"))
}

func TestSeed_50_AnOrderWithoutRightNumbersIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		change func(string) string
		rule   RuleID
	}{
		"no numbers": {func(s string) string {
			return strings.NewReplacer("1. ", "- ", "2. ", "- ", "3. ", "- ", "4. ", "- ", "5. ", "- ").Replace(s)
		}, "order-unnumbered"},
		"words of order":    {func(string) string { return "First, ask for the name. Then ask for the message. Finally, say goodbye." }, "order-unnumbered"},
		"a number left out": {func(s string) string { return strings.Replace(s, "4. Ask", "6. Ask", 1) }, "numbering-broken"},
		"numbers swapped":   {func(s string) string { return strings.NewReplacer("2. Ask", "3. Ask", "3. Read", "2. Read").Replace(s) }, "numbering-broken"},
		"a number twice":    {func(s string) string { return strings.Replace(s, "5. Thank", "4. Thank", 1) }, "numbering-broken"},
		"no such step":      {func(s string) string { return strings.Replace(s, "read the right number back once", "go to step 7", 1) }, "step-reference"},
		"behind the end": {func(s string) string {
			return strings.Replace(s, "\n\nIf the", "\n6. Ask for the email address.\n\nIf the", 1)
		}, "step-unreachable"},
	} {
		assert.Contains(t, rulesIn(c.change(goodMessage)), c.rule, name)
	}
}

func TestSeed_50_ABrokenNumberingIsPutRight(t *testing.T) {
	const broken = "This job takes a message.\n\n1. Ask for the name.\n1. Ask for the message.\n   1. Say it back.\n3. Say goodbye."
	found := Spec(job.Spec{Name: "Message", Instructions: broken}, Context{})
	i := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == "numbering-broken" })
	require.GreaterOrEqual(t, i, 0)
	require.NotNil(t, found[i].Fix)
	assert.Equal(t, "This job takes a message.\n\n1. Ask for the name.\n2. Ask for the message.\n   1. Say it back.\n3. Say goodbye.", found[i].Fix.Apply(broken))

	const referred = broken + "\n4. If the name is wrong, go to step 1."
	found = Spec(job.Spec{Name: "Message", Instructions: referred}, Context{})
	i = slices.IndexFunc(found, func(f Finding) bool { return f.Rule == "numbering-broken" })
	require.GreaterOrEqual(t, i, 0)
	assert.Nil(t, found[i].Fix, "a reference may mean either number")
	assert.NotEmpty(t, found[i].Question)
}

func TestSeed_51_AWayOutThatIsMissingIsFound(t *testing.T) {
	const refusal = "\n\nIf the caller declines a question, ask once more. If they decline again, skip it.\n"
	short := strings.Replace(goodMessage, refusal, "\n", 1)
	for name, c := range map[string]struct {
		text string
		rule RuleID
	}{
		"no refusal branch":       {short, "refusal-missing"},
		"one answer of two":       {goodMessage + "\n## Texts\n\nAsk whether the caller wants a text message. If yes, note the number.", "branch-one-sided"},
		"required":                {short + "\nThe callback number is required.", "required-no-fallback"},
		"after a transfer":        {goodMessage + "\nTransfer the caller to the front desk. If nobody answers the transfer, take a message.", "transfer-aftermath"},
		"an action that may fail": {strings.Replace(goodMessage, "4. Ask for the message.", "4. Save the message: {{action save_message}}", 1), "action-no-failure"},
		"no end":                  {strings.Replace(goodMessage, "5. Thank the caller, say goodbye and end the call: {{action end_call}}", "5. Ask for the reason.", 1), "end-missing"},
		"a vague end":             {strings.Replace(goodMessage, "Thank the caller, say goodbye and end the call: {{action end_call}}", "Wrap up as usual.", 1), "end-vague"},
	} {
		assert.Contains(t, rulesIn(c.text), c.rule, name)
	}
	assert.NotContains(t, rulesIn(goodMessage), RuleID("refusal-missing"))
}

func TestSeed_53_OptimizeIsSuggestedWhereSeveralThingsAreAmiss(t *testing.T) {
	const rough = "1. Ask for the full name, the phone number and the email address.\n3. Ask for the message. Wrap up as usual.\n2. Say when the office calls back."
	spec := job.Spec{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: rough}
	found := Spec(spec, Context{})
	i := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == "optimize" })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, Hint, found[i].Severity)
	assert.Contains(t, found[i].Message, "Optimize")
	assert.NotContains(t, rulesIn(goodMessage), RuleID("optimize"))

	ignored := Context{}
	for _, f := range found {
		if f.Rule != "optimize" {
			ignored.Ignore = append(ignored.Ignore, f.Ignore)
		}
	}
	assert.Empty(t, Spec(spec, ignored), "what the author ignores does not count")
}

func TestTemplatesHaveNoFindingAboutTheirStructure(t *testing.T) {
	structure := map[RuleID]bool{}
	for _, r := range structureRules {
		structure[r.ID] = true
	}
	for _, tm := range template.All() {
		for _, f := range Spec(tm.Name.Spec(), Context{}) {
			assert.False(t, structure[f.Rule], "%s: %s: %s", tm.Name, f.Rule, f.Message)
		}
	}
}

// The two incidents of other products: a label that was read aloud, and a new text above the old one.
func TestTheIncidentsOfOthersAreFound(t *testing.T) {
	assert.Equal(t, []RuleID{"spoken-label"}, rulesIn(goodMessage+"\n## Reasoning\n\nThe caller is in a hurry.\n"))
	newer := strings.NewReplacer("full name", "first and last name", "callback number", "phone number", "Thank the caller, say", "Say").Replace(goodMessage)
	assert.Contains(t, rulesIn(newer+"\n"+goodMessage), RuleID("doubled-section"))
	assert.Contains(t, rulesIn(goodMessage+"\n"+goodMessage), RuleID("doubled-section"))
}
