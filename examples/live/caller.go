package main

import (
	"context"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// mostSaid is how much a caller says before they lose patience and hang up.
const mostSaid = 20

// answer is what a caller says when they are asked something with one of these words in it.
type answer struct {
	words []string
	say   string
	once  bool // the first time only
}

func to(words, say string) answer { return answer{words: strings.Split(words, "|"), say: say} }

// first is an answer that is given once; asked again, the caller answers by what else fits.
func first(words, say string) answer {
	a := to(words, say)
	a.once = true
	return a
}

// What every caller answers, before and after what the scenario says.
var (
	before = []answer{
		to("is that right|is that correct|is this correct|is it correct|did i get|have i got|got that right|right?|correct?", "Yes, that's right."),
		to("anything else", "No, that's all. Goodbye."),
	}
	after = []answer{
		to("callback number|phone number|which number|what number|number to|number can|best number|reach you|call you", "It's 555 010 1234."),
		to("booking number|order number|case number|reference", "I don't have one."),
		to("name", "Jane Doe."),
		to("company", "Acme Bakery."),
	}
)

// caller answers questions by their words, so that the same caller serves models that ask in another order. Who only
// reads lines aloud would answer the second question when the model asks the third.
func caller(opening string, answers []answer) mockcall.Caller {
	all := slices.Concat(before, answers, after)
	return mockcall.CallerFunc(func(_ context.Context, heard []call.Turn) (string, bool, error) {
		said := map[string]int{}
		n, last := 0, ""
		for _, t := range heard {
			switch t.By {
			case call.ByCaller:
				n++
				said[t.Text]++
				last = ""
			case call.ByAgent:
				last += " " + strings.ToLower(t.Heard())
			}
		}
		switch {
		case n == 0:
			return opening, false, nil
		case n >= mostSaid, said[goodbye] > 0:
			return "", true, nil
		}
		question := asks(last)
		if question == "" {
			if strings.Contains(last, "bye") {
				return goodbye, false, nil
			}
			return "Okay.", false, nil
		}
		for _, a := range all {
			if a.once && said[a.say] > 0 {
				continue
			}
			for _, w := range a.words {
				if strings.Contains(question, w) {
					return a.say, false, nil
				}
			}
		}
		if n == 1 { // they were not understood
			return opening, false, nil
		}
		return "I don't know.", false, nil
	})
}

const goodbye = "Goodbye."

// asks returns the last question of a text, in small letters; empty when it asks nothing.
func asks(text string) string {
	end := strings.LastIndexAny(text, "?？")
	if end < 0 {
		return ""
	}
	begin := strings.LastIndexAny(text[:end], ".!?？")
	return text[begin+1 : end+1]
}
