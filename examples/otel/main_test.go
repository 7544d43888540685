package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

var lines = []string{"I am a new patient and need the intake form.", "Jane Doe.", "A check-up.", "Yes, it did."}

// traced runs a call by text and returns its spans: the call's, and those below it.
func traced(t *testing.T, texts bool, m model.Model, lines ...string) (call.Record, tracetest.SpanStub, tracetest.SpanStubs) {
	t.Helper()
	kept := tracetest.NewInMemoryExporter()
	r, err := talk(t.Context(), bridge{tracer: sdk.NewTracerProvider(sdk.WithSyncer(kept)).Tracer("sona"), texts: texts}, m, lines...)
	require.NoError(t, err)
	root, below := tree(t, kept)
	return r, root, below
}

// tree parts the one trace that was kept.
func tree(t *testing.T, kept *tracetest.InMemoryExporter) (root tracetest.SpanStub, below tracetest.SpanStubs) {
	t.Helper()
	for _, s := range kept.GetSpans() {
		if s.Parent.IsValid() {
			below = append(below, s)
			continue
		}
		require.Empty(t, root.Name, "a call is one trace")
		root = s
	}
	for _, s := range below {
		require.Equal(t, root.SpanContext.SpanID(), s.Parent.SpanID(), s.Name)
		require.Equal(t, root.SpanContext.TraceID(), s.SpanContext.TraceID())
		require.False(t, s.EndTime.Before(s.StartTime), s.Name)
	}
	return root, below
}

// named returns the spans whose names begin so.
func named(spans tracetest.SpanStubs, name string) (found tracetest.SpanStubs) {
	for _, s := range spans {
		if strings.HasPrefix(s.Name, name) {
			found = append(found, s)
		}
	}
	return found
}

func value(attrs []attribute.KeyValue, key attribute.Key) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Value.Emit()
		}
	}
	return ""
}

// all is everything that a trace tells.
func all(root tracetest.SpanStub, below tracetest.SpanStubs) string {
	var b strings.Builder
	for _, s := range append(tracetest.SpanStubs{root}, below...) {
		b.WriteString(s.Name + "\n" + s.Status.Description + "\n")
		for _, a := range s.Attributes {
			b.WriteString(a.Value.Emit() + "\n")
		}
		for _, e := range s.Events {
			b.WriteString(e.Name + "\n")
			for _, a := range e.Attributes {
				b.WriteString(a.Value.Emit() + "\n")
			}
		}
	}
	return b.String()
}

func TestACallIsATraceOfItsTurnsRequestsAndActions(t *testing.T) {
	r, root, below := traced(t, false, rehearsal.New(), lines...)
	require.Equal(t, call.Ended, r.Outcome.Kind)

	require.Equal(t, "invoke_agent sona", root.Name)
	require.Equal(t, codes.Unset, root.Status.Code)
	require.Equal(t, string(r.ID), value(root.Attributes, "gen_ai.conversation.id"))
	require.Equal(t, "ended", value(root.Attributes, "outcome"))
	require.Equal(t, r.Receipt.Stable, value(root.Attributes, "gen_ai.prompt.version"))

	turns := named(below, "turn")
	agents := 0
	for _, turn := range r.Turns {
		if turn.By == call.ByAgent {
			agents++
		}
	}
	require.Len(t, turns, agents)
	for _, s := range turns {
		require.Equal(t, "false", value(s.Attributes, "sona.interrupted"))
	}
	require.Equal(t, string(r.Used[0]), value(turns[1].Attributes, "sona.job"))

	require.NotEmpty(t, named(below, "chat"))
	require.Equal(t, "chat", value(named(below, "chat")[0].Attributes, "gen_ai.operation.name"))
	actions := named(below, "execute_tool")
	require.Len(t, actions, 1, "to end the call is the call's own business")
	require.Equal(t, "execute_tool send_sms", actions[0].Name)
	require.Equal(t, r.Effects[0].Key, value(actions[0].Attributes, "gen_ai.tool.call.id"))
}

