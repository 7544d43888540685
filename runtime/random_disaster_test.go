package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
)

// disaster is a weather in which processes are killed in the middle of their calls, and others go on. It knows of
// each call what was said and what was done, wherever that was.
type disaster struct {
	*weather
	hosts []*host
	n     *toll

	mu     sync.Mutex
	stormy bool
	said   map[call.ID]int  // things that the caller said
	begun  map[call.ID]bool // a process has taken the call
	lost   map[call.ID]bool // storage failed: the record may lack something
	made   map[call.ID]bool // the line told that a transfer was made
	unmade map[call.ID]int  // how often it told that one was not
	served map[string]served
	handed map[call.ID][]call.Record
}

// toll counts across calls.
type toll struct {
	records, failed, effects, untraced, unhanded, twice int
	mu                                                  sync.Mutex // of killed
	killed                                              map[string]int
}

// served is for which call a service was asked.
type served struct {
	id       call.ID
	stores   bool // by a process that stores the record
	transfer bool
}

func newDisaster(t *testing.T, seed uint64, n *toll) *disaster {
	return &disaster{weather: newWeather(t, seed), n: n, said: map[call.ID]int{}, begun: map[call.ID]bool{},
		lost: map[call.ID]bool{}, made: map[call.ID]bool{}, unmade: map[call.ID]int{}, served: map[string]served{}, handed: map[call.ID][]call.Record{}}
}

// storm reports, in a storm, one time in n that something fails.
func (d *disaster) storm(n int) bool {
	d.mu.Lock()
	stormy := d.stormy
	d.mu.Unlock()
	return stormy && d.dice(n) == 0
}

func (d *disaster) weatherIs(stormy bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stormy = stormy
}

// takesTime is what storage does: no two processes write at the same instant.
func (d *disaster) takesTime() { <-time.After(time.Duration(1 + d.dice(1_000_000))) }

// failed takes that storage failed a process: the record of its call may lack something until the next write.
func (d *disaster) failed(h *host) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost[h.holds] = true
}

