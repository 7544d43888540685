package callflow_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

func TestNewSettings_EveryRuleHasItsError(t *testing.T) {
	many := make([]string, 51)
	for i := range many {
		many[i] = "Be kind."
	}
	for _, tt := range []struct {
		field string
		spec  callflow.SettingsSpec
	}{
		{"guardrails", callflow.SettingsSpec{Guardrails: many}},
		{"guardrails[1]", callflow.SettingsSpec{Guardrails: []string{"Be kind.", " "}}},
		{"guardrails[0]", callflow.SettingsSpec{Guardrails: []string{strings.Repeat("é", 501)}}},
		{"targets", callflow.SettingsSpec{Targets: make([]job.Target, 1001)}},
		{"targets[0]", callflow.SettingsSpec{Targets: []job.Target{{Kind: "elsewhere", ID: "x"}}}},
		{"targets[0]", callflow.SettingsSpec{Targets: []job.Target{{Kind: job.TargetInbox, ID: "x", Inbox: "forgotten"}}}},
		{"maxTokens", callflow.SettingsSpec{MaxTokens: -1}},
	} {
		s, err := callflow.NewSettings(tt.spec)
		invalid, ok := errors.AsType[*job.ValidationError](err)
		require.True(t, ok, tt.field)
		assert.Equal(t, tt.field, invalid.Fields[0].Field)
		assert.True(t, strings.HasPrefix(err.Error(), "settings: "), err.Error())
		assert.Zero(t, s)
	}
}

func TestNewSettings_WhatIsAllowedIsCleanedAndCopied(t *testing.T) {
	support, err := job.ParseTarget("inbox:support")
	require.NoError(t, err)
	spec := callflow.SettingsSpec{
		Guardrails: []string{"Never\nquote prices.", strings.Repeat("é", 500)},
		Ignore:     []string{"goal"}, Targets: []job.Target{support}, MaxTokens: 9000,
	}
	s, err := callflow.NewSettings(spec)
	require.NoError(t, err)
	spec.Guardrails[0], spec.Ignore[0] = "spoiled", "spoiled"
	s.Spec().Targets[0] = job.Target{}

	got := s.Spec()
	assert.Equal(t, "Never quote prices.", got.Guardrails[0], "a rule is one line")
	assert.Equal(t, []string{"goal"}, got.Ignore)
	assert.Equal(t, []job.Target{support}, got.Targets)
	assert.Equal(t, 9000, got.MaxTokens)
	assert.Zero(t, s.Revision())
	assert.Empty(t, s.Nonce())
}

func TestSettings_StampedByStorageAndSilentAboutTheNonce(t *testing.T) {
	nonce := callflow.NewNonce()
	assert.Len(t, nonce, 12)
	assert.NotEqual(t, nonce, callflow.NewNonce())

	at := job.Stamp{Revision: 2, At: monday, By: "ann"}
	s := callflow.Settings{}.Stamped("acme", nonce, at)
	assert.Equal(t, "acme", s.Workspace())
	assert.Equal(t, nonce, s.Nonce())
	assert.Equal(t, at, s.Stamp())
	assert.Equal(t, 2, s.Revision())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(verb, s), nonce, verb)
	}
	assert.Equal(t, `settings of workspace "acme", revision 2`, s.String())
}

func TestSettings_AreKnownByTheHashOfTheirRules(t *testing.T) {
	support, err := job.ParseTarget("inbox:support")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, spec := range []callflow.SettingsSpec{
		{}, {Guardrails: []string{"Be kind."}}, {Guardrails: []string{"Be kind.", "Be brief."}}, {Ignore: []string{"Be kind."}},
		{Targets: []job.Target{support}}, {MaxTokens: 9000}, {Guardrails: []string{"<Be kind.>"}},
	} {
		s, err := callflow.NewSettings(spec)
		require.NoError(t, err)
		assert.Len(t, s.Hash(), 64)
		assert.False(t, seen[s.Hash()], "%+v", spec)
		seen[s.Hash()] = true
		assert.Equal(t, s.Hash(), s.Stamped("acme", "nonce", job.Stamp{Revision: 4}).Hash(), "the rules alone count")
		assert.Equal(t, spec.MaxTokens, s.MaxTokens())
	}
	assert.True(t, seen[callflow.Settings{}.Hash()], "the zero Settings are a workspace without rules")
	assert.Equal(t, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", callflow.Settings{}.Hash(), "receipts that are kept hold such hashes")
}

func TestSettings_WithoutTargetsAllowAll(t *testing.T) {
	support, err := job.ParseTarget("inbox:support")
	require.NoError(t, err)
	sales, err := job.ParseTarget("inbox:sales")
	require.NoError(t, err)
	assert.True(t, callflow.Settings{}.Allows(support))
	s, err := callflow.NewSettings(callflow.SettingsSpec{Targets: []job.Target{support}})
	require.NoError(t, err)
	assert.True(t, s.Allows(support))
	assert.False(t, s.Allows(sales))
}
