package rewrite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
)

// answer is what a model returns.
type answer struct {
	Edits     []edit   `json:"edits"`
	Questions []string `json:"questions"`
}

// edit replaces words of the job.
type edit struct {
	Before string `json:"before"`
	After  string `json:"after"`
	Rule   string `json:"rule"`
	Why    string `json:"why"`
}

var (
	errNoAnswer = errors.New("rewrite: the reply holds no edits: neither a call of " + toolName + " nor a JSON object")
	errMany     = fmt.Errorf("rewrite: more than %d edits", maxEdits)
)

// parse reads the answer in a reply: the arguments of a call, a fenced JSON object, or an object alone.
func parse(r model.Reply) (answer, error) {
	for _, c := range r.Calls {
		if c.Name == toolName {
			return read(c.Arguments)
		}
	}
	return read([]byte(object(r.Text)))
}

// object returns the JSON object of a text: what stands between the fences, or from the first brace on.
func object(s string) string {
	if _, rest, ok := strings.Cut(s, "```"); ok {
		_, rest, ok = strings.Cut(rest, "\n")
		if i := strings.LastIndex(rest, "```"); ok && i >= 0 {
			if s = strings.TrimSpace(rest[:i]); strings.HasPrefix(s, "{") {
				return s
			}
		}
	}
	i := strings.IndexByte(s, '{')
	if i < 0 {
		return ""
	}
	if end := strings.LastIndexByte(s, '}'); end > i {
		return s[i : end+1]
	}
	return s[i:]
}

func read(raw []byte) (answer, error) {
	var fields map[string]json.RawMessage
	if len(raw) == 0 || len(raw) > maxReply {
		return answer{}, errNoAnswer
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&fields); err != nil || fields["edits"] == nil {
		return answer{}, errNoAnswer
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return answer{}, errNoAnswer // two objects: which is meant?
	}
	var a answer
	if err := json.Unmarshal(fields["edits"], &a.Edits); err != nil {
		return answer{}, errNoAnswer
	}
	if len(a.Edits) > maxEdits {
		return answer{}, errMany
	}
	for i := range a.Edits {
		a.Edits[i].Rule, a.Edits[i].Why = note(a.Edits[i].Rule), note(a.Edits[i].Why)
	}
	var questions []string
	if json.Unmarshal(fields["questions"], &questions) == nil { // they are an extra
		for _, q := range questions {
			if q = note(q); q != "" && len(a.Questions) < maxQuestions && !slices.Contains(a.Questions, q) {
				a.Questions = append(a.Questions, q)
			}
		}
	}
	return a, nil
}

// placedEdit is an edit and where its words stand.
type placedEdit struct {
	edit
	at, number int // number as in the answer, from 1 on
}

// place finds the words of edits, and says what is wrong with those that cannot be made. What changes nothing is left out.
func place(s string, edits []edit) (placed []placedEdit, wrong []string) {
	for i, e := range edits {
		n := i + 1
		at := strings.Index(s, e.Before)
		switch {
		case e.Before == "":
			wrong = append(wrong, fmt.Sprintf("edit %d: \"before\" is empty", n))
		case len(e.Before) > len(s) || at < 0:
			wrong = append(wrong, fmt.Sprintf("edit %d: \"before\" does not stand in the job", n))
		case strings.Contains(s[at+1:], e.Before):
			wrong = append(wrong, fmt.Sprintf("edit %d: \"before\" stands in the job more than once", n))
		case job.Count(e.After) > job.MaxInstructions:
			wrong = append(wrong, fmt.Sprintf("edit %d: \"after\" is too long", n))
		case slices.ContainsFunc(placed, func(p placedEdit) bool { return at < p.at+len(p.Before) && p.at < at+len(e.Before) }):
			wrong = append(wrong, fmt.Sprintf("edit %d: it overlaps another edit", n))
		case e.Before != e.After:
			placed = append(placed, placedEdit{e, at, n})
		}
	}
	return placed, wrong
}

// apply makes edits that do not overlap; the text comes back cleaned.
func apply(s string, edits []placedEdit) string {
	if len(edits) == 0 {
		return s
	}
	edits = slices.SortedFunc(slices.Values(edits), func(x, y placedEdit) int { return x.at - y.at })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(s[at:e.at])
		b.WriteString(e.After)
		at = e.at + len(e.Before)
	}
	b.WriteString(s[at:])
	return job.Clean(b.String())
}
