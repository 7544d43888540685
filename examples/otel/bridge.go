package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
)

// bridge makes spans of calls: one of each call, and below it one of each turn of Sona, each request to the model and
// each action. The runtime needs no hook for that: its log lines are named as OpenTelemetry names attributes and come
// with the context that the call runs in, and its events tell of turns and of trouble.
type bridge struct {
	tracer trace.Tracer
	// texts lets what was said into the spans. Off, nobody's words are in them, also when Config.LogTexts is set for a
	// log that stays in the house.
	texts bool
}

// handler returns the handler of Config.Log. It makes its spans and hands every line on to next, which may be nil.
func (b bridge) handler(next slog.Handler) slog.Handler {
	if next == nil {
		next = slog.DiscardHandler
	}
	return handler{b, next}
}

// callSpan is a call under way.
type callSpan struct {
	bridge bridge
	ctx    context.Context //nolint:containedctx // it is what the call runs in
	span   trace.Span
	turn   trace.Span // under way; nil: none
	number int        // of the turn
	text   strings.Builder
}

// begin begins the span of a call. What the runtime does for the call has to be given the context that it returns.
func (b bridge) begin(ctx context.Context, id call.ID) (context.Context, *callSpan) {
	ctx, span := b.tracer.Start(ctx, "invoke_agent sona", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"),
		attribute.String("gen_ai.agent.name", "sona"),
		attribute.String("gen_ai.conversation.id", string(id))))
	return ctx, &callSpan{bridge: b, ctx: ctx, span: span}
}

// event takes what a Chat yields, or the events of a Session.
func (c *callSpan) event(ev runtime.Event) {
	switch ev := ev.(type) {
	case runtime.Said:
		c.said(ev)
	case runtime.Trouble:
		attrs := []attribute.KeyValue{attribute.String("sona.note.kind", string(ev.Note.Kind)), attribute.String("sona.job", string(ev.Note.Job))}
		if c.bridge.texts {
			attrs = append(attrs, attribute.String("sona.note.text", ev.Note.Text))
		}
		c.span.AddEvent("sona.note", trace.WithAttributes(attrs...))
	}
}

// said makes a span of each of Sona's turns, from its first word to its last.
func (c *callSpan) said(s runtime.Said) {
	if c.turn != nil && s.Turn != c.number {
		c.endTurn(true) // the caller went on speaking
	}
	if c.turn == nil {
		_, c.turn = c.bridge.tracer.Start(c.ctx, "turn")
		c.number = s.Turn
	}
	c.turn.SetAttributes(attribute.Int("sona.turn", s.Turn), attribute.String("sona.job", string(s.Job)),
		attribute.String("sona.step", s.Step), attribute.String("sona.source", string(s.Source)))
	c.text.WriteString(s.Text)
	if s.Last {
		c.endTurn(false)
	}
}

func (c *callSpan) endTurn(interrupted bool) {
	if c.turn == nil {
		return
	}
	c.turn.SetAttributes(attribute.Bool("sona.interrupted", interrupted), attribute.Int("sona.bytes", c.text.Len()))
	if c.bridge.texts {
		c.turn.SetAttributes(attribute.String("sona.text", c.text.String()))
	}
	c.turn.End()
	c.turn = nil
	c.text.Reset()
}

// end ends the span when the call is over.
func (c *callSpan) end(o call.Outcome, err error) {
	c.endTurn(true)
	if err != nil || o.Kind == call.Failed {
		c.span.SetStatus(codes.Error, string(o.Kind))
	}
	c.span.End()
}

// run runs a session under a span of its own.
func (b bridge) run(ctx context.Context, s *runtime.Session, port runtime.Port) (call.Record, error) {
	ctx, c := b.begin(ctx, s.ID())
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		for ev := range s.Events(context.WithoutCancel(ctx)) { // until the last event, which always comes
			c.event(ev)
		}
	}()
	r, err := s.Run(ctx, port)
	<-followed
	c.end(r.Outcome, err)
	return r, err
}

// handler makes spans of what took time, and of the rest events of the call's span.
type handler struct {
	bridge bridge
	next   slog.Handler
}

func (handler) Enabled(context.Context, slog.Level) bool { return true } // requests are told of at the level debug

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	var (
		attrs     []attribute.KeyValue
		operation string
		subject   string
		took      time.Duration
		failure   string
	)
	r.Attrs(func(a slog.Attr) bool {
		switch v := a.Value.Resolve(); {
		case a.Key == "duration":
			took = v.Duration()
			return true
		case a.Key == "gen_ai.operation.name":
			operation = v.String()
		case a.Key == "gen_ai.request.model" || a.Key == "gen_ai.tool.name":
			subject = v.String()
		case a.Key == "error.type":
			failure = v.String()
		case a.Key == "failed" && v.Bool():
			failure = "failed"
		}
		if h.bridge.texts || !slices.Contains(words, a.Key) {
			attrs = append(attrs, attributeOf(a))
		}
		return true
	})
	call := trace.SpanFromContext(ctx)
	switch {
	case operation != "":
		_, span := h.bridge.tracer.Start(ctx, strings.TrimSpace(operation+" "+subject), trace.WithSpanKind(trace.SpanKindClient),
			trace.WithTimestamp(r.Time.Add(-took)), trace.WithAttributes(attrs...))
		if failure != "" {
			span.SetStatus(codes.Error, failure)
		}
		span.End(trace.WithTimestamp(r.Time))
	case r.Level == slog.LevelInfo: // the end of the call tells what it was
		call.SetAttributes(attrs...)
	default:
		call.AddEvent(r.Message, trace.WithTimestamp(r.Time), trace.WithAttributes(attrs...))
	}
	if h.next.Enabled(ctx, r.Level) {
		return h.next.Handle(ctx, r)
	}
	return nil
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.bridge, h.next.WithAttrs(attrs)}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.bridge, h.next.WithGroup(name)}
}

// words are the attributes that hold what somebody said or gave. They are there when Config.LogTexts is set.
var words = []string{"gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result"}

func attributeOf(a slog.Attr) attribute.KeyValue {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindInt64:
		return attribute.Int64(a.Key, v.Int64())
	case slog.KindBool:
		return attribute.Bool(a.Key, v.Bool())
	case slog.KindFloat64:
		return attribute.Float64(a.Key, v.Float64())
	default:
		if all, ok := v.Any().([]string); ok {
			return attribute.StringSlice(a.Key, all)
		}
		return attribute.String(a.Key, fmt.Sprint(v.Any()))
	}
}
