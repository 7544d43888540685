package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sonajobs/sona/storage"
)

// Ledger remembers which effects were begun, so that each runs once: for requests that come twice, for several
// processes that answer for one call, and after a crash. The key is that of CallInfo and of call.Effect: the same
// for the same call, action and arguments. Safe for concurrent use by many processes.
type Ledger interface {
	// Claim asks for the right to carry out the effect. Of all that ask exactly one gets [ClaimGranted]; it carries
	// the effect out and settles. The others are told what is known: [ClaimDone], or [ClaimOpen] when nobody settled,
	// be it that the effect is under way or that its process has died. An open claim is never granted again: whether
	// its effect was done is not known. On an error nothing is carried out.
	Claim(ctx context.Context, ws storage.WorkspaceID, key string) (ClaimState, error)
	// Settle tells how a claimed effect ended: done, or failed for certain, after which it may be claimed again. What
	// was done may turn out to have failed, such as a transfer that was started and that nobody took. An effect whose
	// end is not known is not settled. Settling what was not claimed, or has failed, changes nothing.
	Settle(ctx context.Context, ws storage.WorkspaceID, key string, done bool) error
}

// ClaimState is what a [Ledger] answers to a claim.
type ClaimState string

// The answers.
const (
	ClaimGranted ClaimState = "granted" // the effect is the asker's to carry out
	ClaimDone    ClaimState = "done"    // it was carried out before
	ClaimOpen    ClaimState = "open"    // somebody has claimed it: whether it was done is not known
)

// StorageLedger returns a ledger that keeps its claims in a storage, next to the workspace's other documents, by
// compare-and-set. A claim is a document of the kind "effect" that holds nothing of what was said: the key is a
// hash, and the value says open, done or failed. A first claim is one write, and so is settling.
func StorageLedger(s storage.Storage) Ledger { return storageLedger{s} }

type storageLedger struct{ storage storage.Storage }

// kindEffect is the ledger's own kind of document: to a driver kinds are names, and no Workspace reads it.
const kindEffect storage.Kind = "effect"

// failed is the state of an effect that may be claimed again. Nobody is ever answered with it.
const claimFailed ClaimState = "failed"

// claim is a stored claim.
type claim struct {
	State ClaimState `json:"state"`
}

func (l storageLedger) Claim(ctx context.Context, ws storage.WorkspaceID, key string) (ClaimState, error) {
	for revision := 1; ; { // most effects are claimed once: try before looking
		err := l.put(ctx, ws, key, revision, ClaimOpen)
		switch {
		case err == nil:
			return ClaimGranted, nil
		case !errors.Is(err, storage.ErrConflict):
			return "", err
		}
		state, newest, err := l.newest(ctx, ws, key)
		if err != nil || state != claimFailed {
			return state, err
		}
		revision = newest + 1
	}
}

func (l storageLedger) Settle(ctx context.Context, ws storage.WorkspaceID, key string, done bool) error {
	state, newest, err := l.newest(ctx, ws, key)
	if err != nil || state == "" || state == claimFailed || state == ClaimDone && done {
		return err
	}
	to := claimFailed
	if done {
		to = ClaimDone
	}
	if err = l.put(ctx, ws, key, newest+1, to); errors.Is(err, storage.ErrConflict) {
		return nil // it was settled twice at a time
	}
	return err
}

// newest returns the state of a claim, and in which revision; "" in revision 0 when there is none.
func (l storageLedger) newest(ctx context.Context, ws storage.WorkspaceID, key string) (ClaimState, int, error) {
	docs, err := l.storage.Get(ctx, ws, []storage.Want{{Ref: storage.Ref{Kind: kindEffect, ID: key}}})
	if err != nil || len(docs) == 0 {
		return "", 0, err
	}
	var c claim
	if err := json.Unmarshal(docs[0].Value, &c); err != nil || c.State != ClaimDone && c.State != claimFailed {
		c.State = ClaimOpen // what cannot be read is not done again
	}
	return c.State, docs[0].Revision, nil
}

func (l storageLedger) put(ctx context.Context, ws storage.WorkspaceID, key string, revision int, state ClaimState) error {
	return l.storage.Put(ctx, ws, []storage.Doc{{Ref: storage.Ref{Kind: kindEffect, ID: key}, Revision: revision,
		At: time.Now().UTC().Truncate(time.Microsecond), Value: encode(claim{state})}})
}

// errUnknownEnd: nobody may carry the effect out again.
var errUnknownEnd = errors.New("it was begun before, and whether it was done is not known: it is not done again")

// errUnclaimed: the ledger did not answer, so nothing was done.
var errUnclaimed = errors.New("it was not carried out: that it runs only once could not be made sure of; say that it did not work")

// doneBefore is the result of an effect that was carried out elsewhere, where its result is.
var doneBefore = json.RawMessage(`"it was done already, and is not done again; its result is not known here"`)

// once carries an effect out unless the ledger says otherwise. freed tells that this call has carried it out before,
// and knows that it failed after it was claimed as done. Only who was granted a claim may free it.
func (r *Runtime) once(ctx context.Context, i CallInfo, freed bool, do func() (json.RawMessage, error)) (result json.RawMessage, err error) {
	l := r.config.Ledger
	if l == nil || r.config.Dry || i.Workspace == "" {
		return do()
	}
	if freed {
		r.settle(ctx, i, false)
	}
	switch state, err := r.claim(ctx, i); {
	case err != nil:
		r.log().ErrorContext(ctx, "effect not claimed", "gen_ai.conversation.id", i.ID, "error.type", fmt.Sprintf("%T", err))
		return nil, errUnclaimed
	case state == ClaimDone:
		return doneBefore, nil
	case state != ClaimGranted:
		return nil, errUnknownEnd
	}
	if ctx.Err() != nil { // its time was over before it began
		r.settle(ctx, i, false)
		return nil, ctx.Err()
	}
	result, err = do()
	if err == nil || ctx.Err() == nil { // else it may still come about
		r.settle(ctx, i, err == nil)
	}
	return result, err
}

func (r *Runtime) claim(ctx context.Context, i CallInfo) (state ClaimState, err error) {
	defer func() {
		if p := recover(); p != nil {
			state, err = "", fmt.Errorf("the ledger panicked: %T", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, mostStore)
	defer cancel()
	return r.config.Ledger.Claim(ctx, i.Workspace, i.Key)
}

// settle never fails an effect: one that could not be settled stays open, and is not done again.
func (r *Runtime) settle(ctx context.Context, i CallInfo, done bool) {
	defer func() {
		if p := recover(); p != nil {
			r.log().ErrorContext(ctx, "effect not settled", "gen_ai.conversation.id", i.ID, "panic", fmt.Sprintf("%T", p))
		}
	}()
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostStore)
	defer cancel()
	if err := r.config.Ledger.Settle(settling, i.Workspace, i.Key, done); err != nil {
		r.log().ErrorContext(ctx, "effect not settled", "gen_ai.conversation.id", i.ID, "error.type", fmt.Sprintf("%T", err))
	}
}
