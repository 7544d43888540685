package runtime

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// mostSnapshots bounds how many snapshots are kept for the time when storage is down. Their jobs and pages are shared
// with what the workspace keeps.
const mostSnapshots = 256

// lastKnown keeps what calls began on, by what the host asks for.
type lastKnown struct {
	mu        sync.Mutex
	snapshots map[string]callflow.Snapshot
}

func newLastKnown() *lastKnown { return &lastKnown{snapshots: map[string]callflow.Snapshot{}} }

func (l *lastKnown) get(key string) (callflow.Snapshot, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.snapshots[key]
	return s, ok
}

func (l *lastKnown) keep(key string, s callflow.Snapshot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, there := l.snapshots[key]; !there && len(l.snapshots) >= mostSnapshots {
		for old := range l.snapshots { // any one: each is kept again by its next call
			delete(l.snapshots, old)
			break
		}
	}
	l.snapshots[key] = s
}

func (l *lastKnown) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.snapshots, key)
}

// opening is what is known of a call's beginning besides its snapshot.
type opening struct {
	stale  bool // the snapshot is the last known one
	silent bool // storage did not even answer: nobody waits for it a second time
}

// snapshot returns what is live for the call; when storage fails, what was live when it last did not. Where there
// is nothing of the kind the caller is in the host's hands.
func (r *Runtime) snapshot(ctx context.Context, w *storage.Workspace, in Incoming) (s callflow.Snapshot, o opening, err error) {
	key := string(w.ID()) + "\x00" + string(in.Flow)
	ask := func(ctx context.Context) (callflow.Snapshot, error) { return w.Snapshot(ctx, in.Flow) }
	switch {
	case in.Flow != "":
	case in.To != "":
		line := in.To
		if normal, err := callflow.ParseLine(string(line)); err == nil {
			line = normal
		}
		key += "\x00" + string(line)
		ask = func(ctx context.Context) (callflow.Snapshot, error) { return w.SnapshotFor(ctx, in.To) }
	default:
		return s, o, errNowhere
	}
	known, ok := r.known.get(key)
	asking, cancel := ctx, context.CancelFunc(func() {})
	if ok { // there is something to go on with: no caller waits for long
		asking, cancel = context.WithTimeout(ctx, mostStore)
	}
	defer cancel()
	s, err = ask(asking)
	switch {
	case err == nil:
		r.known.keep(key, s)
		return s, o, nil
	case ctx.Err() != nil:
	case told(err):
		r.known.forget(key)
	case ok:
		r.log().ErrorContext(ctx, "storage failed: the call begins on the last known snapshot", "gen_ai.conversation.id", in.ID, "error.type", fmt.Sprintf("%T", err))
		return known, opening{stale: true, silent: asking.Err() != nil}, nil
	}
	return s, o, fmt.Errorf("runtime: begin: %w", err)
}

// told reports whether an error is an answer of storage that works.
func told(err error) bool {
	_, field := errors.AsType[*job.FieldError](err)
	_, invalid := errors.AsType[*job.ValidationError](err)
	return field || invalid || errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrUnpublished)
}
