package storage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/storage"
)

// revised is one real edit of a text, from the history of a public repository.
type revised struct{ ID, Repo, Path, Unit, Before, After string }

func revisedTexts(t testing.TB) []revised {
	var rows []revised
	for _, rel := range []string{"prompt_revisions", "knowledge_revisions"} {
		rows = append(rows, corpus.Lines[revised](t, "revisions/dev/"+rel+".jsonl")...)
	}
	return rows
}

// Every other edit of a real revision is mine, the rest theirs: together they are the revision.
func TestTheHalvesOfRealRevisionsMergeToTheWhole(t *testing.T) {
	rows, merges, whole, edits := revisedTexts(t), 0, 0, 0
	for _, r := range rows {
		mine, n := storage.Part(r.Before, r.After, func(i int) bool { return i%2 == 0 })
		theirs, _ := storage.Part(r.Before, r.After, func(i int) bool { return i%2 == 1 })
		if n < 2 {
			continue
		}
		merges, edits = merges+1, edits+n
		merged, clashes := storage.MergeLines(r.Before, mine, theirs)
		assert.Empty(t, clashes, r.ID)
		if assert.Equal(t, r.After, merged, r.ID) {
			whole++
		}
	}
	require.NotZero(t, merges)
	t.Logf("%d revisions, %d of them with two edits or more (%d edits): %d merged to the whole", len(rows), merges, edits, whole)
}

// Two real revisions that follow one another are taken for edits that two authors made at the same time:
// the first is undone beside the second, and then merged in again. Where they touch they must clash.
func TestRealRevisionsThatFollowOneAnotherMerge(t *testing.T) {
	rows := revisedTexts(t)
	pairs, clean, clashing := 0, 0, 0
	for _, first := range rows {
		for _, second := range rows {
			if first.After != second.Before || first.Before == first.After || second.Before == second.After || first.Before == second.After {
				continue
			}
			pairs++
			onlySecond, clashes := storage.MergeLines(first.After, first.Before, second.After)
			if len(clashes) > 0 {
				clashing++
				nothingIsLost(t, first.After, first.Before, second.After, onlySecond)
				continue
			}
			both, clashes := storage.MergeLines(first.Before, first.After, onlySecond)
			assert.Empty(t, clashes, "%s, %s", first.ID, second.ID)
			assert.Equal(t, second.After, both, "%s, %s", first.ID, second.ID)
			clean++
		}
	}
	require.NotZero(t, clean)
	t.Logf("%d pairs of revisions: %d merge cleanly to the real text, %d touch and clash", pairs, clean, clashing)
}
