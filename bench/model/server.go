package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// asServer in the environment makes the command the server of another run of it: what a client costs is measured in a
// process that serves nothing.
const asServer = "SONA_BENCH_SERVER"

// serve answers until in ends, and tells its address first. Each request is read whole and answered with the first
// event of a reply; /v1 goes on to its end, /held/v1 says nothing more, /silent/v1 not even the first event.
func serve(in io.Reader, out io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	reply := events([]string{"Yes", "."}, false)
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		flusher := http.NewResponseController(w)
		if strings.HasPrefix(r.URL.Path, "/silent/") {
			_ = flusher.Flush()
			<-r.Context().Done()
			return
		}
		_, _ = w.Write(reply[1]) // with text in it
		_ = flusher.Flush()
		if strings.HasPrefix(r.URL.Path, "/held/") {
			<-r.Context().Done()
			return
		}
		for _, e := range reply[2:] {
			_, _ = w.Write(e)
		}
	})}
	go func() {
		_, _ = io.Copy(io.Discard, in) // until the parent is gone
		_ = s.Close()
	}()
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// startServer runs the server in a process of its own.
func startServer(ctx context.Context) (url string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	child := exec.CommandContext(ctx, self) //nolint:gosec // this very program
	child.Env = append(os.Environ(), asServer+"=1")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := child.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = in.Close()
		_ = child.Wait()
	}
	url, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the server did not start: %w", err)
	}
	return strings.TrimSpace(url), stop, nil
}
