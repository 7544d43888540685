package prompt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Texts that nobody asks for any more make room: a process that lives long does not grow with its edits.
func TestPartsForgetOldTexts(t *testing.T) {
	const most = 64 << 10
	k := &Parts{most: most}
	held := func() (n int) {
		for _, generation := range []map[textKey]sized[*prepared]{k.texts.young, k.texts.old} {
			for _, p := range generation {
				n += len(p.value.text)
			}
		}
		return n
	}
	text := strings.Repeat("It is so. ", 300)
	made := 0
	always := func() *prepared { return prepare("always") }
	for edit := range 200 {
		key := textKey{kind: "page", source: fmt.Sprint(edit)}
		k.prepared(key, len(text), func() *prepared { made++; return prepare(text) })
		k.prepared(key, len(text), func() *prepared { t.Error("the newest is there"); return nil })
		if edit > 0 {
			k.prepared(textKey{kind: "job"}, 6, func() *prepared { t.Error("what is asked for stays"); return always() })
		} else {
			k.prepared(textKey{kind: "job"}, 6, always)
		}
		require.LessOrEqual(t, held(), 2*most)
	}
	require.Equal(t, 200, made)
	k.prepared(textKey{kind: "page", source: "0"}, len(text), func() *prepared { made++; return prepare(text) })
	require.Equal(t, 201, made, "the oldest was forgotten")
}
