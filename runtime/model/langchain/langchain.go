package langchain

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
)

// Model asks an llms.Model. Make one with [New]. Safe for concurrent use if the llms.Model is.
type Model struct {
	llm llms.Model

	mu      sync.Mutex // options write into maps that they share
	options []llms.CallOption
}

// New returns a model that asks llm. The options come with each request, before what the request itself says:
// its tools and its MaxTokens replace theirs where it has any. Streaming functions among them are replaced,
// and the number of candidates is one.
func New(llm llms.Model, options ...llms.CallOption) *Model {
	return &Model{llm: llm, options: slices.Clone(options)}
}

// Generate streams the reply to r as [model.Model] has it. Leaving the loop and ctx end the stream at once;
// the goroutine that asks the llms.Model ends when that returns, which those of langchaingo do soon after
// their context is done; mistral's minds none. Nothing of r but its texts is kept until then.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		parts, err := m.generate(ctx, r, func(p model.Part) bool { return yield(p, nil) })
		if err != nil {
			yield(nil, err)
			return
		}
		for _, p := range parts {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// generate gives the text of the reply as it comes, and returns what is left for its end: nothing when the
// loop was left.
func (m *Model) generate(ctx context.Context, r model.Request, give func(model.Part) bool) ([]model.Part, error) {
	q, err := newQuestion(r)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	a := m.ask(inner, q)
	var h heard
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case piece := <-a.pieces:
			text, err := h.take(piece)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return nil, err
			}
			if text != "" && !give(model.Text(text)) {
				return nil, nil
			}
		case end := <-a.end:
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if end.err != nil {
				return nil, fault(end.err)
			}
			h.streams = a.streams.Load()
			_, plain := m.llm.(whole)
			return h.rest(end.response, plain)
		}
	}
}

// answer is what an llms.Model gives, as it gives it.
type answer struct {
	pieces  chan string
	end     chan outcome
	streams atomic.Bool // it called the streaming function
}

type outcome struct {
	response *llms.ContentResponse
	err      error
}

var errLeft = errors.New("the model ended its goroutine")

// ask asks in a goroutine of its own, which ends when the llms.Model returns: nothing here holds it up once
// ctx is done.
func (m *Model) ask(ctx context.Context, q question) *answer {
	a := &answer{pieces: make(chan string), end: make(chan outcome, 1)}
	stream := func(_ context.Context, piece []byte) error {
		a.streams.Store(true)
		if err := ctx.Err(); err != nil || len(piece) == 0 {
			return err
		}
		select {
		case a.pieces <- string(piece):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	go func() {
		out := outcome{err: errLeft}
		defer func() {
			if p := recover(); p != nil {
				out = outcome{err: panicked(p)}
			}
			a.end <- out
		}()
		response, err := m.llm.GenerateContent(ctx, q.messages, m.option(q, stream))
		out = outcome{response, err}
	}()
	return a
}

// Whole returns llm without streaming: a reply comes in one piece, later than its first words could, and
// its calls come as the provider wrote them. It is for models whose streams cannot be relied on; see the
// package's comment.
func Whole(llm llms.Model) llms.Model { return whole{llm} }

type whole struct{ llms.Model }

func (w whole) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	return w.Model.GenerateContent(ctx, messages, append(slices.Clip(options), func(o *llms.CallOptions) {
		o.StreamingFunc, o.StreamingReasoningFunc = nil, nil
	})...)
}
