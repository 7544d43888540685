package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// History knows the earlier contacts of callers, such as the host's inbox does. Safe for concurrent use.
type History interface {
	// Activities returns what there was with this caller in this inbox since c.Since: calls, messages, voicemails;
	// c.Limit of them are enough, the newest, in any order. It has a second: when it fails or takes longer the call
	// goes on without, and the record says so.
	Activities(ctx context.Context, c Contact) ([]call.Activity, error)
	// Erase forgets a caller, for [Runtime.EraseCaller].
	Erase(ctx context.Context, ws storage.WorkspaceID, a call.Address) error
}

// Contact says whose earlier contacts are asked for.
type Contact struct {
	Workspace storage.WorkspaceID
	Number    callflow.Line // that was called: the inbox; empty when the host named the flow only
	Flow      callflow.ID
	Caller    call.Caller // never one that withheld its number
	Since     time.Time
	Limit     int
}

// The kinds of activities that the model is shown. Anything else, a note of the staff above all, is left out.
const (
	ActivityCall      = "call"
	ActivityMessage   = "message"
	ActivityVoicemail = "voicemail"
)

const (
	historyDays    = 21              // back from the call
	mostActivities = 30              // the newest
	mostActivity   = 500             // characters of one
	mostRecall     = time.Second     // for the history, while the caller waits for the greeting
	mostScanned    = 500             // records of the caller that are looked through
	futureSlack    = 5 * time.Minute // of the host's clock
)

// recall gives the call the caller's earlier contacts, when the step looks at them. Storage that is silent is not
// asked again.
func (e *engine) recall(ctx context.Context, silent bool) {
	if !e.sona.History || e.ending != nil || e.rec.Caller.Number.Withheld() {
		return
	}
	c := Contact{Workspace: e.space, Number: e.rec.Number, Flow: e.rec.Flow, Caller: e.rec.Caller, Since: e.rec.StartedAt.AddDate(0, 0, -historyDays), Limit: mostActivities}
	ask := func(ctx context.Context) ([]call.Activity, error) { return ownActivities(ctx, e.ws, e.rec.ID, c) }
	switch {
	case e.rt.config.History != nil:
		ask = func(ctx context.Context) ([]call.Activity, error) { return e.rt.config.History.Activities(ctx, c) }
	case e.ws == nil:
		return
	case silent:
		ask = func(context.Context) ([]call.Activity, error) { return nil, errSilent }
	}
	found, err := bounded(ctx, mostRecall, ask)
	if err != nil {
		e.rt.log().WarnContext(ctx, "history not had", "gen_ai.conversation.id", e.rec.ID, "error.type", fmt.Sprintf("%T", err))
		e.note(call.NoteDegraded, "", "", "the caller's earlier conversations could not be had: the call goes on without them")
		return
	}
	if found = recent(found, c.Since, e.rec.StartedAt); len(found) == 0 {
		return
	}
	e.context.History = found
	e.prompt = e.prompt.For(e.context)
	e.rec.Receipt = e.prompt.Receipt
}

var errSilent = errors.New("storage does not answer")

// bounded runs what belongs to the host for a while and no longer, whether it minds its context or not. A panic is
// an error.
func bounded[T any](ctx context.Context, most time.Duration, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	type answer struct {
		v   T
		err error
	}
	done := make(chan answer, 1)
	go func() {
		a := answer{err: errors.New("it left without an answer")}
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("it panicked: %T", p)
			}
			done <- a
		}()
		a.v, a.err = do(ctx)
	}()
	select {
	case a := <-done:
		return a.v, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// recent keeps what the rules allow: the last days, known kinds, the newest ones, each of a bounded length; oldest
// first. The host's slice stays as it is.
func recent(all []call.Activity, since, now time.Time) []call.Activity {
	var kept []call.Activity
	for _, a := range all {
		a.Text = clipText(strings.TrimSpace(strings.ToValidUTF8(a.Text, "\uFFFD")), mostActivity)
		known := a.Kind == ActivityCall || a.Kind == ActivityMessage || a.Kind == ActivityVoicemail
		if known && a.Text != "" && !a.At.Before(since) && a.At.Before(now.Add(futureSlack)) {
			kept = append(kept, a)
		}
	}
	slices.SortStableFunc(kept, func(a, b call.Activity) int { return a.At.Compare(b.At) })
	return kept[max(0, len(kept)-mostActivities):]
}

// clipText returns the first characters of text.
func clipText(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}

// ownActivities are the earlier calls of the caller to the same number as our own records have them.
func ownActivities(ctx context.Context, w *storage.Workspace, except call.ID, c Contact) (found []call.Activity, err error) {
	scanned := 0
	for r, err := range w.CallsFrom(ctx, c.Caller.Number, storage.CallQuery{Since: c.Since}) {
		if _, unreadable := errors.AsType[*storage.RefError](err); unreadable {
			continue // it hides no other
		}
		if err != nil {
			return nil, err
		}
		if scanned++; scanned > mostScanned || len(found) >= c.Limit {
			break
		}
		if r.ID != except && r.Status != call.InProgress && sameInbox(r, c) {
			found = append(found, activity(r))
		}
	}
	return found, nil
}

func sameInbox(r call.Record, c Contact) bool {
	if c.Number == "" || r.Number == "" {
		return r.Flow == c.Flow
	}
	return call.Address(r.Number).Normal() == call.Address(c.Number).Normal()
}

// activity tells of a call what its summary tells.
func activity(r call.Record) call.Activity {
	a := call.Activity{Kind: ActivityCall, At: r.StartedAt, Text: strings.Join(r.Summary.Summary, " ")}
	if r.Outcome.Kind == call.Voicemail {
		a.Kind = ActivityVoicemail
	}
	if strings.TrimSpace(a.Text) == "" {
		a.Text = endings[r.Outcome.Kind]
	}
	return a
}

// EraseCaller erases what is kept of a caller: the records of the workspace, as [storage.Workspace.EraseCaller]
// does, and what Config.History keeps. It returns how many records were erased. A withheld address belongs to nobody
// and is refused with a *[job.FieldError]. After an error call it again: what is erased stays so.
func (r *Runtime) EraseCaller(ctx context.Context, w *storage.Workspace, a call.Address) (int, error) {
	n, err := w.EraseCaller(ctx, a)
	if _, refused := errors.AsType[*job.FieldError](err); refused || r.config.History == nil {
		return n, err
	}
	if fault := r.config.History.Erase(ctx, w.ID(), a); fault != nil {
		err = errors.Join(err, fmt.Errorf("runtime: history: %w", fault))
	}
	return n, err
}
