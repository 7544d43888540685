package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

var settingsDoc = storage.Ref{Kind: storage.KindSettings, ID: "settings"}

func rules(guardrails ...string) callflow.SettingsSpec {
	return callflow.SettingsSpec{Guardrails: guardrails}
}

func TestTheFirstWhoNeedsSettingsMakesTheNonce(t *testing.T) {
	w := newWorkspace().By("ann")
	s, err := w.Settings(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "acme", s.Workspace())
	assert.Equal(t, 1, s.Revision())
	assert.Empty(t, s.Stamp().By, "no author asked for it")
	assert.Len(t, s.Nonce(), 12)
	assert.Empty(t, s.Spec())

	other, err := storage.Open(memory.New(), "other").Settings(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, s.Nonce(), other.Nonce())
}

func TestTheNonceIsMadeOnceHoweverManyNeedIt(t *testing.T) {
	s := memory.New()
	const users = 16
	nonces := make([]string, users)
	var everybody sync.WaitGroup
	for i := range users {
		w := storage.Open(s, "acme") // each a process of its own: nothing shared but the storage
		everybody.Go(func() {
			settings, err := w.Settings(t.Context())
			assert.NoError(t, err)
			if i%2 == 0 {
				_, err = w.SaveSettings(t.Context(), 0, rules("Never promise a price."))
				if !errors.Is(err, storage.ErrConflict) {
					assert.NoError(t, err)
				}
			}
			nonces[i] = settings.Nonce()
		})
	}
	everybody.Wait()
	settings, err := storage.Open(s, "acme").Settings(t.Context())
	require.NoError(t, err)
	for _, nonce := range nonces {
		assert.Equal(t, settings.Nonce(), nonce)
	}
	history, err := s.History(t.Context(), "acme", settingsDoc, 0, 100)
	require.NoError(t, err)
	assert.Len(t, history, 2, "one with the nonce, one with the rule")
}

func TestSavedSettingsKeepTheNonceAndCountRevisions(t *testing.T) {
	w := newWorkspace()
	first, err := w.By("ann").SaveSettings(t.Context(), 0, rules("Never promise a price."))
	require.NoError(t, err, "0 will do while only the nonce was ever stored")
	assert.Equal(t, 2, first.Revision())
	assert.Equal(t, "ann", first.Stamp().By)

	second, err := w.SaveSettings(t.Context(), 2, callflow.SettingsSpec{
		Guardrails: []string{"Never promise a price."}, Ignore: []string{"goal-first"}, MaxTokens: 9_000,
		Targets: []job.Target{{Kind: job.TargetInbox, ID: "support"}},
	})
	require.NoError(t, err)
	assert.Equal(t, 3, second.Revision())
	assert.Equal(t, first.Nonce(), second.Nonce())

	read, err := w.Settings(t.Context())
	require.NoError(t, err)
	assert.Equal(t, second, read)
	same, err := w.SaveSettings(t.Context(), 3, read.Spec())
	require.NoError(t, err)
	assert.Equal(t, 3, same.Revision(), "equal rules make no revision")
}

func TestStaleSettingsAreRefusedAndMerge(t *testing.T) {
	w := newWorkspace()
	inbox := func(id string) job.Target { return job.Target{Kind: job.TargetInbox, ID: id} }
	first, err := w.SaveSettings(t.Context(), 0, callflow.SettingsSpec{Guardrails: []string{"One.", "Two.", "Three."}, Targets: []job.Target{inbox("a")}})
	require.NoError(t, err)
	theirs, err := w.By("bob").SaveSettings(t.Context(), 2, callflow.SettingsSpec{Guardrails: []string{"One!", "Two.", "Three."}, Targets: []job.Target{inbox("a"), inbox("b")}})
	require.NoError(t, err)
	mine := callflow.SettingsSpec{Guardrails: []string{"One.", "Two.", "Three!"}, Targets: []job.Target{inbox("a")}, MaxTokens: 9}
	for base, from := range map[int]string{
		0: "names no revision that it was made from; 3",
		2: "was made from revision 2, but 3",
		9: "names no revision that it was made from; 3",
	} {
		_, err = w.SaveSettings(t.Context(), base, mine)
		require.ErrorIs(t, err, storage.ErrConflict)
		assert.EqualError(t, err, fmt.Sprintf(`settings: the edit %s is the newest, by "bob": merge with it and save again from revision 3`, from))
		conflict, ok := errors.AsType[*storage.SettingsConflictError](err)
		require.True(t, ok)
		assert.Equal(t, theirs, conflict.Theirs)
		if base == 2 {
			assert.Equal(t, first, conflict.Base)
			merged, clashes := conflict.Merge()
			assert.Empty(t, clashes)
			assert.Equal(t, callflow.SettingsSpec{Guardrails: []string{"One!", "Two.", "Three!"}, Targets: []job.Target{inbox("a"), inbox("b")}, MaxTokens: 9}, merged)
		}
	}
}

func TestSettingsLostInARaceAreAConflict(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme").By("bob")
	_, err := w.Settings(t.Context())
	require.NoError(t, err)
	s.put = func(int, []storage.Doc) error {
		_, err := other.SaveSettings(t.Context(), 0, rules("Bob's."))
		return err
	}
	_, err = w.SaveSettings(t.Context(), 0, rules("Mine."))
	conflict, ok := errors.AsType[*storage.SettingsConflictError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "bob", conflict.Theirs.Stamp().By)
	assert.Equal(t, 1, conflict.Base.Revision())
	merged, clashes := conflict.Merge()
	assert.Equal(t, []string{"Bob's.", "Mine."}, merged.Guardrails)
	assert.Equal(t, []storage.Clash{{Field: "guardrails", Mine: "Mine.", Theirs: "Bob's.", Line: 1}}, clashes)
}

func TestSettingsThatBreakARuleAreRefused(t *testing.T) {
	w := newWorkspace()
	_, err := w.SaveSettings(t.Context(), 0, rules(strings.Repeat("x", 501)))
	_, ok := errors.AsType[*job.ValidationError](err)
	assert.True(t, ok)
	assert.EqualError(t, err, "settings: guardrails[0]: 501 characters, at most 500: shorten it by 1")
	s, err := w.Settings(t.Context())
	require.NoError(t, err)
	assert.Empty(t, s.Spec())
}

func TestSettingsThatCannotBeReadAreReported(t *testing.T) {
	for value, reason := range map[string]string{
		`{"nonce":`:                             "unexpected end of JSON input",
		`{"spec":{}}`:                           "there is no nonce in it",
		`{"nonce":"n","spec":{"maxTokens":-1}}`: "settings: maxTokens: -1 is negative: use 0 for no limit of the workspace's own",
	} {
		s := memory.New()
		w := storage.Open(s, "acme")
		doc := storage.Doc{Ref: settingsDoc, Revision: 1, Value: []byte(value)}
		require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{doc}))
		_, err := w.Settings(t.Context())
		assert.EqualError(t, err, `settings "settings": revision 1 cannot be read: `+reason)
		_, err = w.SaveSettings(t.Context(), 1, rules("x"))
		assert.ErrorContains(t, err, reason)
	}
}
