package langchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// whole returns the calls, or says why they cannot be relied on. Those of a stream of openai are taken from its
// pieces, since the client mixes them; but nothing is a call that the client does not take for a part of one.
func (r *reply) whole(h *heard, reason model.Reason) ([]model.ToolCall, error) {
	calls := r.calls
	if len(h.calls) > 0 {
		size := 0
		for _, c := range r.calls {
			size += len(c.Arguments)
		}
		if size != h.arguments || len(r.calls) == 0 {
			return nil, &model.Error{Kind: model.Unavailable, Err: errLost}
		}
		calls = h.calls
	}
	switch {
	case len(calls) == 0 && reason == model.ToolCalls:
		return nil, &model.Error{Kind: model.Unavailable, Err: errLost}
	case len(calls) > mostCalls:
		return nil, &model.Error{Kind: model.Truncated, Err: errLong}
	case len(calls) > 0 && (reason == model.Length || reason == model.Filtered):
		return nil, &model.Error{Kind: model.Truncated, Err: errCut}
	}
	size := 0
	for i, c := range calls {
		c.Arguments = bytes.TrimSpace(c.Arguments)
		if size += len(c.Arguments); size > most {
			return nil, &model.Error{Kind: model.Truncated, Err: errLong}
		}
		var err error
		if calls[i], err = checked(c, h.streams && len(calls) > 1); err != nil {
			return nil, &model.Error{Kind: model.Unavailable, Err: fmt.Errorf("call %d of %d: %w", i+1, len(calls), err)}
		}
	}
	return calls, nil
}

// checked returns a call as it is given. Among several calls of a stream one without arguments may have lost
// them to the next.
func checked(c model.ToolCall, among bool) (model.ToolCall, error) {
	empty := len(c.Arguments) == 0 || string(c.Arguments) == "null"
	switch {
	case c.Name == "":
		return c, errors.New("it has no name")
	case empty && among:
		return c, errors.New("it has no arguments: the client may have mixed them")
	case empty:
		c.Arguments = json.RawMessage("{}")
	case !isObject(string(c.Arguments)):
		return c, errors.New("its arguments are no JSON object: cut, or mixed by the client")
	case rounded(c.Arguments):
		return c, errors.New("a number of its arguments may have been rounded")
	}
	return c, nil
}

// joined adds a piece of a call. It belongs to the call of its ID, or to the last one if it has neither ID nor
// name; else a call begins with it. Pieces of several calls that have no IDs may be mixed, which shows: a
// call that has lost its arguments has none, and one that got those of another has two objects.
func joined(calls []model.ToolCall, piece model.ToolCall) []model.ToolCall {
	i := slices.IndexFunc(calls, func(c model.ToolCall) bool { return piece.ID != "" && c.ID == piece.ID })
	if piece.ID == "" && piece.Name == "" {
		i = len(calls) - 1
	}
	if i < 0 || piece.Name != "" && calls[i].Name != "" && piece.Name != calls[i].Name {
		return append(calls, piece)
	}
	if calls[i].Name == "" {
		calls[i].Name = piece.Name
	}
	calls[i].Arguments = append(calls[i].Arguments, piece.Arguments...)
	return calls
}

func isObject(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") && json.Valid([]byte(text))
}

// rounded reports whether a whole number in the arguments is beyond 2⁵³ and looks as if it had been a float64:
// anthropic, googleai and bedrock decode arguments and write them anew. One that came through as it was looks
// so only by chance.
func rounded(arguments json.RawMessage) bool {
	decoder := json.NewDecoder(bytes.NewReader(arguments))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		n, ok := token.(json.Number)
		if !ok {
			continue
		}
		if f, err := n.Float64(); err == nil && math.Abs(f) >= 1<<53 {
			if again, err := json.Marshal(f); err == nil && string(again) == string(n) {
				return true
			}
		}
	}
}
