package runtime

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
)

// spokenBefore returns what agents and callers said on recorded and written calls.
func spokenBefore(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, name := range []string{"star/dev/scripted_calls.jsonl", "taskmaster/dev/scripted_calls.jsonl", "eva/dev/scripted_calls.jsonl"} {
		for _, r := range corpus.Lines[struct{ Steps []map[string]json.RawMessage }](t, name) {
			for _, step := range r.Steps {
				for _, who := range []string{"agent", "caller"} {
					var text string
					if json.Unmarshal(step[who], &text) == nil && text != "" {
						all = append(all, text)
					}
				}
			}
		}
	}
	for _, r := range corpus.Lines[struct{ Replies map[string]string }](t, "star/corpus/tasks.jsonl") {
		for _, text := range r.Replies {
			all = append(all, text)
		}
	}
	type said struct{ Role, Text string }
	for _, r := range corpus.Lines[struct {
		Context    []said
		Generation said
	}](t, "taskmaster/dev/next_action_judgements.jsonl") {
		for _, s := range append(r.Context, r.Generation) {
			if (s.Role == "agent" || s.Role == "user") && s.Text != "" {
				all = append(all, s.Text)
			}
		}
	}
	return all
}

// class is a kind of change.
type class struct {
	name string
	is   *regexp.Regexp // what is taken out
}

// Ordinary speech stays as it is. What changes is no speech, and no letter or digit is lost but with it.
func TestOrdinarySpeechStaysAsItIs(t *testing.T) {
	classes := []class{
		{"blanks and line breaks", regexp.MustCompile(`\s+`)},
		{"gaps to be filled in", regexp.MustCompile(`__+`)},
		{"placeholders where a name was", regexp.MustCompile(`<[A-Z_]+>`)},
		{"a stray key before return", regexp.MustCompile(`[\\<>]`)},
		{"the call of a tool, as text", regexp.MustCompile(`[{}]`)},
		{"a model that lost its way", regexp.MustCompile(`[【】]`)},
	}
	texts := spokenBefore(t)
	found := map[string]int{}
	changed := 0
	for _, text := range texts {
		said, _ := speakPieces(text)
		if said == text {
			continue
		}
		changed++
		i := slices.IndexFunc(classes, func(c class) bool {
			rest := c.is.ReplaceAllString(text, " ")
			return c.is.MatchString(text) && lettersAndDigits(rest) == lettersAndDigits(said) &&
				(c.name != classes[0].name || strings.Join(strings.Fields(text), " ") == strings.TrimSpace(said))
		})
		if i < 0 {
			t.Errorf("%q\nspeaks %q", text, said)
			continue
		}
		found[classes[i].name]++
	}
	t.Logf("%d of %d texts changed: %v", changed, len(texts), found)
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if wordly(r) {
			return r
		}
		return -1
	}, text)
}

// What models wrote in 713 recorded exchanges, Markdown and code among it, becomes one speakable line.
func TestRecordedRepliesBecomeSpeech(t *testing.T) {
	replies, changed := 0, 0
	for _, x := range corpus.Wire(t) {
		text := x.Expected.Text
		if text == "" {
			continue
		}
		replies++
		said, _ := speakPieces(text)
		if said != text {
			changed++
		}
		checkSpeech(t, text, said)
		again, _ := speakPieces(said)
		require.Equal(t, said, again)
		cut, _ := speakPieces(strings.Split(text, "")...)
		require.Equal(t, said, cut)
	}
	t.Logf("%d of %d replies changed", changed, replies)
}
