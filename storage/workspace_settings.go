package storage

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

// settingsRef names the one settings document of a workspace.
var settingsRef = Ref{Kind: KindSettings, ID: "settings"}

// storedSettings is the JSON form of the settings. The stamp is the document's. Fields may be added; none is
// ever renamed or dropped.
type storedSettings struct {
	Nonce string                `json:"nonce"`
	Spec  callflow.SettingsSpec `json:"spec"`
}

// MarshalJSON makes storedSettings a value that document takes.
func (s storedSettings) MarshalJSON() ([]byte, error) {
	type plain storedSettings
	return json.Marshal(plain(s))
}

// Settings returns the rules for all jobs of the workspace. Whoever needs them first makes revision 1,
// which holds the random nonce of the workspace's fences and no rules; the nonce never changes afterwards.
func (w *Workspace) Settings(ctx context.Context) (callflow.Settings, error) {
	s, err := load[callflow.Settings](ctx, w, settingsRef)
	if !errors.Is(err, ErrNotFound) {
		return s, err
	}
	_, err = w.By("").putSettings(ctx, 0, callflow.NewNonce(), callflow.SettingsSpec{}) // no author asked for it
	if err != nil && !errors.Is(err, ErrConflict) {
		return callflow.Settings{}, err
	}
	return load[callflow.Settings](ctx, w, settingsRef) // another's nonce, when another was quicker
}

// SaveSettings makes the next revision of the settings. Like an edit of a job it applies at once, to all
// calls that begin afterwards. base is the revision that the author saw; a stale one is a
// *[SettingsConflictError]. While nothing but the nonce was ever stored 0 is as good as 1, so that a host
// can save rules without reading first. What breaks a rule is a *[job.ValidationError]; equal rules make
// no revision.
func (w *Workspace) SaveSettings(ctx context.Context, base int, s callflow.SettingsSpec) (callflow.Settings, error) {
	mine, err := callflow.NewSettings(s)
	if err != nil {
		return callflow.Settings{}, err
	}
	theirs, err := w.Settings(ctx)
	if err != nil {
		return callflow.Settings{}, err
	}
	if base == 0 && theirs.Revision() == 1 && sameSettings(theirs.Spec(), callflow.SettingsSpec{}) {
		base = 1
	}
	switch {
	case base != theirs.Revision():
		return callflow.Settings{}, w.staleSettings(ctx, base, theirs, mine.Spec())
	case sameSettings(mine.Spec(), theirs.Spec()):
		return theirs, nil
	}
	saved, err := w.putSettings(ctx, base, theirs.Nonce(), mine.Spec())
	if !errors.Is(err, ErrConflict) {
		return saved, err
	}
	if theirs, err = w.Settings(ctx); err != nil {
		return callflow.Settings{}, err
	}
	return callflow.Settings{}, w.staleSettings(ctx, base, theirs, mine.Spec())
}

// putSettings is the only writer of settings.
func (w *Workspace) putSettings(ctx context.Context, newest int, nonce string, s callflow.SettingsSpec) (callflow.Settings, error) {
	at := w.stamp(newest, "")
	doc, err := document(settingsRef, at, "", storedSettings{Nonce: nonce, Spec: s})
	if err != nil {
		return callflow.Settings{}, err
	}
	if err := w.put(ctx, doc); err != nil {
		return callflow.Settings{}, err
	}
	return w.decodeSettings(doc)
}

// decodeSettings reads what putSettings wrote and joins in which workspace it belongs to.
func (w *Workspace) decodeSettings(doc Doc) (callflow.Settings, error) {
	stored, err := decodeAs[storedSettings](doc.Value)
	if err != nil {
		return callflow.Settings{}, err
	}
	if stored.Nonce == "" {
		return callflow.Settings{}, errors.New("there is no nonce in it")
	}
	s, err := callflow.NewSettings(stored.Spec)
	if err != nil {
		return callflow.Settings{}, err
	}
	at := job.Stamp{Revision: doc.Revision, At: doc.At, By: doc.By, Note: doc.Note}
	return s.Stamped(string(w.id), stored.Nonce, at), nil
}

func (w *Workspace) staleSettings(ctx context.Context, base int, theirs callflow.Settings, mine callflow.SettingsSpec) error {
	conflict := &SettingsConflictError{Theirs: theirs, Mine: mine}
	if base < 1 || base > theirs.Revision() {
		return conflict
	}
	docs, err := w.storage.History(ctx, w.id, settingsRef, base+1, 1)
	if err != nil {
		return err
	}
	if len(docs) == 1 {
		conflict.Base, _ = read[callflow.Settings](w, docs[0]) // unreadable: as if there were none
	}
	return conflict
}

func sameSettings(a, b callflow.SettingsSpec) bool {
	return a.MaxTokens == b.MaxTokens && slices.Equal(a.Guardrails, b.Guardrails) &&
		slices.Equal(a.Ignore, b.Ignore) && slices.Equal(a.Targets, b.Targets)
}
