package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	goruntime "runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func TestRule_AnActionThatTakesTooLongIsUnknownAndNeverDoneAgain(t *testing.T) {
	late := "the action took longer than 20s: whether it was done is not known, so it is not done again"
	for name, do := range map[string]service{
		"it minds its context": func(ctx context.Context, _ runtime.CallInfo, _ json.RawMessage) (json.RawMessage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"it does not": func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			<-time.After(time.Minute)
			return nil, errors.New("too late")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				var ran atomic.Int32
				use := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
				m := scripted.New(use, use, scripted.Say("I do not know whether that worked."))
				c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(ctx context.Context, i runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
					ran.Add(1)
					return do(ctx, i, args)
				})}}, runtime.Incoming{})
				began := time.Now()
				hear(t, c, "Order 7")
				require.Equal(t, 20*time.Second, time.Since(began), "the call does not wait longer")
				require.Equal(t, int32(1), ran.Load())
				require.Contains(t, last(m.Requests()[1]).Text, late)
				require.Contains(t, last(m.Requests()[2]).Text, late)
				require.Contains(t, note(m.Requests()[2]), "look_up: whether it was done is not known; do not repeat it.")
				r := end(t, c)
				require.Len(t, r.Effects, 1)
				require.False(t, r.Effects[0].Done)
				require.Equal(t, late, r.Effects[0].Err)
				require.Contains(t, r.Summary.NextSteps, "Check whether it was done: look up.")
				time.Sleep(time.Hour) // until the last of them has left
			})
		})
	}
}

func TestAnActionThatEndsItsGoroutineIsUnknown(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("I do not know."))
	c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
		goruntime.Goexit()
		return nil, nil
	})}}, runtime.Incoming{})
	require.Equal(t, "I do not know.", hear(t, c, "Order 7"))
	require.False(t, end(t, c).Effects[0].Done)
}

func TestRule_ASuccessThatComesLateIsKnownAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("I do not know."), scripted.Say("It was done."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			time.Sleep(time.Minute)
			return json.RawMessage(`1`), nil
		})}}, runtime.Incoming{})
		hear(t, c, "Order 7")
		time.Sleep(time.Minute)
		hear(t, c, "And now?")
		r := end(t, c)
		require.True(t, r.Effects[0].Done)
		require.Empty(t, r.Effects[0].Err)
		require.Equal(t, `1`, string(r.Effects[0].Result))
	})
}
