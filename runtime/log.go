package runtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
)

// The attributes of log lines are named as OpenTelemetry's conventions for generative AI name them, so that a
// bridge from slog needs no table. What a step's prompt was made of is gen_ai.prompt.version: the hash of the stable
// part, which the record's receipt has, too.

// logReply tells of one reply of the model. took is from the request to its end.
func (e *engine) logReply(ctx context.Context, reply model.Reply, err error, took time.Duration) {
	if !e.rt.log().Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("gen_ai.operation.name", "chat"),
		slog.String("gen_ai.conversation.id", string(e.rec.ID)),
		slog.String("gen_ai.request.model", e.rec.Model),
		slog.String("gen_ai.prompt.version", e.rec.Receipt.Stable),
		slog.Int("gen_ai.usage.input_tokens", reply.Usage.In),
		slog.Int("gen_ai.usage.cache_read.input_tokens", reply.Usage.Cached),
		slog.Int("gen_ai.usage.output_tokens", reply.Usage.Out),
		slog.Duration("duration", took),
	}
	if reply.Reason != "" {
		attrs = append(attrs, slog.Any("gen_ai.response.finish_reasons", []string{string(reply.Reason)}))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error.type", faultKind(err)))
	}
	if e.rt.config.LogTexts {
		attrs = append(attrs, slog.String("gen_ai.output.messages", e.rt.hidden(reply.Text)))
		if i := e.lastCaller(); i >= 0 {
			attrs = append(attrs, slog.String("gen_ai.input.messages", e.rt.hidden(e.rec.Turns[i].Text)))
		}
	}
	e.rt.log().LogAttrs(ctx, slog.LevelDebug, "model replied", attrs...)
}

// logEnd tells that a call is over.
func (e *engine) logEnd(ctx context.Context) {
	e.rt.log().LogAttrs(ctx, slog.LevelInfo, "call ended",
		slog.String("gen_ai.conversation.id", string(e.rec.ID)),
		slog.String("gen_ai.request.model", e.rec.Model),
		slog.String("gen_ai.prompt.version", e.rec.Receipt.Stable),
		slog.Int("gen_ai.usage.input_tokens", e.rec.Usage.In),
		slog.Int("gen_ai.usage.cache_read.input_tokens", e.rec.Usage.Cached),
		slog.Int("gen_ai.usage.output_tokens", e.rec.Usage.Out),
		slog.String("workspace", string(e.space)),
		slog.String("flow", string(e.rec.Flow)),
		slog.String("step", string(e.rec.Step)),
		slog.String("outcome", string(e.rec.Outcome.Kind)),
		slog.Int("turns", len(e.rec.Turns)),
		slog.Int("effects", len(e.rec.Effects)),
		slog.Bool("test", e.rec.Test),
		slog.Duration("duration", e.rec.EndedAt.Sub(e.rec.StartedAt)))
}

// logAction tells of one action that came back.
func (e *engine) logAction(ctx context.Context, f call.Effect) {
	attrs := []slog.Attr{
		slog.String("gen_ai.operation.name", "execute_tool"),
		slog.String("gen_ai.conversation.id", string(e.rec.ID)),
		slog.String("gen_ai.tool.name", string(f.Action)),
		slog.String("gen_ai.tool.call.id", f.Key),
		slog.Bool("done", f.Done),
		slog.Bool("failed", f.Err != ""),
		slog.Duration("duration", time.Since(f.At)),
	}
	if e.rt.config.LogTexts {
		attrs = append(attrs, slog.String("gen_ai.tool.call.arguments", e.rt.hiddenJSON(f.Args)), slog.String("gen_ai.tool.call.result", e.rt.hiddenJSON(f.Result)))
	}
	e.rt.log().LogAttrs(ctx, slog.LevelInfo, "action came back", attrs...)
}

// hidden is text as it may leave the call.
func (r *Runtime) hidden(text string) string {
	if r.config.Redact == nil {
		return text
	}
	return redactSome(text, r.redacted)
}

func (r *Runtime) hiddenJSON(raw []byte) string {
	if r.config.Redact == nil {
		return string(raw)
	}
	return string(redactJSON(raw, r.redacted))
}
