// Command sockethost is a host with a line, as small as a line can be: TCP, one connection for one call, and
// text in the place of speech. It does what every telephony host does: begin a call when one arrives, put in
// what the caller does, and be the port through which Sona speaks.
//
//	$ go run ./sockethost
//	$ nc 127.0.0.1 7788
//	CALL +15550123
//	SAY 1 Acme Dental, you are speaking with Sona, …
//
// The caller's side sends, a line each:
//
//	CALL <from>               the call arrives
//	SAID <text>               the caller said something
//	HUNGUP                    the caller left
//
// and is sent:
//
//	SAY <utterance> <text>    what Sona says
//	FLUSH                     forget what was not played yet
//	END <outcome> <next>      Sona's part is over; next is a step of the flow, or where the caller is transferred to
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// number is the one that all calls go to.
const number callflow.Line = "+15550100"

func main() {
	address := flag.String("listen", "127.0.0.1:7788", "where calls arrive")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *address)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// run answers calls until ctx ends.
func run(ctx context.Context, out io.Writer, address string) error {
	ws := storage.Open(memory.New(), "acme")
	if err := publish(ctx, ws); err != nil {
		return err
	}
	h, err := newHost(ws, func(_ context.Context, i runtime.CallInfo, text string) error {
		_, err := fmt.Fprintf(out, "text to %s: %s\n", i.Caller.Number, text)
		return err
	})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return h.serve(ctx, listener)
}

// publish makes a flow with two jobs that callers can reach.
func publish(ctx context.Context, ws *storage.Workspace) error {
	step := callflow.SonaStep{Greeting: "Acme Dental, you are speaking with Sona, an AI assistant. How can I help?"}
	for _, name := range []template.Name{template.SendAnIntakeForm, template.TalkToAPerson} {
		j, err := ws.CreateJob(ctx, name.Spec())
		if err != nil {
			return err
		}
		step.Jobs = append(step.Jobs, j.ID())
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Reception", number, step))
	if err != nil {
		return err
	}
	_, err = ws.Publish(ctx, flow.ID(), flow.Revision())
	return err
}

// newHost returns a host that answers with the rehearsal model: replace it by your own client.
func newHost(ws *storage.Workspace, text runtime.SMSFunc) (*host, error) {
	rt, err := runtime.New(runtime.Config{
		Model:    rehearsal.New(),
		SMS:      text,
		Transfer: runtime.Handoff, // the END line makes the transfer
	})
	return &host{runtime: rt, workspace: ws}, err
}
