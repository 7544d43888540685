// Package rewrite improves the instructions of a job with a language model. The model gets what lint found, the form to
// aim at and the text, fenced as data; it returns edits, not a text, and is trusted with nothing: each edit must name words
// that stand in the text once, and one after which something would be lost or invented is dropped.
//
//	p, err := optimize.Propose(ctx, rewrite.New(m), optimize.Request{Spec: spec})
//
// When nothing useful comes back, the rules that need no model make the suggestion. The package imports optimize, job,
// job/lint and runtime/model with its prompt.
package rewrite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Engine is what Suggestion.Engine says of a suggestion that a model made.
const Engine = "model"

// New returns an optimizer that asks m, twice at most: a second time when the first answer cannot be read, or none of its
// edits can be made. Then, or when m fails, the suggestion is that of [optimize.Rules], and Suggestion.Passed says why; with a
// nil m at once. When ctx ends, the error is its cause. Instructions that are blank or too long are a *[job.ValidationError],
// and m is not asked. It is as safe for concurrent use as m.
//
// The whole text of the job, what lint found in it and the author's hints go to m; siblings, calls, results and the other
// fields but name and caller intent do not.
func New(m model.Model) optimize.Optimizer { return rewriter{m} }

type rewriter struct{ model model.Model }

// The limits of what a model may answer.
const (
	maxReply     = 128 << 10 // bytes of text and arguments; reading stops there
	maxTokens    = 8000
	maxEdits     = 40
	maxNote      = 300 // characters of a reason or a question
	maxQuestions = 12
)

func (w rewriter) Optimize(ctx context.Context, r optimize.Request) (optimize.Suggestion, error) {
	base := r.Spec.Clean()
	if wrong := job.CheckText("instructions", base.Instructions, true, job.MaxInstructions); len(wrong) > 0 {
		return optimize.Suggestion{}, &job.ValidationError{Fields: wrong}
	}
	r.Spec = base
	if r.Findings == nil {
		r.Findings = lint.Spec(base, r.Lint)
	}
	s, err := w.ask(ctx, r)
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return optimize.Suggestion{}, context.Cause(ctx)
	}
	s, second := optimize.Rules().Optimize(ctx, r)
	if second != nil {
		return optimize.Suggestion{}, second
	}
	s.Passed = append([]string{err.Error()}, s.Passed...)
	return s, nil
}

var (
	errNoModel = errors.New("rewrite: there is no model")
	errUseless = errors.New("rewrite: none of the model's edits can be made")
)

// ask has the conversation with the model.
func (w rewriter) ask(ctx context.Context, r optimize.Request) (optimize.Suggestion, error) {
	if w.model == nil {
		return optimize.Suggestion{}, errNoModel
	}
	req := request(r)
	for round := 0; ; round++ {
		reply, err := complete(ctx, w.model, req)
		if err != nil {
			return optimize.Suggestion{}, err
		}
		a, err := parse(reply)
		var wrong []string
		if err == nil {
			var s optimize.Suggestion
			if s, wrong = makeEdits(r, a); len(wrong) == 0 || len(s.Changes) > 0 {
				return s, nil
			}
			err = fmt.Errorf("%w: %s", errUseless, wrong[0])
		} else {
			wrong = []string{err.Error()}
		}
		if round > 0 {
			return optimize.Suggestion{}, err
		}
		req.Messages = append(slices.Clip(req.Messages), repair(reply, wrong)...)
	}
}

// complete reads one reply, as far as it is allowed to be long.
func complete(ctx context.Context, m model.Model, req model.Request) (model.Reply, error) {
	size := 0
	reply, err := model.Collect(m.Generate(ctx, req), func(p model.Part) bool {
		switch p := p.(type) {
		case model.Text:
			size += len(p)
		case model.ToolCall:
			size += len(p.Arguments) + len(p.Name)
		}
		return size <= maxReply && ctx.Err() == nil
	})
	switch {
	case ctx.Err() != nil:
		return reply, context.Cause(ctx)
	case err != nil:
		return reply, fmt.Errorf("rewrite: %w", err)
	case size > maxReply:
		return model.Reply{}, fmt.Errorf("rewrite: the model's reply is longer than %d bytes", maxReply)
	case reply.Reason == model.Length:
		return reply, errors.New("rewrite: the model's reply was cut by its limit of tokens")
	case reply.Reason == model.Filtered:
		return reply, errors.New("rewrite: the provider withheld the model's reply")
	}
	return reply, nil
}

// makeEdits makes the edits of an answer that can be made, and says what is wrong with the others.
func makeEdits(r optimize.Request, a answer) (optimize.Suggestion, []string) {
	s := optimize.Suggestion{Instructions: r.Spec.Instructions, Questions: a.Questions, Engine: Engine}
	placed, wrong := place(r.Spec.Instructions, a.Edits)
	kept := placed
	if text := apply(r.Spec.Instructions, placed); !passes(r, text) {
		kept = nil
		for _, e := range placed {
			try := append(slices.Clone(kept), e)
			if hard := refusal(r, apply(r.Spec.Instructions, try)); hard != "" {
				wrong = append(wrong, fmt.Sprintf("edit %d: %s", e.number, hard))
				continue
			}
			kept = try
		}
	}
	slices.SortStableFunc(kept, func(x, y placedEdit) int { return x.number - y.number })
	s.Instructions = apply(r.Spec.Instructions, kept)
	for _, e := range kept {
		s.Changes = append(s.Changes, optimize.Change{Rule: e.Rule, Why: e.Why, Before: e.Before, After: e.After})
	}
	return s, wrong
}

func passes(r optimize.Request, text string) bool { return refusal(r, text) == "" }

// refusal returns the first hard violation of a text, empty when there is none.
func refusal(r optimize.Request, text string) string {
	after := r.Spec
	after.Instructions = text
	for _, v := range optimize.Check(r.Spec, after, r.Lint) {
		if v.Hard {
			return v.Message
		}
	}
	return ""
}

// repair is what the model is told after an answer that was of no use.
func repair(reply model.Reply, wrong []string) []model.Message {
	const most = 8
	var b strings.Builder
	b.WriteString("Nothing of your answer can be used:\n")
	for _, w := range wrong[:min(most, len(wrong))] {
		b.WriteString("- " + note(w) + "\n")
	}
	b.WriteString("Answer once more, with a call of " + toolName + " or with the JSON object alone. Copy \"before\" from the job to the letter. " +
		"Lose no fact and invent none. When nothing is to be improved, answer with no edits.")
	said := []model.Message{{Role: model.Assistant, Text: clip(reply.Text, 4000), Calls: reply.Calls}}
	for _, c := range reply.Calls {
		said = append(said, model.Message{Role: model.Tool, CallID: c.ID, Text: "refused"})
	}
	if len(reply.Calls) == 0 && strings.TrimSpace(reply.Text) == "" {
		said = nil
	}
	return append(said, model.Message{Role: model.User, Text: b.String()})
}

// request is the first question to the model.
func request(r optimize.Request) model.Request {
	return model.Request{
		Prompt:    prompt.Prompt{Stable: system, Tools: []prompt.Tool{tool}},
		Messages:  []model.Message{{Role: model.User, Text: question(r)}},
		MaxTokens: maxTokens,
	}
}