// start starts a process that is killed when it has reached out so many times, or done something fewer times;
// negative: never.
func (d *disaster) start(holds call.ID, left int, stores bool) (*host, *runtime.Runtime, *storage.Workspace) {
	at := "" // a deed that many calls come to only once or twice
	if left >= 0 && d.dice(4) > 0 {
		at, left = deeds[d.dice(len(deeds))], left%4
	}
	h := &host{d: d, holds: holds, at: at, left: left, late: d.dice(2) == 0, released: make(chan struct{}), killed: make(chan struct{})}
	d.hosts = append(d.hosts, h)
	store := disk{h, d.store.Storage}
	serve := func(ctx context.Context, i runtime.CallInfo, transfer bool) error {
		_, err := reach(h, "a service", func() (struct{}, error) {
			d.mu.Lock()
			d.served[i.Key] = served{i.ID, stores, transfer}
			d.mu.Unlock()
			return struct{}{}, d.serve(ctx, i.Key)
		})
		return err
	}
	c := runtime.Config{Model: distant{h, d.busy(60)}, HearGreeting: d.dice(2) == 0, Ledger: runtime.StorageLedger(store), Limits: runtime.Limits{Call: 10 * time.Minute},
		SMS:      runtime.SMSFunc(func(ctx context.Context, i runtime.CallInfo, _ string) error { return serve(ctx, i, false) }),
		Transfer: runtime.TransferFunc(func(ctx context.Context, i runtime.CallInfo, _ job.Target) error { return serve(ctx, i, true) }),
		Actions: []runtime.Action{lookUp(func(ctx context.Context, i runtime.CallInfo, _ json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{}`), serve(ctx, i, false)
		})},
		OnRecord: func(_ context.Context, r call.Record) error {
			_, err := reach(h, "handing the record over", func() (struct{}, error) {
				d.mu.Lock()
				defer d.mu.Unlock()
				if stores {
					d.handed[r.ID] = append(d.handed[r.ID], r)
				}
				return struct{}{}, nil
			})
			return err
		}}
	if d.dice(3) == 0 {
		c.Summarizer = distant{h, scripted.New(scripted.Wait(d.pause()).And(scripted.Say(goodSummary)), scripted.Say(goodSummary))}
	}
	return h, d.o.runtime(d.t, c), storage.Open(store, "acme")
}

// busy is a model that asks for actions more often than not.
func (d *disaster) busy(n int) *scripted.Model {
	replies := make([]scripted.Reply, n)
	for i := range replies {
		switch d.dice(5) {
		case 0:
			replies[i] = scripted.Use([]job.ID{d.o.front.ID(), d.o.order.ID()}[d.dice(2)], job.SendSMS)
		case 1, 2:
			replies[i] = scripted.UseWith(d.o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(d.dice(5))})
		case 3:
			replies[i] = scripted.Say("Shall I transfer you? ")
			if i > 0 && d.dice(2) == 0 {
				replies[i-1], replies[i] = replies[i], scripted.Use(d.o.front.ID(), job.TransferCall)
			}
		default:
			replies[i] = d.reply()
		}
	}
	return scripted.New(replies...)
}

// ways in which a process takes a call.
const (
	byText    = iota
	byVoice   // on a line
	continued // it answers for a call that another process has begun, and stores no record
	ways
)

// hold starts a process that takes a call, and returns when it has left it or was killed: what it does later is
// nobody's business.
func (d *disaster) hold(id call.ID, way, left int) *host {
	h, rt, ws := d.start(id, left, way != continued)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithCancel(d.t.Context())
		defer cancel()
		switch way {
		case byVoice:
			d.voice(ctx, h, rt, ws, id)
		default:
			d.text(ctx, h, rt, ws, id, way)
		}
	}()
	select {
	case <-done:
	case <-h.killed:
	case <-time.After(time.Hour):
		require.Fail(d.t, "the call is stuck")
	}
	return h
}

// says returns what the caller says to a process: each thing with its number.
func (d *disaster) says(h *host) string {
	d.mu.Lock()
	n := h.said
	h.said++
	d.said[h.holds] = max(d.said[h.holds], h.said)
	d.mu.Unlock()
	return fmt.Sprintf("%s #%d", d.weather.says(), n)
}

func (d *disaster) text(ctx context.Context, h *host, rt *runtime.Runtime, ws *storage.Workspace, id call.ID, way int) {
	c, err := (*runtime.Chat)(nil), error(nil)
	if way == continued {
		if s, fault := ws.SnapshotFor(ctx, "+15550100"); fault == nil {
			c, err = rt.ChatOn(s, incoming(runtime.Incoming{ID: id}))
		}
	} else {
		c, err = rt.BeginChat(ctx, ws, incoming(runtime.Incoming{ID: id}))
	}
	if c == nil {
		d.refused(h, err)
		return
	}
	d.took(id, way)
	for range 8 {
		if _, over := c.Over(); over || !h.lives() {
			break
		}
		hearing, cancel := context.WithCancel(ctx)
		if d.dice(4) == 0 {
			time.AfterFunc(d.pause(), cancel)
		}
		most := []int{2, 5, 100, 100}[d.dice(4)]
		for _, err := range c.Hear(hearing, d.says(h)) { // its error is the context's
			if most--; most == 0 || err != nil {
				break
			}
		}
		cancel()
	}
	if h.lives() {
		_, _ = c.End(ctx)
	}
}

func (d *disaster) voice(ctx context.Context, h *host, rt *runtime.Runtime, ws *storage.Workspace, id call.ID) {
	s, err := rt.Begin(ctx, ws, incoming(runtime.Incoming{ID: id}))
	if err != nil {
		d.refused(h, err)
		return
	}
	d.took(id, byVoice)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.Run(ctx, far{h, s})
	}()
	leaves := d.dice(3) > 0
	for most := d.dice(15); most >= 0 && h.lives(); most-- {
		in := d.input(func() string { return d.says(h) })
		if leaves && most == 0 {
			in = runtime.HungUp{}
		}
		d.tell(id, in)
		if s.Put(in) != nil {
			break
		}
		<-time.After([]time.Duration{0, time.Millisecond, time.Second, 3 * time.Second, 12 * time.Second}[d.dice(5)])
	}
	<-done
}

// tell takes what a line tells of a transfer: that counts, whatever the service says that started it.
func (d *disaster) tell(id call.ID, in runtime.Input) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch status, _ := in.(runtime.TransferStatus); status.State {
	case runtime.TransferConnected:
		d.made[id] = true
	case runtime.TransferFailed:
		d.unmade[id]++
	}
}

// refused takes that a process could not begin a call.
func (d *disaster) refused(h *host, err error) {
	if h.lives() && err != nil && !errors.Is(err, storage.ErrConflict) && !errors.Is(err, errDisk) {
		d.t.Errorf("a call was refused: %v", err)
	}
}

func (d *disaster) took(id call.ID, way int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begun[id] = d.begun[id] || way != continued
}
