package langchain

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	most      = 1 << 20 // bytes of text, and of arguments, that a reply may have
	mostCalls = 1000
)

var (
	errLong  = errors.New("the reply is longer than 1 MiB, or has more than 1,000 calls")
	errEmpty = errors.New("the reply holds nothing")
	errDiff  = errors.New("the reply is not what was streamed")
	errCut   = errors.New("the reply was cut within its calls")
	errLost  = errors.New("a call of the reply was lost")
)

// heard is what has come of a stream.
type heard struct {
	text      strings.Builder  // what was given on
	streams   bool             // the model has called the streaming function
	held      bool             // something like a call has come: what follows waits for the end
	calls     []model.ToolCall // put together from held pieces
	arguments int              // bytes of them
}

// take returns what of a piece can be given on at once.
func (h *heard) take(piece string) (string, error) {
	if !h.held && !likeCall(piece) {
		h.text.WriteString(piece)
		if h.text.Len() > most {
			return "", &model.Error{Kind: model.Truncated, Err: errLong}
		}
		return piece, nil
	}
	h.held = true
	for _, d := range deltas(piece) {
		h.arguments += len(d.Function.Arguments)
		h.calls = joined(h.calls, model.ToolCall{ID: d.ID, Name: d.Function.Name, Arguments: json.RawMessage(d.Function.Arguments)})
		if h.arguments > most || len(h.calls) > mostCalls {
			return "", &model.Error{Kind: model.Truncated, Err: errLong}
		}
	}
	return "", nil
}

// likeCall reports whether a piece begins as openai's JSON of calls does: with an object, or a list of them.
// Text that does so is only late.
func likeCall(piece string) bool {
	text := strings.TrimLeft(piece, " \t\r\n")
	if list, ok := strings.CutPrefix(text, "["); ok {
		text = strings.TrimLeft(list, " \t\r\n")
	}
	return strings.HasPrefix(text, "{")
}

// delta is a piece of a call as openai's client writes it into the stream; it leaves out the index.
type delta struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function *struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// deltas returns the pieces of calls in a piece of a stream; none when it is something else.
func deltas(piece string) []delta {
	decoder := json.NewDecoder(strings.NewReader(piece))
	decoder.DisallowUnknownFields()
	var all []delta
	if err := decoder.Decode(&all); err != nil || decoder.More() {
		return nil
	}
	if slices.ContainsFunc(all, func(d delta) bool { return d.Function == nil }) {
		return nil
	}
	return all
}

// rest returns what is left to give when the reply has come to its end: the rest of its text, its calls, its
// usage and its Done. plain says that the model was asked without a stream.
func (h *heard) rest(response *llms.ContentResponse, plain bool) ([]model.Part, error) {
	r, err := read(response)
	if err != nil {
		return nil, err
	}
	var parts []model.Part
	text := r.text.String()
	rest, ok := strings.CutPrefix(text, h.text.String())
	switch {
	case len(text) > most:
		return nil, &model.Error{Kind: model.Truncated, Err: errLong}
	case !ok && (text != "" || h.held): // a model that streams need not say it all again
		return nil, &model.Error{Kind: model.Truncated, Err: errDiff}
	case ok && rest != "":
		parts = append(parts, model.Text(rest))
	}
	believed := text != "" && len(r.calls) == 0 && !h.streams || plain && len(r.calls) > 0
	reason, err := reason(r.reason, believed)
	if err != nil {
		return nil, err
	}
	if h.held && rest == "" && len(r.calls) == 0 { // what was held back is nowhere
		return nil, &model.Error{Kind: model.Unavailable, Err: errLost}
	}
	calls, err := r.whole(h, reason)
	if err != nil {
		return nil, err
	}
	for _, c := range calls {
		parts = append(parts, c)
	}
	if r.usage != (model.Usage{}) {
		parts = append(parts, r.usage)
	}
	return append(parts, model.Done{Reason: reason}), nil
}
