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
