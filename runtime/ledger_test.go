package runtime_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// The story of one claim, line by line.
func TestALedgerGrantsAClaimOnce(t *testing.T) {
	l := runtime.StorageLedger(memory.New())
	for _, line := range []struct {
		ws   storage.WorkspaceID
		key  string
		does string
		want runtime.ClaimState
	}{
		{"acme", "a", "settle done", ""}, // nobody has claimed it
		{"acme", "a", "claim", runtime.ClaimGranted},
		{"acme", "a", "claim", runtime.ClaimOpen},
		{"acme", "b", "claim", runtime.ClaimGranted},
		{"other", "a", "claim", runtime.ClaimGranted},
		{"acme", "a", "settle failed", ""},
		{"acme", "a", "claim", runtime.ClaimGranted},
		{"acme", "a", "claim", runtime.ClaimOpen},
		{"acme", "a", "settle done", ""},
		{"acme", "a", "claim", runtime.ClaimDone},
		{"acme", "a", "settle done", ""},
		{"acme", "a", "claim", runtime.ClaimDone},
		{"acme", "a", "settle failed", ""}, // it turned out to have failed
		{"acme", "a", "settle done", ""},   // nobody has claimed it since
		{"acme", "a", "claim", runtime.ClaimGranted},
		{"acme", "a", "claim", runtime.ClaimOpen},
		{"acme", "b", "claim", runtime.ClaimOpen},
	} {
		switch line.does {
		case "claim":
			got, err := l.Claim(t.Context(), line.ws, line.key)
			require.NoError(t, err)
			require.Equal(t, line.want, got, "%+v", line)
		default:
			require.NoError(t, l.Settle(t.Context(), line.ws, line.key, line.does == "settle done"))
		}
	}
}

func TestOfManyWhoClaimOneIsGranted(t *testing.T) {
	store := memory.New()
	var granted, open atomic.Int32
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			switch state, err := runtime.StorageLedger(store).Claim(t.Context(), "acme", "k"); {
			case assert.NoError(t, err) && state == runtime.ClaimGranted:
				granted.Add(1)
			case state == runtime.ClaimOpen:
				open.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, [2]int32{1, 31}, [2]int32{granted.Load(), open.Load()})
}

func TestAClaimThatCannotBeReadIsOpen(t *testing.T) {
	store := memory.New()
	require.NoError(t, store.Put(t.Context(), "acme", []storage.Doc{{Ref: storage.Ref{Kind: "effect", ID: "k"}, Revision: 1, Value: []byte(`{"state":"new"}`)}}))
	state, err := runtime.StorageLedger(store).Claim(t.Context(), "acme", "k")
	require.NoError(t, err)
	require.Equal(t, runtime.ClaimOpen, state)
}

// process answers for a call, as one of several processes that share a storage and have no more in common.
func (o office) process(t *testing.T, c runtime.Config) *runtime.Chat {
	t.Helper()
	s, err := o.ws.SnapshotFor(t.Context(), "+15550100")
	require.NoError(t, err)
	chat, err := o.runtime(t, c).ChatOn(s, incoming(runtime.Incoming{ID: "call-1"}))
	require.NoError(t, err)
	return chat
}

func TestRule_AnEffectRunsOnceAcrossProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		sent := 0
		script := func() *scripted.Model {
			return scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
		}
		config := runtime.Config{SMS: sms(&sent, nil), Ledger: runtime.StorageLedger(o.store)}
		for range 3 {
			m := script()
			config.Model = m
			c := o.process(t, config)
			require.Equal(t, "Sent.", hear(t, c, "Text me"))
			r := end(t, c)
			require.True(t, r.Effects[0].Done)
			require.Empty(t, r.Effects[0].Err)
		}
		require.Equal(t, 1, sent)

		config.Ledger, config.Model = nil, script()
		hear(t, o.process(t, config), "Text me")
		require.Equal(t, 2, sent, "without a ledger each process has its own memory")
	})
}

