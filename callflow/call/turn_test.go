package call_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/callflow/call"
)

func TestTurn_HeardIsAllOfItUnlessTheCallerSpokeOverIt(t *testing.T) {
	for _, tt := range []struct {
		turn call.Turn
		want string
	}{
		{call.Turn{Text: "Good morning."}, "Good morning."},
		{call.Turn{Text: "Good morning.", Spoken: 4}, "Good morning."},
		{call.Turn{Text: "Good morning.", Interrupted: true, Spoken: 4}, "Good"},
		{call.Turn{Text: "Good morning.", Interrupted: true}, ""},
		{call.Turn{Text: "Good morning.", Interrupted: true, Spoken: -1}, ""},
		{call.Turn{Text: "Good morning.", Interrupted: true, Spoken: 13}, "Good morning."},
		{call.Turn{Text: "Good morning.", Interrupted: true, Spoken: 99}, "Good morning."},
		{call.Turn{Text: "¿Qué tal, 你好?", Interrupted: true, Spoken: 4}, "¿Qué"},
		{call.Turn{Text: "你好吗", Interrupted: true, Spoken: 2}, "你好"},
		{call.Turn{}, ""},
	} {
		assert.Equal(t, tt.want, tt.turn.Heard())
	}
}
