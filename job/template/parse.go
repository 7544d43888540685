package template

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// parse reads a file of the catalogue:
//
//	name: Take a message
//	description: Takes a message with a callback number.
//	intent: The caller wants to leave a message for [[business]].
//
//	result: Full name
//	  type: text
//	  required: yes
//	  ask: May I have your full name?
//
//	blank: business
//	  kind: text
//	  label: Business
//	  help: The name that callers know you by.
//	  default: our team
//
//	---
//	The instructions, to the end of the file, with [[business]] where the blank stands.
//
// Lines of the head are "key: value"; those that belong to a result or a blank are indented by two
// spaces. Order is free within a block, blank lines mean nothing. Every key stands there once, no key
// is unknown, every blank is used and every marker is declared: what is not exactly so is an error
// that names the line.
func parse(text string) (source, error) {
	head, instructions, ok := strings.Cut(text, "\n---\n")
	if !ok {
		return source{}, errors.New(`no line "---" between head and instructions`)
	}
	var src source
	blocks, err := split(head)
	if err != nil {
		return source{}, err
	}
	for _, b := range blocks {
		switch b.kind {
		case "result":
			err = src.result(b)
		case "blank":
			err = src.blank(b)
		default:
			src.spec.Name, src.spec.Description, src.spec.CallerIntent = b.take("name"), b.take("description"), b.take("intent")
			err = b.done()
		}
		if err != nil {
			return source{}, err
		}
	}
	src.spec.Instructions = strings.TrimSuffix(instructions, "\n")
	return src, src.check()
}

// block is the keys of the whole file, of one result or of one blank.
type block struct {
	kind    string // empty: of the file
	line    int    // where it begins
	values  map[string]string
	missing []string
}

func split(head string) ([]block, error) {
	blocks := []block{{line: 1, values: map[string]string{}}}
	for i, l := range strings.Split(head, "\n") {
		if l == "" {
			continue
		}
		key, value, ok := strings.Cut(l, ": ")
		inner := strings.HasPrefix(key, "  ")
		key = strings.TrimPrefix(key, "  ")
		if !ok || key == "" || strings.TrimSpace(key) != key || strings.TrimSpace(value) != value || value == "" {
			return nil, fmt.Errorf(`line %d: %q is not "key: value"`, i+1, l)
		}
		if !inner && (key == "result" || key == "blank") {
			blocks = append(blocks, block{kind: key, line: i + 1, values: map[string]string{key: value}})
			continue
		}
		at := 0
		if inner {
			at = len(blocks) - 1
		}
		if _, twice := blocks[at].values[key]; twice {
			return nil, fmt.Errorf("line %d: %q stands there twice", i+1, key)
		}
		if inner && at == 0 {
			return nil, fmt.Errorf("line %d: %q belongs to no result or blank", i+1, key)
		}
		blocks[at].values[key] = value
	}
	return blocks, nil
}

// take removes a key that must be there and returns its value.
func (b *block) take(key string) string {
	v, ok := b.values[key]
	if !ok {
		b.missing = append(b.missing, key)
	}
	delete(b.values, key)
	return v
}

// done reports keys that are missing and keys that nobody took.
func (b *block) done() error {
	for _, key := range b.missing {
		return fmt.Errorf("line %d: %q is missing", b.line, key)
	}
	for key := range b.values {
		return fmt.Errorf("line %d: unknown key %q", b.line, key)
	}
	return nil
}

func (src *source) result(b block) error {
	f := job.Field{Name: b.take("result"), Type: job.FieldType(b.take("type")), Ask: b.take("ask")}
	if f.Type == job.ChoiceField {
		f.Choices = strings.Split(b.take("choices"), " | ")
	}
	switch required := b.take("required"); required {
	case "yes", "no":
		f.Required = required == "yes"
	case "":
	default:
		return fmt.Errorf(`line %d: required is "yes" or "no", not %q`, b.line, required)
	}
	src.spec.Results = append(src.spec.Results, f)
	return b.done()
}

func (src *source) blank(b block) error {
	n := Blank{Key: b.take("blank"), Label: b.take("label"), Help: b.take("help"), Kind: BlankKind(b.take("kind")), Default: b.take("default")}
	if !slices.Contains([]BlankKind{TextBlank, TargetBlank, LinkBlank}, n.Kind) && n.Kind != "" {
		return fmt.Errorf("line %d: %q is no kind of blank", b.line, n.Kind)
	}
	if slices.ContainsFunc(src.blanks, func(other Blank) bool { return other.Key == n.Key }) {
		return fmt.Errorf("line %d: blank %q stands there twice", b.line, n.Key)
	}
	src.blanks = append(src.blanks, n)
	return b.done()
}

// check compares markers with blanks. A marker must not touch a brace, a backslash or another marker:
// a value that begins or ends with a brace could otherwise become half of an inline action.
func (src *source) check() error {
	used := map[string]bool{}
	for _, text := range src.texts() {
		rest := render(text, func(key string, _ bool) string {
			used[key] = true
			return "\x00"
		})
		if strings.Contains(rest, opening) || strings.Contains(rest, closing) {
			return fmt.Errorf("a marker without its other half in %q", text)
		}
		for _, bad := range []string{"{\x00", "}\x00", "\\\x00", "\x00{", "\x00}", "\x00\\", "\x00\x00"} {
			if strings.Contains(rest, bad) {
				return fmt.Errorf("a marker beside a brace, a backslash or another marker in %q", text)
			}
		}
	}
	for _, b := range src.blanks {
		if !used[b.Key] {
			return fmt.Errorf("blank %q stands nowhere", b.Key)
		}
		delete(used, b.Key)
	}
	for key := range used {
		return fmt.Errorf("marker %q is no blank", opening+key+closing)
	}
	return nil
}

// texts returns every text in which a marker may stand.
func (src *source) texts() []string {
	s := src.spec
	texts := []string{s.Name, s.Description, s.CallerIntent, s.Instructions}
	for _, f := range s.Results {
		texts = append(append(texts, f.Name, f.Ask), f.Choices...)
	}
	return texts
}
