package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// findingsOf returns the findings of one rule.
func findingsOf(id RuleID, s job.Spec, ignore ...string) []Finding {
	return slices.DeleteFunc(Spec(s, Context{Ignore: ignore}), func(f Finding) bool { return f.Rule != id })
}

func withText(text string) job.Spec {
	return job.Spec{Name: "Book a visit", CallerIntent: "The caller wants a visit.", Instructions: text}
}

const vague = RuleID("vague-quantity")

func TestIgnore_HidesOneFindingAndSurvivesEditsAroundItsSentence(t *testing.T) {
	before := withText("1. Ask for the name.\n2. Ask a few questions about the car.\n3. Read the day back.")
	found := findingsOf(vague, before)
	require.Len(t, found, 1)
	key := found[0].Ignore
	assert.True(t, strings.HasPrefix(key, "vague-quantity:"))
	for name, text := range map[string]string{
		"as it was":       before.Instructions,
		"renumbered":      "1. Say hello.\n2. Ask for the name.\n3. Ask a few questions about the car.\n4. Read the day back.",
		"bullets":         "- Ask for the name.\n- Ask a few questions about the car.",
		"prose":           "Ask for their full name, and spell it. Ask a few questions about the car. Read it back.",
		"letters, spaces": "1. ASK a  few questions about the car!",
	} {
		assert.Empty(t, findingsOf(vague, withText(text), key), name)
	}
	other := withText("1. Ask a few questions about the car and the driver.")
	assert.Len(t, findingsOf(vague, other, key), 1, "another sentence is another finding")
	two := withText("1. Ask a few questions about the car.\n2. Wait a few minutes.")
	left := findingsOf(vague, two, key)
	require.Len(t, left, 1, "the other one stays")
	assert.NotEqual(t, key, left[0].Ignore)
}

func TestIgnore_ARuleIsHiddenEverywhere(t *testing.T) {
	s := withText("1. Ask a few questions about the car.\n2. Wait a few minutes.")
	require.NotEmpty(t, findingsOf(vague, s))
	assert.Empty(t, findingsOf(vague, s, string(vague)))
}

func TestIgnore_UnknownEntriesDoNoHarm(t *testing.T) {
	s := withText("1. Ask a few questions about the car.")
	want := Spec(s, Context{})
	assert.Equal(t, want, Spec(s, Context{Ignore: []string{"", "no-such-rule", "vague-quantity:", "vague", ":", "vague-quantity:ffffffffffff", strings.Repeat("x", 10_000)}}))
}

// A finding on a whole field goes by the name of its job: to ignore it in one job does not hide it in others.
func TestIgnore_AFindingOnAWholeFieldBelongsToItsJob(t *testing.T) {
	text := "1. Ask for the full name.\n2. Ask for the callback number.\n3. Say goodbye and end the call. Then end it."
	one, two := job.Spec{Name: "One", Instructions: text}, job.Spec{Name: "Two", Instructions: text}
	const missing = RuleID("intent-missing")
	found := findingsOf(missing, one)
	require.Len(t, found, 1)
	assert.Empty(t, findingsOf(missing, one, found[0].Ignore))
	assert.Len(t, findingsOf(missing, two, found[0].Ignore), 1)
	one.Instructions += "\n4. Thank them."
	assert.Empty(t, findingsOf(missing, one, found[0].Ignore), "an edit of the text")
}

// What clashes goes by both of its sentences: when one of them is changed it is looked at again.
func TestIgnore_AClashGoesByBothSentences(t *testing.T) {
	visit, other := spec("Book a visit", "1. Say that a haircut costs $35."), spec("Take a message", "1. Ask for a message.")
	lint := func(page string, visit job.Spec, ignore ...string) (found []Finding) {
		var jobs []job.Job
		for _, s := range []job.Spec{other, visit} {
			j, err := job.New(s)
			require.NoError(t, err)
			jobs = append(jobs, j)
		}
		c := Context{Ignore: ignore, Pages: []Page{{ID: "p", Title: "Prices", Text: page}}}
		return slices.DeleteFunc(Set(jobs, c), func(f Finding) bool { return f.Rule != "price-conflict" })
	}
	found := lint("Haircut: $30", visit)
	require.Len(t, found, 1)
	key := found[0].Ignore
	visit.Instructions = "1. Ask for the name.\n2. Say that a haircut costs $35."
	assert.Empty(t, lint("Welcome.\n\nHaircut: $30", visit, key))
	assert.Len(t, lint("Haircut: $31", visit, key), 1)
	visit.Name = "Visits"
	assert.Empty(t, lint("Haircut: $30", visit, key), "names are not what clashes")
}
