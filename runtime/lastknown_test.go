package runtime_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// down is a storage that can be made to fail, or to hang, whatever it is asked.
type down struct {
	storage.Storage
	fails, hangs atomic.Bool
}

func (d *down) trouble(ctx context.Context) error {
	switch {
	case d.fails.Load():
		return errDisk
	case d.hangs.Load():
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (d *down) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	if err := d.trouble(ctx); err != nil {
		return nil, err
	}
	return d.Storage.Get(ctx, ws, want)
}

func (d *down) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	if err := d.trouble(ctx); err != nil {
		return nil, err
	}
	return d.Storage.List(ctx, ws, q)
}

func (d *down) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if err := d.trouble(ctx); err != nil {
		return err
	}
	return d.Storage.Put(ctx, ws, docs)
}

func TestRule_StorageDownAtTheStartUsesTheLastKnownSnapshot(t *testing.T) {
	for _, tt := range []struct {
		name  string
		hangs bool
		takes time.Duration // until the caller is greeted
	}{{"it fails", false, 0}, {"it hangs", true, 3 * time.Second}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &down{Storage: memory.New()}
				o := newOfficeIn(t, store, callflow.Persona{})
				m := scripted.New(scripted.Say("One."), scripted.Say("Two."))
				rt := o.runtime(t, runtime.Config{Model: m})
				c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
				require.NoError(t, err)
				hear(t, c, "Hi")
				require.False(t, end(t, c).Stale)

				(map[bool]*atomic.Bool{false: &store.fails, true: &store.hangs})[tt.hangs].Store(true)
				began := time.Now()
				c, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-2", To: "+1 555 0100"}))
				require.NoError(t, err)
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, "Two.", hear(t, c, "Hi"))
				store.fails.Store(false)
				store.hangs.Store(false)
				r := end(t, c)
				require.True(t, r.Stale)
				require.Equal(t, 1, r.Version)
				require.Contains(t, r.Notes[0].Text, "last known version")
				stored, err := o.ws.Call(t.Context(), "call-2")
				require.NoError(t, err, "the next write holds all of it")
				require.True(t, stored.Stale)
			})
		})
	}
}

func TestStorageThatWasNeverReadIsAnError(t *testing.T) {
	store := &down{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	store.fails.Store(true)
	_, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.ErrorIs(t, err, errDisk)
	store.fails.Store(false)
	_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	store.fails.Store(true)
	_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Flow: o.flow.ID()}))
	require.ErrorIs(t, err, errDisk, "known is what was asked for in the same way")
	_, err = rt.BeginChat(t.Context(), storage.Open(store, "other"), incoming(runtime.Incoming{}))
	require.ErrorIs(t, err, errDisk, "another workspace's flow is another's")
	_, err = rt.BeginChat(cancelled(t), o.ws, incoming(runtime.Incoming{}))
	require.Error(t, err, "the host does not want the call any more")
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// What storage says is not up for discussion: a flow that was deleted does not live on.
func TestWhatIsGoneIsNotKnownAnyMore(t *testing.T) {
	store := &down{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	_, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	f, err := o.ws.Flow(t.Context(), o.flow.ID())
	require.NoError(t, err)
	require.NoError(t, o.ws.DeleteFlow(t.Context(), f.ID(), f.Revision()))
	_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.ErrorIs(t, err, storage.ErrNotFound)
	store.fails.Store(true)
	_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
	require.ErrorIs(t, err, errDisk)
}

func TestTheLastKnownSnapshotsAreBounded(t *testing.T) {
	store := &down{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	const many = 400
	for i := range many {
		f, err := o.ws.CreateFlow(t.Context(), callflow.Simple("f", callflow.Line(fmt.Sprintf("+1555%07d", i)), callflow.SonaStep{}))
		require.NoError(t, err)
		_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Flow: f.ID(), ID: call.ID(fmt.Sprint("c", i))}))
		require.NoError(t, err)
	}
	store.fails.Store(true)
	known := 0
	for f, err := range storage.Open(store.Storage, "acme").Flows(t.Context()) {
		require.NoError(t, err)
		if _, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Flow: f.ID()})); err == nil {
			known++
		}
	}
	require.Equal(t, 256, known)
}
