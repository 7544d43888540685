package cassette

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// text is a text as the file has it: a string, or its lines when there are several, or base64 when it is
// not UTF-8.
type text string

// MarshalJSON implements json.Marshaler.
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) && strings.Contains(string(t), "\n") {
		return encode(strings.Split(string(t), "\n"))
	}
	return piece(t).MarshalJSON()
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		return (*piece)(t).UnmarshalJSON(b)
	}
	var lines []string
	if err := json.Unmarshal(b, &lines); err != nil {
		return err
	}
	*t = text(strings.Join(lines, "\n"))
	return nil
}

// piece is a piece of a text: a string, or base64 when a character of it was cut.
type piece string

type binary struct {
	Base64 []byte `json:"base64"`
}

var errText = errors.New("a text is a string, a list of lines, or an object with base64")

// MarshalJSON implements json.Marshaler.
func (p piece) MarshalJSON() ([]byte, error) {
	if !utf8.ValidString(string(p)) {
		return encode(binary{[]byte(p)})
	}
	return encode(string(p))
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *piece) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(p))
	case '{':
		var raw map[string]string
		if err := json.Unmarshal(b, &raw); err != nil {
			return errText
		}
		encoded, ok := raw["base64"]
		if !ok || len(raw) != 1 {
			return errText
		}
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		*p = piece(decoded)
		return err
	}
	return errText
}

// encode is JSON without escapes for HTML, and without the newline behind it.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// canonical is JSON in the one form that equal values share: sorted keys, no blanks, numbers as they were
// written. It returns false for what is no JSON.
func canonical(raw []byte) (json.RawMessage, bool) {
	if !json.Valid(raw) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	text, err := encode(v)
	return text, err == nil
}

// value is JSON for the file: canonical, or a string when it is none.
func value(raw []byte) json.RawMessage {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	if v, ok := canonical(raw); ok {
		return v
	}
	quoted, err := text(raw).MarshalJSON()
	if err != nil {
		return nil
	}
	return quoted
}
