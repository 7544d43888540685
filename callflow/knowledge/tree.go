package knowledge

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth is how deep JSON may be nested, ours: nobody reads out more.
const maxDepth = 32

var errTooDeep = errors.New("nested more than 32 levels deep")

// tree writes JSON as indented lines "key: value" in the order of the file, several documents one
// after the other (JSON Lines). The entries of the outermost list become paragraphs.
func tree(f file, text string) (string, string, error) {
	t := treeReader{dec: json.NewDecoder(strings.NewReader(text))}
	t.dec.UseNumber() // 1.50 stays 1.50
	for {
		token, err := t.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = t.document(token)
		}
		if t.out.full {
			return "", "", f.tooLarge()
		}
		if err != nil {
			line := 1 + strings.Count(text[:min(t.dec.InputOffset(), int64(len(text)))], "\n")
			return "", "", f.refuse(RuleMalformed, 0, line, "line %d: %v", line, err)
		}
	}
	text, _ = t.out.text()
	return f.title, text, nil
}

type treeReader struct {
	dec  *json.Decoder
	out  writer
	lead string // begins the next line in place of its indent: the dashes of a list
}

// document writes one value that no other value holds.
func (t *treeReader) document(token json.Token) error {
	t.out.paragraph()
	if token != json.Delim('[') {
		return t.value(token, nil, 0)
	}
	empty := true
	for t.dec.More() {
		empty = false
		token, err := t.next()
		if err != nil {
			return err
		}
		if _, nested := token.(json.Delim); nested {
			t.out.paragraph()
		} else {
			t.lead = "- "
		}
		if err := t.value(token, nil, 0); err != nil {
			return err
		}
	}
	if empty {
		t.out.line("none")
	}
	_, err := t.next()
	return err
}

// value writes the value that begins with token. With a key, what is nested stands below it, one
// level deeper.
func (t *treeReader) value(token json.Token, key *string, depth int) error {
	delim, nested := token.(json.Delim)
	switch {
	case !nested:
		t.scalar(spoken(token), key, depth)
		return nil
	case depth >= maxDepth:
		return errTooDeep
	case !t.dec.More():
		t.scalar("none", key, depth)
	default:
		if key != nil {
			t.out.line(t.begin(depth) + *key + ":")
			depth++
		}
		if err := t.members(delim, depth); err != nil {
			return err
		}
	}
	_, err := t.next() // the closing bracket
	return err
}

func (t *treeReader) members(open json.Delim, depth int) error {
	for t.dec.More() && !t.out.full {
		token, err := t.next()
		if err != nil {
			return err
		}
		if open == '{' {
			key := label(token)
			if token, err = t.next(); err == nil {
				err = t.value(token, &key, depth)
			}
		} else {
			if t.lead == "" {
				t.lead = strings.Repeat("  ", depth)
			}
			t.lead += "- "
			err = t.value(token, nil, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// next is the decoder's Token where the text must not end.
func (t *treeReader) next() (json.Token, error) {
	token, err := t.dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return token, err
}

func (t *treeReader) scalar(text string, key *string, depth int) {
	lead := t.begin(depth)
	if key != nil {
		lead += *key + ": "
	}
	t.out.lines(lead, text, strings.Repeat("  ", depth+1))
}

// begin returns what the next line begins with.
func (t *treeReader) begin(depth int) string {
	lead := t.lead
	t.lead = ""
	if lead == "" {
		lead = strings.Repeat("  ", depth)
	}
	return lead
}

// spoken says a value as a person would.
func spoken(token json.Token) string {
	switch v := token.(type) {
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case json.Number:
		return v.String()
	case string:
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return "none" // null and the empty text
}

func label(token json.Token) string {
	key, _ := token.(string)
	if key = strings.Join(strings.Fields(key), " "); key == "" {
		return `""`
	}
	return key
}
