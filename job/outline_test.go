package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// sketch draws the items of an outline, one a line: depth as dashes, number, text.
func sketch(text string) string {
	var b strings.Builder
	for _, it := range job.ParseOutline(text).Items {
		line := strings.Repeat("- ", it.Depth)
		switch {
		case it.Kind == job.ItemHeading && it.Number != "":
			line += "# " + it.Number + " "
		case it.Kind == job.ItemHeading:
			line += "# "
		case it.Ordered:
			line += it.Number + " "
		}
		b.WriteString(line + it.Span.In(text) + "\n")
	}
	return b.String()
}

func requireSketch(t *testing.T, want, text string) {
	t.Helper()
	require.Empty(t, cmp.Diff(strings.TrimLeft(want, "\n"), sketch(text)), text)
}

func steps(text string) (texts []string) {
	for _, it := range job.ParseOutline(text).Steps() {
		texts = append(texts, it.Span.In(text))
	}
	return texts
}

func TestStepsAreTheOutermostNumberedItems(t *testing.T) {
	text := "Greet the caller.\n1. Ask for the name.\n   - Spell it back.\n2. If the caller refuses, skip it.\n# Later\n- Be kind."
	require.Equal(t, []string{"Ask for the name.", "If the caller refuses, skip it."}, steps(text))
}

func TestSentencesAreTheWordsOfHeadingsListsAndProseWithoutMarkers(t *testing.T) {
	text := "# Take a message\nWe are open all day. Ask kindly.\n\n1. Ask for the name. Spell it back.\n   - Mr. Smith is \"out. Really.\"\n| a | b |\n"
	var got []string
	for _, sp := range job.ParseOutline(text).Sentences {
		got = append(got, sp.In(text))
	}
	require.Equal(t, []string{"Take a message", "We are open all day.", "Ask kindly.", "Ask for the name.", "Spell it back.", "Mr. Smith is \"out. Really.\""}, got)
}

func TestStepsAreBulletsAndSentencesWhereNothingIsNumbered(t *testing.T) {
	require.Equal(t, []string{"Ask for the name.", "Ask for the number."}, steps("# Ask\n- Ask for the name.\n  - Spell it.\n- Ask for the number.\n- If the caller declines, skip it."))
	require.Equal(t, []string{"Greet the caller.", "Then ask for the name."}, steps("We are open all day. Greet the caller. Then ask for the name. If they refuse, stop."))
	require.Empty(t, steps("We are open all day."))
	require.Empty(t, steps(""))
}

func TestStepsAreNumberedHeadingsWhereNothingElseIsThere(t *testing.T) {
	require.Equal(t, []string{"Greeting", "Closing"}, steps("# 1. Greeting\n# 2. Closing\n# Notes"))
	require.Equal(t, []string{"Greet the caller.", "Say goodbye."}, steps("# 1. Greeting\nGreet the caller.\n# 2. Closing\nSay goodbye."))
}

func TestSpanInIsEmptyOutsideOfTheText(t *testing.T) {
	require.Equal(t, "b", job.Span{Start: 1, End: 2}.In("abc"))
	for _, s := range []job.Span{{Start: -1, End: 2}, {Start: 1, End: 9}, {Start: 2, End: 2}, {Start: 2, End: 1}} {
		require.Empty(t, s.In("abc"))
	}
}

func TestAnOutlineIsReadableJSON(t *testing.T) {
	got, err := json.Marshal(job.ParseOutline(`1. Say "Hi". {{x}} {{action transfer_call to="inbox:a"}}`))
	require.NoError(t, err)
	require.JSONEq(t, `{
		"items": [{"number": "1", "depth": 0, "ordered": true, "kind": "say", "span": {"start": 3, "end": 56}}],
		"actions": [{"name": "transfer_call", "args": {"to": "inbox:a"}, "target": "inbox:a", "span": {"start": 19, "end": 56}}],
		"variables": [{"name": "x", "span": {"start": 13, "end": 18}}],
		"facts": [{"kind": "quote", "text": "\"Hi\"", "span": {"start": 7, "end": 11}}]
	}`, string(got))
}
