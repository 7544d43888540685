package mockcall_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/mockcall"
)

func TestMatchersCompareWhatIsMeantAndNotHowItIsWritten(t *testing.T) {
	for _, c := range []struct {
		arg      mockcall.Arg
		yes, not []any
	}{
		{mockcall.Date("v", "2026-04-05"), []any{"5th of April 2026", "4/5/2026", "5/4/2026", "2026-04-05", "April 5", "the fifth of april"}, []any{"6 April 2026", "5 April 2025", "", 5, nil, "next week"}},
		{mockcall.Time("v", "18:30"), []any{"6:30 pm", "18:30", "half past six", "six thirty in the evening", 1830}, []any{"6:30 am", "18:31", "6", ""}},
		{mockcall.Money("v", "$20.50"), []any{20.5, "20.50", "twenty dollars and fifty cents", "$20.50"}, []any{20, "20.50 euros", "a lot", ""}},
		{mockcall.Number("v", 4), []any{4, "4", "four of us", "a table for four"}, []any{5, "many", ""}},
		{mockcall.Name("v", "José O'Neil"), []any{"jose oneil", "Mr. Jose O’Neil", "j o s e oneil"}, []any{"Joseph O'Neil", ""}},
		{mockcall.Code("v", "TQ6 4FL"), []any{"tq64fl", "t for Tommy q for queen 6 4 foxtrot lima"}, []any{"TQ6 4FM", ""}},
		{mockcall.Text("v", "Blue, please"), []any{"blue please", " Blue. Please! "}, []any{"blue", ""}},
		{mockcall.Regexp("v", regexp.MustCompile(`^A-\d+$`)), []any{"A-12"}, []any{"B-12", ""}},
		{mockcall.OneOf(mockcall.Number("v", 4), mockcall.Text("v", "none")), []any{4, "none"}, []any{5}},
		{mockcall.OneOf(), nil, []any{4}},
		{mockcall.Date("v", "April 5"), nil, []any{"April 5"}},
		{mockcall.Time("v", "evening"), nil, []any{"evening"}},
		{mockcall.Money("v", "much"), nil, []any{"much"}},
	} {
		effect := func(v any) call.Effect {
			args, err := json.Marshal(map[string]any{"v": v})
			require.NoError(t, err)
			return call.Effect{Action: "book", Args: args}
		}
		for _, v := range c.yes {
			require.NoError(t, c.arg(effect(v)), "%v", v)
		}
		for _, v := range c.not {
			require.Error(t, c.arg(effect(v)), "%v", v)
		}
		require.Error(t, c.arg(call.Effect{Action: "book", Args: json.RawMessage(`{}`)}))
		require.Error(t, c.arg(call.Effect{Action: "book"}))
	}
}
