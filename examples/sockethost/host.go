package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/storage"
)

type host struct {
	runtime   *runtime.Runtime
	workspace *storage.Workspace
}

// serve answers every connection until ctx ends, and returns when the last call is over.
func (h *host) serve(ctx context.Context, listener net.Listener) error {
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var calls sync.WaitGroup
	defer calls.Wait()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		calls.Go(func() { h.answer(ctx, conn) })
	}
}

// answer runs one call.
func (h *host) answer(ctx context.Context, conn net.Conn) {
	var reader sync.WaitGroup
	defer reader.Wait()
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })() // listens no longer, may still speak

	in := bufio.NewScanner(conn)
	in.Scan()
	from, ok := strings.CutPrefix(in.Text(), "CALL ")
	if !ok {
		return
	}
	session, err := h.runtime.Begin(ctx, h.workspace, runtime.Incoming{To: number, Caller: call.Caller{Number: call.Address(from)},
		Written: true}) // whoever types takes their time: nobody asks whether they are still there
	if err != nil {
		_, _ = fmt.Fprintf(conn, "END %s -\n", call.Failed)
		return
	}
	reader.Go(func() { listen(in, session) })
	// The record is stored by now; what else went wrong is that the line broke.
	_, _ = session.Run(ctx, &line{conn: conn, session: session})
}

// listen puts in what the caller does. After the end of the call nobody listens any more.
func listen(in *bufio.Scanner, s *runtime.Session) {
	for in.Scan() {
		word, text, _ := strings.Cut(in.Text(), " ")
		var err error
		switch word {
		case "SAID":
			err = s.Put(runtime.CallerSaid{Text: text})
		case "HUNGUP":
			err = s.Put(runtime.HungUp{Reason: "the caller hung up"})
		}
		if errors.Is(err, runtime.ErrOver) {
			return
		}
	}
	_ = s.Put(runtime.HungUp{Reason: "the connection ended"})
}

// line is the port of one call. Its methods are called from one goroutine.
type line struct {
	conn      net.Conn
	session   *runtime.Session
	utterance runtime.UtteranceID
	text      string // of the utterance, not sent yet
}

// Say collects the pieces of an utterance and sends it whole. On this line written is heard, and the call has to
// be told: by that it knows what an interruption cuts off, and when the line may be left. It is told first,
// because the answer may be here sooner than this goroutine.
func (l *line) Say(_ context.Context, s runtime.Speech) error {
	if s.Utterance != l.utterance {
		l.utterance, l.text = s.Utterance, ""
	}
	l.text += strings.ReplaceAll(s.Text, "\n", " ")
	if !s.Last {
		return nil
	}
	_ = l.session.Put(runtime.PlayedOut{Utterance: s.Utterance}) // ErrOver: then nothing waits for it
	_, err := fmt.Fprintf(l.conn, "SAY %d %s\n", s.Utterance, l.text)
	return err
}

// Flush forgets what was not sent yet, and has the caller's side do the same.
func (l *line) Flush(context.Context) error {
	l.text = ""
	_, err := fmt.Fprintln(l.conn, "FLUSH")
	return err
}

// End tells how the flow goes on.
func (l *line) End(_ context.Context, o call.Outcome) error {
	next := cmp.Or(o.Target.String(), string(o.Next), "-")
	_, err := fmt.Fprintf(l.conn, "END %s %s\n", o.Kind, next)
	return err
}
