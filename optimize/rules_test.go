package optimize_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
)

func TestRulesSayTheSameBetter(t *testing.T) {
	for _, tt := range []struct{ name, before, after string }{
		{"bullets that are steps", "## Steps\n\n- Ask for the name.\n- Say it back.\n- Say goodbye.", "## Steps\n\n1. Ask for the name.\n2. Say it back.\n3. Say goodbye."},
		{"lines that are steps", "Ask for the name.\nAsk for the day.\nSay goodbye.", "1. Ask for the name.\n2. Ask for the day.\n3. Say goodbye."},
		{"with what belongs to them", "This job takes a message.\n\n- Ask for the name.\n  - Have it spelled.\n- Ask for the day.\n- Say goodbye.",
			"This job takes a message.\n\n1. Ask for the name.\n  - Have it spelled.\n2. Ask for the day.\n3. Say goodbye."},
		{"a broken numbering", "1. Ask for the name.\n2. Ask for the message.\n4. Say goodbye.", "1. Ask for the name.\n2. Ask for the message.\n3. Say goodbye."},
		{"a goal below the steps", "1. Ask for the name.\n2. Ask for the message.\n3. Say goodbye.\n\nYour goal is to take a message for the office.",
			"Your goal is to take a message for the office.\n\n1. Ask for the name.\n2. Ask for the message.\n3. Say goodbye."},
		{"a section about the intent below the steps", "## Steps\n\n1. Ask for the name.\n2. Say goodbye.\n\n## When to use this job\n\nThe caller wants a table.",
			"## When to use this job\n\nThe caller wants a table.\n\n## Steps\n\n1. Ask for the name.\n2. Say goodbye."},
		{"a crowded step", "1. Greet the caller. Ask for the order number. Look the order up. Tell the caller when it comes.\n2. Say goodbye.\n\nIf the caller refuses, say goodbye.",
			"1. Greet the caller.\n2. Ask for the order number.\n3. Look the order up.\n4. Tell the caller when it comes.\n5. Say goodbye.\n\nIf the caller refuses, say goodbye."},
		{"headings of the first level", "# Goal\n\nTake a message.\n\n## How\n\nAsk for it.", "## Goal\n\nTake a message.\n\n### How\n\nAsk for it."},
		{"what to do off script in two places", "Take a message.\n\nIf the caller refuses to give a name, go on without it.\n\nAsk for the message.\n\nIf the caller does not want to talk, say goodbye.\n\nThank them.",
			"Take a message.\n\nAsk for the message.\n\nThank them.\n\nIf the caller leaves the script:\n\n- If the caller refuses to give a name, go on without it.\n- If the caller does not want to talk, say goodbye."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := byRules(t, tt.before)
			assert.Equal(t, tt.after, s.Instructions)
			assert.NotEmpty(t, s.Changes)
			assert.Equal(t, "rules", s.Engine)
			assert.Empty(t, lossless(tt.before, s.Instructions))
			assert.Equal(t, tt.after, byRules(t, tt.after).Instructions)
		})
	}
}

func TestRulesLeaveAloneWhatTheyCannotProve(t *testing.T) {
	for name, text := range map[string]string{
		"rules that always hold":        "## Rules\n\n- Never give a price.\n- Always be polite.\n- Ask one question at a time.",
		"facts":                         "- The office opens at nine.\n- The shop is next door.\n- Parking is free.",
		"cases":                         "- If the order is late, say sorry.\n- If the order is lost, offer a refund.",
		"a second list beside refs":     "1. Ask for the name.\n2. Go back to step 1 if it is wrong.\n\nThen:\n\n- Ask for the day.\n- Ask for the time.\n- Say goodbye.",
		"numbers that are spoken of":    "1. Ask for the name.\n3. Ask for the message.\n4. Go to step 3 if the number is wrong.",
		"code":                          "```\n- Ask for the name.\n- Say it back.\n- Say goodbye.\n```",
		"a crowded step with condition": "1. Ask for the order number. Look it up. If it is late, say sorry. Tell the caller when it comes.\n2. Say goodbye.",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, text, byRules(t, text).Instructions) })
	}
}

func TestRulesAskInsteadOfInventing(t *testing.T) {
	const text = "This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye and end the call."
	s, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(text), OffScript: optimize.PolicySkip})
	require.NoError(t, err)
	assert.Equal(t, text, s.Instructions, "a scaffold is only offered")
	assert.Contains(t, strings.Join(s.Questions, "\n"), "What should Sona do when the caller does not want to answer? It could read: If the caller declines to answer, skip the question and go on.")
}

func TestRulesTellTextsThatNobodyMayHave(t *testing.T) {
	for _, text := range []string{"", " \n", longText(10_001)} {
		_, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(text)})
		var wrong *job.ValidationError
		require.ErrorAs(t, err, &wrong)
		require.ErrorAs(t, optimizeError(t, text), &wrong)
	}
}

func optimizeError(t *testing.T, text string) error {
	_, err := optimize.Propose(t.Context(), optimize.Rules(), optimize.Request{Spec: spec(text)})
	return err
}

func TestRulesStayWithinTheLimit(t *testing.T) {
	text := strings.Repeat("- Ask for it.\n", 714) // 9,996 characters; a number takes more room than a bullet
	s := byRules(t, text)
	assert.LessOrEqual(t, job.Count(s.Instructions), job.MaxInstructions)
	assert.Equal(t, job.Clean(text), s.Instructions)
}

func TestRulesEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(assert.AnError)
	_, err := optimize.Rules().Optimize(ctx, optimize.Request{Spec: spec("Ask.")})
	require.ErrorIs(t, err, assert.AnError)
}

func BenchmarkRules(b *testing.B) {
	text := largest(b)
	good, err := optimize.Rules().Optimize(b.Context(), optimize.Request{Spec: spec(text)})
	require.NoError(b, err)
	for name, text := range map[string]string{"Real": text, "AtRest": good.Instructions,
		"Steps": job.Clean(strings.Repeat("- Ask for the day on which the table is wanted, and write it down.\n", 130))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := optimize.Rules().Optimize(b.Context(), optimize.Request{Spec: spec(text)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