func TestRule_AClaimLeftOpenByACrashIsUnknownAndNeverRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ledger := runtime.StorageLedger(o.store)
		begun := make(chan string, 1)
		crashes := runtime.SMSFunc(func(ctx context.Context, i runtime.CallInfo, _ string) error {
			begun <- i.Key
			<-ctx.Done() // the process never comes back
			return ctx.Err()
		})
		first := o.process(t, runtime.Config{Model: scripted.New(scripted.Use(o.front.ID(), job.SendSMS)), SMS: crashes, Ledger: ledger, Limits: runtime.Limits{Action: time.Millisecond}})
		hear(t, first, "Text me")
		end(t, first)
		key := <-begun

		sent := 0
		m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("I do not know."))
		c := o.process(t, runtime.Config{Model: m, SMS: sms(&sent, nil), Ledger: ledger})
		require.Equal(t, "I do not know.", hear(t, c, "Text me"))
		require.Zero(t, sent)
		r := end(t, c)
		require.Len(t, r.Effects, 1)
		require.Equal(t, key, r.Effects[0].Key)
		require.False(t, r.Effects[0].Done)
		require.Contains(t, r.Effects[0].Err, "not known")
		last := m.Requests()[2].Messages
		require.Contains(t, last[len(last)-1].Text, "send_sms: whether it was done is not known; do not repeat it")
		require.Contains(t, r.Summary.NextSteps, "Check whether it was done: send sms.")
	})
}

func TestAnEffectThatFailedMayBeTriedAgainByAnybody(t *testing.T) {
	o := newOffice(t)
	ledger := runtime.StorageLedger(o.store)
	sent := 0
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("It failed."))
	hear(t, o.process(t, runtime.Config{Model: m, SMS: sms(&sent, errors.New("no")), Ledger: ledger}), "Text me")
	m = scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
	c := o.process(t, runtime.Config{Model: m, SMS: sms(&sent, nil), Ledger: ledger})
	hear(t, c, "Text me")
	require.Equal(t, 2, sent)
	require.Empty(t, end(t, c).Effects[0].Err)
}

// A transfer that was started and failed on the line was settled as done: the same call knows better.
func TestATransferThatFailedOnTheLineMayBeStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		started := 0
		starts := runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
			started++
			return nil
		})
		use := scripted.Say("Connecting. ").And(scripted.Use(o.front.ID(), job.TransferCall))
		m := scripted.New(scripted.Say("May I transfer you?"), use, scripted.Say("It failed. May I transfer you again?"), use)
		r := ring(t, o, runtime.Config{Model: m, Transfer: starts, Ledger: runtime.StorageLedger(o.store)})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, runtime.PlayedOut{}, caller("Yes"))
		r.put(t, runtime.TransferStatus{State: runtime.TransferFailed, Reason: "busy"})
		r.put(t, runtime.PlayedOut{}, caller("Yes"))
		r.put(t, runtime.PlayedOut{})
		require.Equal(t, call.Transferred, r.over(t).Outcome.Kind)
		require.Equal(t, 2, started)
	})
}

// Two processes answer for one call: what failed in the one and was done in the other is not done again.
func TestAnEffectThatFailedHereAndWasDoneElsewhereIsNotDoneAgain(t *testing.T) {
	o := newOffice(t)
	ledger := runtime.StorageLedger(o.store)
	sent, use := 0, scripted.Use(o.front.ID(), job.SendSMS)
	fails := sms(new(int), errors.New("no"))
	here := o.process(t, runtime.Config{Model: scripted.New(use, scripted.Say("It failed."), use, scripted.Say("Sent.")), SMS: runtime.SMSFunc(func(ctx context.Context, i runtime.CallInfo, text string) error {
		if sent++; sent == 1 {
			return fails.SendSMS(ctx, i, text)
		}
		return nil
	}), Ledger: ledger})
	hear(t, here, "Text me")
	elsewhere := o.process(t, runtime.Config{Model: scripted.New(use, scripted.Say("Sent.")), SMS: sms(&sent, nil), Ledger: ledger})
	hear(t, elsewhere, "Text me")
	require.Equal(t, 2, sent)
	hear(t, here, "Try again")
	require.Equal(t, 2, sent, "once it failed, once it was sent")
	require.Empty(t, end(t, here).Effects[1].Err)
}

