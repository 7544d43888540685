package runtime_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/storage"
)

// host is a process that holds calls. Whenever it reaches out, to its storage, its services, its model, its line or
// whoever takes its records, it may be killed: just before that takes effect, or just after, so that it never learns
// of it. From then on all that it does stands still, deferred functions included, and nothing of it is seen any more.
type host struct {
	d        *disaster
	holds    call.ID       // empty: it closes what others have left
	released chan struct{} // closed when nobody looks any more: what stands still may leave
	killed   chan struct{}

	at   string // what it does when it is killed; empty: anything
	late bool   // only after that has taken effect

	said int // things that the caller said to it

	mu   sync.Mutex
	left int // how often it does so before; negative: it is not killed
}

var errKilled = errors.New("the process was killed")

// lives returns whether the host was not killed.
func (h *host) lives() bool {
	select {
	case <-h.killed:
		return false
	default:
		return true
	}
}

func (h *host) kill(at string) {
	h.d.n.mu.Lock() // other hosts die, too
	h.d.n.killed[at]++
	h.d.n.mu.Unlock()
	close(h.killed)
}

// deeds are what a host does outside of itself.
var deeds = []string{"reading", "writing a call", "writing a claim", "a service", "asking the model", "saying something",
	"hushing the line", "leaving the line", "handing the record over"}

// reach does something outside of the host, as a process does until it is killed.
func reach[T any](h *host, what string, do func() (T, error)) (T, error) {
	var none T
	h.mu.Lock()
	dies := false
	if h.left >= 0 && (h.at == "" || h.at == what) {
		dies = h.left == 0
		h.left--
	}
	if dies && !h.late {
		h.kill("before " + what)
	}
	alive := h.lives()
	h.mu.Unlock()
	if !alive {
		<-h.released
		return none, errKilled
	}
	got, err := do()
	h.mu.Lock()
	if dies && h.late {
		h.kill("after " + what)
	}
	alive = h.lives()
	h.mu.Unlock()
	if !alive { // be it because another goroutine of the same host was
		<-h.released
		return none, errKilled
	}
	return got, err
}

// disk is the storage as a host reaches it. In a storm some writes fail, and some take effect and seem to fail.
type disk struct {
	h *host
	storage.Storage
}

func (s disk) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return reach(s.h, "reading", func() ([]storage.Doc, error) {
		s.h.d.takesTime()
		if s.h.d.storm(20) {
			s.h.d.failed(s.h)
			return nil, errDisk
		}
		return s.Storage.Get(ctx, ws, want)
	})
}

func (s disk) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	return reach(s.h, "reading", func() ([]storage.Doc, error) {
		s.h.d.takesTime()
		if s.h.d.storm(20) {
			return nil, errDisk
		}
		return s.Storage.List(ctx, ws, q)
	})
}

func (s disk) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	_, err := reach(s.h, map[storage.Kind]string{storage.KindCall: "writing a call", "effect": "writing a claim"}[docs[0].Kind], func() (struct{}, error) {
		s.h.d.takesTime()
		if s.h.d.storm(8) {
			s.h.d.failed(s.h)
			return struct{}{}, errDisk
		}
		err := s.Storage.Put(ctx, ws, docs)
		if err == nil && s.h.d.storm(16) {
			s.h.d.failed(s.h)
			err = errDisk
		}
		return struct{}{}, err
	})
	return err
}

// distant is a model as a host reaches it.
type distant struct {
	h *host
	model.Model
}

func (m distant) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		if _, err := reach(m.h, "asking the model", func() (struct{}, error) { return struct{}{}, nil }); err != nil {
			yield(nil, err)
			return
		}
		m.Model.Generate(ctx, r)(yield)
	}
}

// far is a Port whose line is outside of the host: what was put on it is heard after a while.
type far struct {
	h *host
	s *runtime.Session
}

func (l far) Say(_ context.Context, s runtime.Speech) error {
	_, err := reach(l.h, "saying something", func() (struct{}, error) {
		if s.Last && l.h.d.dice(3) > 0 {
			time.AfterFunc(l.h.d.pause(), func() { _ = l.s.Put(runtime.PlayedOut{Utterance: s.Utterance}) })
		}
		return struct{}{}, nil
	})
	return err
}

func (l far) Flush(context.Context) error {
	_, err := reach(l.h, "hushing the line", func() (struct{}, error) { return struct{}{}, nil })
	return err
}

func (l far) End(context.Context, call.Outcome) error {
	_, err := reach(l.h, "leaving the line", func() (struct{}, error) { return struct{}{}, nil })
	return err
}
