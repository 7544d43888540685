package modeltest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// Far is the far side of a model for one case: what answers its requests. Whoever runs the suite builds a
// fake of it, a server most often, that takes the next reply for each request that arrives and plays it
// step by step. Safe for concurrent use.
type Far struct {
	request func() model.Request
	replies []Reply
	mu      sync.Mutex
	given   int
	over    chan struct{} // closed when the case is over
	once    sync.Once
	told    chan struct{} // gets one for each Wait that was cancelled
}

func newFar(replies []Reply) *Far {
	return &Far{request: request, replies: replies, over: make(chan struct{}), told: make(chan struct{}, 1000)}
}

// Next returns the reply to a request that has arrived. Beyond those of the case it is a bad request.
func (f *Far) Next() Reply {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.given++
	if f.given > len(f.replies) {
		return Reply{Fault{Kind: model.BadRequest}}
	}
	return f.bind(f.replies[f.given-1])
}

// Replies returns all replies of the case, in the order of the requests, for a far side that is told
// beforehand. Use either this or Next.
func (f *Far) Replies() []Reply {
	all := make([]Reply, len(f.replies))
	for i, r := range f.replies {
		all[i] = f.bind(r)
	}
	return all
}

// Request returns what the suite asks, each time: a fresh copy.
func (f *Far) Request() model.Request { return f.request() }

func (f *Far) bind(r Reply) Reply {
	r = slices.Clone(r)
	for i, s := range r {
		if _, ok := s.(Wait); ok {
			r[i] = Wait{f}
		}
	}
	return r
}

// release lets go of all that waits.
func (f *Far) release() { f.once.Do(func() { close(f.over) }) }

// Reply is what the far side answers to one request, step by step. Each step is to be sent at once: a server
// flushes after it. A reply that ends without Finish, Cut or Fault ends as if cut.
type Reply []Step

// Step is a [Text], [Call], [HalfCall], [Usage], [Finish], [Fault], [Cut] or [Wait]. The set is closed.
type Step interface{ step() }

// Text is a piece of text, sent in one piece. It is never empty.
type Text string

// Call is a whole call of a tool. It may be sent in pieces. Calls that follow one another are parallel.
// Arguments may be empty, or no JSON: they are sent as they are.
type Call struct {
	ID, Name  string
	Arguments json.RawMessage
}

// HalfCall is the beginning of a call, as far as its arguments came. A Cut or a Finish(Length) follows.
type HalfCall struct {
	ID, Name  string
	Arguments json.RawMessage // the beginning of JSON
}

// Usage is a count of tokens. A later one replaces an earlier one; a protocol that knows only one sends the
// last.
type Usage model.Usage

// Finish is the end of a reply that is whole, and why the model stopped. A reason that package model does not
// name is sent as it is.
type Finish model.Reason

// Fault is an error of the far side: as the answer's status when it is the first step, else within the stream.
// It ends the reply.
type Fault struct {
	Kind       model.ErrorKind // RateLimited, Unavailable or BadRequest
	RetryAfter time.Duration   // whole seconds; 0 is not sent
}

// Cut ends the answer as if it were over, but without what tells that it is whole: the connection is closed in
// good order, no end of the reply was sent.
type Cut struct{}

// Wait is silence until the request is cancelled.
type Wait struct{ far *Far }

// Until blocks until ctx ends, which is to be when the far side learns that the request was cancelled: for a
// server the request's own context, once its body was read. It returns too when the case is over. What comes
// after is still sent, if somebody listens.
func (w Wait) Until(ctx context.Context) {
	if w.far == nil {
		return
	}
	select {
	case <-ctx.Done():
		w.far.told <- struct{}{}
	case <-w.far.over:
	}
}

func (Text) step()     {}
func (Call) step()     {}
func (HalfCall) step() {}
func (Usage) step()    {}
func (Finish) step()   {}
func (Fault) step()    {}
func (Cut) step()      {}
func (Wait) step()     {}
