package runtime

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
)

const (
	mostTold    = 8 << 10   // bytes of an action's answer that the model is told
	mostResult  = 256 << 10 // bytes of it that the record keeps
	mostAnswers = 4 << 20   // bytes of all answers that the record keeps; then of each no more than the model is told

	mostEffects = 1000 // of a call
)

// shorten bounds what an action answered, for the record and for the model. The beginning of what is too long is
// a text, since it is no JSON of its own.
func shorten(result json.RawMessage, most int) (short json.RawMessage, note string) {
	if len(result) <= most {
		return result, ""
	}
	text := beginning(string(result), most)
	return encode(strings.ToValidUTF8(text, "")), fmt.Sprintf("the result is too long: this is its beginning, %d of %d bytes", len(text), len(result))
}

// kept returns what the record keeps of an action's answer.
func (e *engine) kept(f call.Effect, result json.RawMessage) json.RawMessage {
	most := mostResult
	if e.known+len(result) > mostAnswers {
		most = mostTold
	}
	short, note := shorten(result, most)
	e.known += len(short)
	if note != "" {
		e.note(call.NoteDegraded, f.Job, f.Action, note)
	}
	return short
}
