package template

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

const small = `name: Small
description: A small one.
intent: The caller wants little.

result: Size
  type: choice
  required: no
  ask: Which size?
  choices: S | M for [[who]]

blank: who
  kind: text
  label: Who
  help: Whoever it is.
  default: us

---
This job is for [[who]].

1. Ask for the size.
`

func TestParse(t *testing.T) {
	src, err := parse(small)
	require.NoError(t, err)
	assert.Equal(t, []Blank{{Key: "who", Label: "Who", Help: "Whoever it is.", Kind: TextBlank, Default: "us"}}, src.blanks)
	assert.Equal(t, job.Spec{
		Name: "Small", Description: "A small one.", CallerIntent: "The caller wants little.",
		Instructions: "This job is for them.\n\n1. Ask for the size.",
		Results:      []job.Field{{Name: "Size", Type: job.ChoiceField, Ask: "Which size?", Choices: []string{"S", "M for them"}}},
	}, src.fill(map[string]string{"who": "them"}))
}

func TestParse_IsStrict(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"\n---\n", "\n--\n", `no line "---"`},
		{"name: Small", "name Small", `line 1: "name Small" is not "key: value"`},
		{"name: Small", "name:  Small", "line 1"},
		{"name: Small", "name: ", "line 1"},
		{"name: Small\n", "", `line 1: "name" is missing`},
		{"name: Small", "name: Small\nname: Smaller", `line 2: "name" stands there twice`},
		{"name: Small", "  name: Small", `line 1: "name" belongs to no result or blank`},
		{"name: Small", "name: Small\nicon: bell", `line 1: unknown key "icon"`},
		{"  type: choice", "    type: choice", "line 6"},
		{"  type: choice", "  type: choice\n  kind: text", `line 5: unknown key "kind"`},
		{"  type: choice\n", "", `line 5: "type" is missing`},
		{"required: no", "required: maybe", `line 5: required is "yes" or "no", not "maybe"`},
		{"  required: no\n", "", `line 5: "required" is missing`},
		{"  choices: S | M for [[who]]\n", "", `line 5: "choices" is missing`},
		{"  kind: text", "  kind: colour", `line 11: "colour" is no kind of blank`},
		{"  default: us", "  default: us\n  default: them", "line 16"},
		{"  default: us\n", "", `line 11: "default" is missing`},
		{"\n---\n", "\nblank: who\n  kind: text\n  label: a\n  help: b\n  default: c\n---\n", `line 17: blank "who" stands there twice`},
		{"\n---\n", "\nblank: why\n  kind: text\n  label: a\n  help: b\n  default: c\n---\n", `blank "why" stands nowhere`},
		{"is for [[who]]", "is for [[whom]]", `marker "[[whom]]" is no blank`},
		{"is for [[who]]", "is for [[who", "a marker without its other half"},
		{"is for [[who]]", "is for who]]", "a marker without its other half"},
		{"is for [[who]]", "is for {[[who]]", "a marker beside a brace"},
		{"is for [[who]]", "is for [[who]][[who]]", "a marker beside a brace, a backslash or another marker"},
	} {
		require.Contains(t, small, c.old)
		_, err := parse(strings.Replace(small, c.old, c.new, 1))
		assert.ErrorContains(t, err, c.want, "%q for %q", c.new, c.old)
	}
}

func TestParse_EveryFileOfTheCatalogue(t *testing.T) {
	files, err := texts.ReadDir("texts")
	require.NoError(t, err)
	require.Len(t, files, len(names), "a file per name")
	for _, n := range names {
		text, err := texts.ReadFile("texts/" + string(n) + ".txt")
		require.NoError(t, err)
		src, err := parse(string(text))
		require.NoError(t, err, n)
		assert.NotEmpty(t, src.blanks, n)
		for _, b := range src.blanks {
			assert.Equal(t, b.Default, line(b.Default), "a default is clean and one line")
		}
	}
}
