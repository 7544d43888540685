package call_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
)

func TestOutcome_EveryWayToEndLeavesTheStepByAnExitThatASonaStepHas(t *testing.T) {
	exits := callflow.Step{Is: callflow.SonaStep{}}.Exits()
	for kind, want := range map[call.OutcomeKind]callflow.Exit{
		call.Transferred: callflow.ExitTransferred,
		call.Voicemail:   callflow.ExitVoicemail,
		call.Ended:       callflow.ExitEnded,
		call.NoInput:     callflow.ExitEnded,
		call.TimeLimit:   callflow.ExitEnded,
		call.Fallback:    callflow.ExitFallback,
		call.Failed:      callflow.ExitFallback,
	} {
		assert.Equal(t, want, kind.Exit(), kind)
		assert.Contains(t, exits, kind.Exit())
	}
	assert.Empty(t, call.HungUp.Exit(), "nothing follows for a caller who left")
	assert.Empty(t, call.OutcomeKind("of a later release").Exit())
}

func TestOutcome_TheZeroOutcomeIsACallThatIsNotOver(t *testing.T) {
	assert.True(t, call.Outcome{}.IsZero())
	assert.False(t, call.Outcome{Kind: call.HungUp}.IsZero())
}
