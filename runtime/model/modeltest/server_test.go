package modeltest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
)

// A client over HTTP with the smallest of protocols, one line of JSON for each part, and the server that
// answers it as the suite says: what the author of a client writes.
func TestAClientOverHTTPPasses(t *testing.T) {
	modeltest.Run(t, func(t *testing.T, far *modeltest.Far) model.Model {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, far.Next()) }))
		t.Cleanup(server.Close)
		client := &http.Client{Transport: &http.Transport{}}
		t.Cleanup(client.CloseIdleConnections)
		return lineClient(client, server.URL)
	})
}

// line is what the protocol says in one line.
type line struct {
	Text      string          `json:"text,omitempty"`
	Call      string          `json:"call,omitempty"` // the ID
	Name      string          `json:"name,omitempty"`
	Arguments string          `json:"arguments,omitempty"` // a piece
	Usage     *[3]int         `json:"usage,omitempty"`
	Done      *string         `json:"done,omitempty"`
	Error     model.ErrorKind `json:"error,omitempty"`
}

var statuses = map[model.ErrorKind]int{model.RateLimited: 429, model.Unavailable: 503, model.BadRequest: 400}

func serve(w http.ResponseWriter, r *http.Request, reply modeltest.Reply) {
	_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the client has gone
	send := func(l line) {
		text, err := json.Marshal(l)
		if err != nil {
			text = []byte(err.Error())
		}
		_, _ = w.Write(append(text, '\n'))
		_ = http.NewResponseController(w).Flush()
	}
	for i, step := range reply {
		switch s := step.(type) {
		case modeltest.Text:
			send(line{Text: string(s)})
		case modeltest.Call:
			half := len(s.Arguments) / 2
			send(line{Call: s.ID, Name: s.Name, Arguments: string(s.Arguments[:half])})
			send(line{Call: s.ID, Arguments: string(s.Arguments[half:])})
		case modeltest.HalfCall:
			send(line{Call: s.ID, Name: s.Name, Arguments: string(s.Arguments)})
		case modeltest.Usage:
			send(line{Usage: &[3]int{s.In, s.Cached, s.Out}})
		case modeltest.Finish:
			send(line{Done: (*string)(&s)})
		case modeltest.Fault:
			if s.RetryAfter > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(s.RetryAfter/time.Second)))
			}
			if i == 0 {
				w.WriteHeader(statuses[s.Kind])
				return
			}
			send(line{Error: s.Kind})
		case modeltest.Cut:
			return
		case modeltest.Wait:
			_ = http.NewResponseController(w).Flush()
			s.Until(r.Context())
		}
	}
}

func lineClient(client *http.Client, url string) model.Model {
	return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			if err := exchange(ctx, client, url, r, func(p model.Part) bool { return yield(p, nil) }); err != nil {
				if ctx.Err() != nil {
					err = ctx.Err()
				}
				yield(nil, err)
			}
		}
	})
}

var errLeft = errors.New("left")

func exchange(ctx context.Context, client *http.Client, url string, r model.Request, yield func(model.Part) bool) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(fmt.Sprint(r.Messages)))
	if err != nil {
		return &model.Error{Kind: model.BadRequest, Err: err}
	}
	response, err := client.Do(request)
	if err != nil {
		return &model.Error{Kind: model.Unavailable, Err: err}
	}
	defer func() { _ = response.Body.Close() }()
	for kind, status := range statuses {
		if status == response.StatusCode {
			seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
			return &model.Error{Kind: kind, RetryAfter: time.Duration(seconds) * time.Second, Err: fmt.Errorf("status %d", status)}
		}
	}
	if err = decode(response.Body, yield); errors.Is(err, errLeft) {
		return nil
	}
	return err
}

// decode reads the lines of a reply.
func decode(body io.Reader, yield func(model.Part) bool) error {
	var calls []*model.ToolCall
	for lines := bufio.NewScanner(io.MultiReader(body, strings.NewReader("\n"))); lines.Scan(); {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			continue
		}
		switch {
		case l.Error != "":
			return &model.Error{Kind: l.Error}
		case l.Text != "" && !yield(model.Text(l.Text)), l.Usage != nil && !yield(model.Usage{In: l.Usage[0], Cached: l.Usage[1], Out: l.Usage[2]}):
			return errLeft
		case l.Name != "":
			calls = append(calls, &model.ToolCall{ID: l.Call, Name: l.Name, Arguments: json.RawMessage(l.Arguments)})
		case l.Call != "":
			last := calls[len(calls)-1]
			last.Arguments = append(last.Arguments, l.Arguments...)
		case l.Done != nil:
			for _, c := range calls {
				if *l.Done == string(model.ToolCalls) && !yield(*c) {
					return errLeft
				}
			}
			yield(model.Done{Reason: model.Reason(*l.Done)})
			return nil
		}
	}
	return &model.Error{Kind: model.Truncated}
}