// A ledger that did not answer once has granted nothing: what another process left open stays open.
func TestWhatWasNeverGrantedIsNotFreed(t *testing.T) {
	o := newOffice(t)
	kept := runtime.StorageLedger(o.store)
	sent, asked := 0, 0
	ledger := deaf{kept, func(ws storage.WorkspaceID, key string) error {
		if asked++; asked > 1 {
			return nil
		}
		state, err := kept.Claim(t.Context(), ws, key) // another process claims it, and dies
		require.NoError(t, err)
		require.Equal(t, runtime.ClaimGranted, state)
		return errDisk
	}}
	use := scripted.Use(o.front.ID(), job.SendSMS)
	c := o.process(t, runtime.Config{Model: scripted.New(use, scripted.Say("It failed."), use, scripted.Say("I do not know.")), SMS: sms(&sent, nil), Ledger: ledger})
	hear(t, c, "Text me")
	hear(t, c, "Try again")
	require.Zero(t, sent)
	r := end(t, c)
	require.Len(t, r.Effects, 2)
	require.True(t, r.Effects[0].Done)
	require.False(t, r.Effects[1].Done)
}

// deaf is a ledger that may fail before it claims.
type deaf struct {
	runtime.Ledger
	fails func(storage.WorkspaceID, string) error
}

func (d deaf) Claim(ctx context.Context, ws storage.WorkspaceID, key string) (runtime.ClaimState, error) {
	if err := d.fails(ws, key); err != nil {
		return "", err
	}
	return d.Ledger.Claim(ctx, ws, key)
}

// brokenLedger fails in one way or another.
type brokenLedger struct{ claim, settle func(context.Context) error }

func (b brokenLedger) Claim(ctx context.Context, _ storage.WorkspaceID, _ string) (runtime.ClaimState, error) {
	if b.claim == nil {
		return runtime.ClaimGranted, nil
	}
	return "", b.claim(ctx)
}

func (b brokenLedger) Settle(ctx context.Context, _ storage.WorkspaceID, _ string, _ bool) error {
	if b.settle == nil {
		return nil
	}
	return b.settle(ctx)
}

func TestALedgerThatFailsHoldsNobodyUp(t *testing.T) {
	fails := func(context.Context) error { return errDisk }
	hangs := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	panics := func(context.Context) error { panic("the host's own") }
	for _, tt := range []struct {
		name   string
		ledger brokenLedger
		sent   int
		takes  time.Duration
	}{
		{"claims fail", brokenLedger{claim: fails}, 0, 0},
		{"claims hang", brokenLedger{claim: hangs}, 0, 3 * time.Second},
		{"claims panic", brokenLedger{claim: panics}, 0, 0},
		{"settling fails", brokenLedger{settle: fails}, 1, 0},
		{"settling hangs", brokenLedger{settle: hangs}, 1, 3 * time.Second},
		{"settling panics", brokenLedger{settle: panics}, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				sent := 0
				m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Well."))
				c := o.process(t, runtime.Config{Model: m, SMS: sms(&sent, nil), Ledger: tt.ledger, Limits: runtime.Limits{Filler: -1}})
				began := time.Now()
				require.Equal(t, "Well.", hear(t, c, "Text me"))
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, tt.sent, sent)
				f := end(t, c).Effects[0]
				require.True(t, f.Done)
				require.Equal(t, tt.sent == 0, f.Err != "", f.Err)
			})
		})
	}
}

func TestTheResultOfWhatWasDoneElsewhereIsNotMadeUp(t *testing.T) {
	o := newOffice(t)
	look := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
	for n, want := range []string{`{"number":"7","source":"shop"}`, `"it was done already, and is not done again; its result is not known here"`} {
		c := o.process(t, runtime.Config{Model: scripted.New(look, scripted.Say("Found.")), Ledger: runtime.StorageLedger(o.store)})
		hear(t, c, "Look")
		require.JSONEq(t, want, string(end(t, c).Effects[0].Result), n)
	}
}
