package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// encode gives canonical JSON: keys sorted, no escaping for HTML.
func encode(v any) json.RawMessage {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}

var errNoJSON = errors.New("no JSON")

// decode reads JSON with its numbers as they are written.
func decode(raw json.RawMessage) (any, error) {
	if !json.Valid(raw) {
		return nil, errNoJSON
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
