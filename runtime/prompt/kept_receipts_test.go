package prompt_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/runtime/prompt"
)

// keptScenes are those whose receipts are kept in testdata/receipts, one folder a layout.
func keptScenes() map[string]scene {
	found := library()
	found.options.Profile = prompt.Profile{Name: "small", InstructionCap: 3000}
	return map[string]scene{"salon": salon(), "index": index(), "actions": actions(), "hostile": hostile(), "languages": languages(), "nothing": {}, "found": found}
}

// TestReceiptsOfThisLayoutStayTrue: a receipt that a call of this layout left is verified by every later
// version that still writes it. A change that breaks one of them raises the number of the layout, and then
// -update writes a folder of its own; these files stay.
func TestReceiptsOfThisLayoutStayTrue(t *testing.T) {
	layout := scene{}.build(t).Receipt.Format
	dir := filepath.Join("testdata", "receipts", "layout-"+strconv.Itoa(layout))
	for name, s := range keptScenes() {
		t.Run(name, func(t *testing.T) {
			made, err := json.MarshalIndent(s.build(t).Receipt, "", "  ")
			require.NoError(t, err)
			file := filepath.Join(dir, name+".json")
			golden.Assert(t, file, append(made, '\n'))
			if golden.Updating() {
				return
			}
			stored, err := os.ReadFile(file)
			require.NoError(t, err)
			var r call.Receipt
			require.NoError(t, json.Unmarshal(stored, &r))
			require.Equal(t, layout, r.Format)
			p, err := prompt.Rebuild(r, s.snapshot(t), callflow.Sona, s.options)
			require.NoError(t, err)
			require.Equal(t, r.Stable, p.Receipt.Stable)

			s.step.Greeting += "!"
			_, err = prompt.Rebuild(r, s.snapshot(t), callflow.Sona, s.options)
			require.ErrorIs(t, err, prompt.ErrReceipt)
			require.NotContains(t, string(stored), nonce)
		})
	}
}
