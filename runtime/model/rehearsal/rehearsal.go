package rehearsal

import (
	"context"
	"iter"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// Model is the rehearsal model. It keeps nothing between requests and is safe for concurrent use.
type Model struct{}

// New returns the model.
func New() *Model { return &Model{} }

// Generate replies to the last message. The conversation before it is walked again from its beginning, so
// that nothing has to be kept: the same request gives the same reply.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		for _, part := range parts(replay(newWalk(r.Prompt), r.Messages)) {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

// parts cuts a reply into words, as a stream would bring it.
func parts(r reply) []model.Part {
	var all []model.Part
	for word := range strings.SplitAfterSeq(r.speech(), " ") {
		if word != "" {
			all = append(all, model.Text(word))
		}
	}
	if r.call == nil {
		return append(all, model.Done{Reason: model.Stop})
	}
	return append(all, *r.call, model.Done{Reason: model.ToolCalls})
}

// replay walks the conversation: what the caller said, and what came of actions. What was replied before is
// known from the walk itself.
func replay(w *walk, messages []model.Message) reply {
	var last reply
	heard := ""
	for i, msg := range messages {
		switch msg.Role {
		case model.User:
			// Two things said without a reply between them are one: the first was spoken over.
			heard = strings.TrimSpace(heard + " " + msg.Text)
			if i+1 < len(messages) && messages[i+1].Role == model.User {
				continue
			}
			last, heard = w.hear(heard), ""
		case model.Tool:
			last = w.result(msg.Text)
		case model.System, model.Assistant: // what was replied follows from the walk
		}
	}
	return last
}