func TestNobodysWordsAreInATraceUnlessAskedFor(t *testing.T) {
	_, root, below := traced(t, false, rehearsal.New(), lines...)
	for _, word := range []string{"patient", "Jane", "check-up", "intake form", "example.com", "+1555"} {
		require.NotContains(t, all(root, below), word)
	}
	_, root, below = traced(t, true, rehearsal.New(), lines...)
	for _, word := range []string{"patient", "Jane", "check-up", "intake form"} {
		require.Contains(t, all(root, below), word)
	}
}

func TestWhatGoesWrongIsSeen(t *testing.T) {
	bad := scripted.Fail(&model.Error{Kind: model.BadRequest, Err: errors.New("secret")})
	_, root, below := traced(t, false, scripted.New(bad, bad), "Hello?", "Hello?")
	chats := named(below, "chat")
	require.Len(t, chats, 2)
	for _, s := range chats {
		require.Equal(t, codes.Error, s.Status.Code)
		require.Equal(t, "bad_request", s.Status.Description)
	}
	var events []string
	for _, e := range root.Events {
		events = append(events, e.Name+" "+value(e.Attributes, "sona.note.kind"))
	}
	require.Contains(t, events, "sona.note model")
	require.Contains(t, events, "model failed ")
	require.Equal(t, "fallback", value(root.Attributes, "outcome"))
	require.NotContains(t, all(root, below), "secret")
}

// leaves is a line on which the caller hangs up while Sona answers.
type leaves struct{ session *runtime.Session }

func (l leaves) Say(_ context.Context, s runtime.Speech) error {
	switch {
	case s.Utterance == 1 && s.Last:
		return errors.Join(l.session.Put(runtime.PlayedOut{}), l.session.Put(runtime.CallerSaid{Text: "Hello?"}))
	case s.Utterance == 2:
		return l.session.Put(runtime.HungUp{})
	}
	return nil
}

func (leaves) Flush(context.Context) error { return nil }

func (leaves) End(context.Context, call.Outcome) error { return nil }

func TestASessionIsATraceToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := tracetest.NewInMemoryExporter()
		b := bridge{tracer: sdk.NewTracerProvider(sdk.WithSyncer(kept)).Tracer("sona")}
		rt, ws, err := open(t.Context(), b, scripted.New(scripted.Say("One ").And(scripted.Wait(time.Hour)).And(scripted.Say("two."))))
		require.NoError(t, err)
		s, err := rt.Begin(t.Context(), ws, runtime.Incoming{To: "+15550100"})
		require.NoError(t, err)
		r, err := b.run(t.Context(), s, leaves{s})
		require.NoError(t, err)
		require.Equal(t, call.HungUp, r.Outcome.Kind)
		root, below := tree(t, kept)
		require.Equal(t, "hung_up", value(root.Attributes, "outcome"))
		turns := named(below, "turn")
		require.Len(t, turns, 2)
		require.Equal(t, "false", value(turns[0].Attributes, "sona.interrupted"))
		require.Equal(t, "true", value(turns[1].Attributes, "sona.interrupted"))
		require.Len(t, named(below, "chat"), 1)
	})
}

// The host's own log goes on as it was.
func TestLinesAreHandedOn(t *testing.T) {
	var log bytes.Buffer
	b := bridge{tracer: sdk.NewTracerProvider().Tracer("sona")}
	l := slog.New(b.handler(slog.NewTextHandler(&log, nil))).With("host", "a").WithGroup("g")
	l.InfoContext(t.Context(), "call ended", "outcome", "ended")
	l.DebugContext(context.Background(), "model replied")
	require.Contains(t, log.String(), "host=a g.outcome=ended")
	require.NotContains(t, log.String(), "model replied", "at the host's own level")
}

func TestTheCommandPrintsATree(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, false))
	require.True(t, strings.HasPrefix(out.String(), "invoke_agent sona  "))
	require.Contains(t, out.String(), "\n  turn  sona.turn=0")
	require.Contains(t, out.String(), "\n  execute_tool send_sms  ")
	require.Error(t, run(t.Context(), broken{}, true))
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
