// Command otel shows how calls become traces of OpenTelemetry: a span of each call, and below it one of each turn, each
// request to the model and each action, with the attributes of the conventions for generative AI. Nobody's words are in
// them unless asked for.
//
//	$ go run ./otel
//	invoke_agent sona  outcome=ended …
//	  turn  sona.turn=0
//	  chat  gen_ai.prompt.version=…
//	  …
//
// The bridge is bridge.go; the rest is one rehearsed call, and an exporter that prints. A host puts its own exporter in
// the place of that, such as OTLP's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"slices"
	"strings"

	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func main() {
	texts := flag.Bool("texts", false, "what was said is part of the spans")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *texts); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, texts bool) (err error) {
	spans := &printer{}
	provider := sdk.NewTracerProvider(sdk.WithSyncer(spans))
	defer func() { err = errors.Join(err, provider.Shutdown(ctx), spans.print(out)) }()
	_, err = talk(ctx, bridge{tracer: provider.Tracer("sona"), texts: texts}, rehearsal.New(),
		"I am a new patient and need the intake form.", "Jane Doe.", "A check-up.", "Yes, it did.")
	return err
}

// open returns a runtime whose log makes spans, and a workspace with a flow on +15550100.
func open(ctx context.Context, b bridge, m model.Model) (*runtime.Runtime, *storage.Workspace, error) {
	ws := storage.Open(memory.New(), "acme")
	j, err := ws.CreateJob(ctx, template.SendAnIntakeForm.Spec())
	if err != nil {
		return nil, nil, err
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Reception", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	if err != nil {
		return nil, nil, err
	}
	if _, err = ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
		return nil, nil, err
	}
	rt, err := runtime.New(runtime.Config{
		Model:    m,
		SMS:      runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { return nil }),
		Log:      slog.New(b.handler(nil)),
		LogTexts: b.texts,
	})
	return rt, ws, err
}

// talk is a call by text in which the caller says these lines.
func talk(ctx context.Context, b bridge, m model.Model, lines ...string) (r call.Record, err error) {
	rt, ws, err := open(ctx, b, m)
	if err != nil {
		return r, err
	}
	chat, err := rt.BeginChat(ctx, ws, runtime.Incoming{To: "+15550100", Caller: call.Caller{Number: "+15550123"}})
	if err != nil {
		return r, err
	}
	ctx, span := b.begin(ctx, chat.ID())
	defer func() { span.end(r.Outcome, err) }()
	for i := range len(lines) + 1 {
		events := chat.Greet(ctx)
		if i > 0 {
			events = chat.Hear(ctx, lines[i-1])
		}
		for ev, err := range events {
			if err != nil {
				return r, err
			}
			span.event(ev)
		}
	}
	return chat.End(ctx)
}

// printer is an exporter that keeps spans and prints them as a tree.
type printer struct{ spans []sdk.ReadOnlySpan }

func (p *printer) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	p.spans = append(p.spans, spans...) // one at a time: the provider has a syncer
	return nil
}

func (p *printer) Shutdown(context.Context) error { return nil }

func (p *printer) print(out io.Writer) error {
	slices.SortStableFunc(p.spans, func(a, b sdk.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	var err error
	for _, s := range p.spans {
		var line strings.Builder
		if s.Parent().IsValid() {
			line.WriteString("  ")
		}
		line.WriteString(s.Name())
		for _, a := range s.Attributes() {
			if text := a.Value.Emit(); text != "" {
				fmt.Fprintf(&line, "  %s=%s", a.Key, text)
			}
		}
		_, fault := fmt.Fprintln(out, line.String())
		err = errors.Join(err, fault)
	}
	return err
}
