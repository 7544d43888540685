package optimize_test

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

var (
	numberAt   = regexp.MustCompile(`(?m)^([ \t]*)(\d+)([.)])( +)`)
	bulletAt   = regexp.MustCompile(`(?m)^([ \t]*)([-*])( +)`)
	contracted = regexp.MustCompile(`\b(?:[Yy]ou['’]re|I'm|[Ii]t's|[Ww]e'll|I'll)\b`)
	manyBlanks = regexp.MustCompile(`([^\s|]) ([^\s|])`)
)

func everywhere(name string, change func(s string) string) edit {
	return edit{name, false, func(s string, _ *rand.Rand) (string, string, bool) {
		after := change(s)
		return s, after, after != s
	}}
}

func swapText(pairs ...string) func(string) string {
	return strings.NewReplacer(pairs...).Replace
}

// harmless are edits after which the text says the same.
var harmless = []edit{
	everywhere("renumber from 1", func(s string) string {
		n := 0
		return numberAt.ReplaceAllStringFunc(s, func(m string) string {
			g := numberAt.FindStringSubmatch(m)
			n++
			if g[2] == "1" {
				n = 1
			}
			return g[1] + strconv.Itoa(n) + g[3] + g[4]
		})
	}),
	everywhere("number by tens", func(s string) string {
		return numberAt.ReplaceAllStringFunc(s, func(m string) string {
			g := numberAt.FindStringSubmatch(m)
			return g[1] + g[2] + "0" + g[3] + g[4]
		})
	}),
	everywhere("all ones", func(s string) string { return numberAt.ReplaceAllString(s, "${1}1$3$4") }),
	everywhere("1. to 1)", func(s string) string {
		return numberAt.ReplaceAllStringFunc(s, func(m string) string {
			return strings.NewReplacer(".", ")", ")", ".").Replace(m)
		})
	}),
	everywhere("bullets - to *", func(s string) string {
		return bulletAt.ReplaceAllStringFunc(s, func(m string) string {
			return strings.NewReplacer("-", "*", "*", "-").Replace(m)
		})
	}),
	everywhere("bullets to •", func(s string) string { return bulletAt.ReplaceAllString(s, "$1•$3") }),
	everywhere("do not to don't", swapText("do not ", "don't ", "Do not ", "Don't ", "does not ", "doesn't ", "cannot ", "can't ", "is not ", "isn't ", "are not ", "aren't ", "should not ", "shouldn't ", "will not ", "won't ", "DO NOT ", "DON'T ")),
	everywhere("don't to do not", swapText("don't ", "do not ", "Don't ", "Do not ", "don’t ", "do not ", "doesn't ", "does not ", "can't ", "cannot ", "isn't ", "is not ", "aren't ", "are not ", "won't ", "will not ")),
	everywhere("you're to you are", func(s string) string {
		return contracted.ReplaceAllStringFunc(s, swapText("'re", " are", "’re", " are", "'m", " am", "'s", " is", "'ll", " will"))
	}),
	everywhere("curly apostrophes", func(s string) string {
		return regexp.MustCompile(`([a-z])'([a-z])`).ReplaceAllString(s, "$1’$2")
	}),
	everywhere("straight marks", swapText("’", "'", "“", `"`, "”", `"`)),
	everywhere("blanks at the ends of lines", swapText("\n", "  \n")),
	everywhere("two blank lines", swapText("\n\n", "\n\n\n\n")),
	everywhere("CRLF", swapText("\n", "\r\n")),
	everywhere("wide blanks", func(s string) string { return manyBlanks.ReplaceAllString(s, "$1  $2") }),
	everywhere("two blanks after a full stop", swapText(". ", ".  ")),
	everywhere("tabs", swapText("\n  ", "\n\t")),
	everywhere("a line for each sentence", func(s string) string {
		return regexp.MustCompile(`([a-z]{3}[.!?]) ([A-Z][a-z])`).ReplaceAllString(s, "$1\n$2")
	}),
	everywhere("trimmed", func(s string) string { return "\n" + strings.TrimSpace(s) + "\n\n" }),
	{"one line split", false, func(s string, rng *rand.Rand) (string, string, bool) {
		at := regexp.MustCompile(`[.!?] [A-Z]`).FindAllStringIndex(s, -1)
		if len(at) == 0 {
			return "", "", false
		}
		i := at[rng.IntN(len(at))][0] + 1
		return s, s[:i] + "\n" + s[i+1:], true
	}},
	{"one blank is a line break", false, func(s string, rng *rand.Rand) (string, string, bool) {
		at := regexp.MustCompile(`[a-z,] [a-z]`).FindAllStringIndex(s, -1)
		if len(at) == 0 {
			return "", "", false
		}
		i := at[rng.IntN(len(at))][0] + 1
		return s, s[:i] + "\n" + s[i+1:], true
	}},
	{"a numbered line is split", false, func(s string, rng *rand.Rand) (string, string, bool) {
		at := regexp.MustCompile(`(?m)^\s*\d+[.)] .{10,}?[,.;]( )`).FindAllStringSubmatchIndex(s, -1)
		if len(at) == 0 {
			return "", "", false
		}
		i := at[rng.IntN(len(at))][2]
		return s, s[:i] + "\n   " + s[i+1:], true
	}},
}
