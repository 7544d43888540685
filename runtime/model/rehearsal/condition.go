package rehearsal

import (
	"regexp"
	"strings"

	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/job"
)

// condition is when something of a job applies, as far as the rehearsal can tell.
type condition int

const (
	always  condition = iota
	onYes             // the caller agreed to what was asked
	onNo              // the caller did not agree, has nothing, or declined
	onFail            // the action before it failed
	unknown           // anything else: cannot be told offline
)

// outcome is what came of a beat.
type outcome struct {
	answered, yes, no, declined, failed bool
}

func (c condition) holds(o outcome) bool {
	switch c {
	case always:
		return true
	case onYes:
		return o.yes
	case onNo:
		return o.no || o.declined
	case onFail:
		return o.failed
	case unknown:
	}
	return false
}

// splitCondition takes a condition off the beginning of an instruction: "If the caller agreed, transfer".
func splitCondition(text string) (condition, string) {
	trimmed := strings.TrimSpace(text)
	lower := strings.ToLower(trimmed)
	for _, word := range []string{"if ", "when ", "once ", "unless ", "in case "} {
		if !strings.HasPrefix(lower, word) {
			continue
		}
		head, rest, ok := strings.Cut(trimmed, ",")
		if !ok {
			return unknown, trimmed
		}
		return classify(head), strings.TrimSpace(rest)
	}
	return always, trimmed
}

// classify reads the words of a condition. What speaks of failing is looked at first, then what says no.
func classify(head string) condition {
	words := " " + strings.Join(assent.Words(head), " ") + " "
	for _, list := range []struct {
		is    condition
		words []string
	}{
		{onFail, []string{"fails", "failed", "does not go through", "did not go out", "cannot be sent", "does not work"}},
		{onNo, []string{"not", "no", "n't", "doesn't", "don't", "won't", "declines", "declined", "refuses", "refused", "without", "rather", "prefers", "neither", "none", "nobody", "left no", "remains", "still"}},
		{onYes, []string{"agrees", "agreed", "accepts", "accepted", "yes", "wants it", "confirms", "confirmed", "arrived", "would like", "is fine", "is over", "is solved", "solved", "works", "fixed", "helped"}},
	} {
		for _, w := range list.words {
			if strings.Contains(words, " "+w+" ") {
				return list.is
			}
		}
	}
	return unknown
}

var goesTo = regexp.MustCompile(`(?i)\b(?:go|going|continue|skip|return|back|proceed)\b[^.;]{0,20}?\bstep (\d+(?:\.\d+)*|[a-z])\b`)

// branch reads an item below a step.
func (c *compiler) branch(number string, it job.Item) []branch {
	text := c.text(it.Span)
	when, rest := splitCondition(text)
	if when == always {
		return nil // an explanation of the step, not a branch
	}
	b := branch{when: when}
	if to := goesTo.FindStringSubmatch(rest); to != nil {
		b.to = to[1]
	}
	for _, u := range c.actionsIn(it.Span) {
		at := u.at(number)
		b.act = &at
		break
	}
	if when == unknown && b.act == nil {
		return nil
	}
	if when != unknown && (b.to != "" || b.act != nil) {
		b.text = sayIt(goesTo.ReplaceAllString(rest, ""))
	}
	return []branch{b}
}

// refusalRule is what a job says about callers who decline a question.
type refusalRule struct {
	set       bool
	again     bool // ask once more
	voicemail bool // then, or at once, voicemail; else the question is skipped
}

// rule reads the first sentences that speak of declining. Whatever they say, a question is asked twice at
// most.
func (c *compiler) rule(all []job.Span) refusalRule {
	for _, span := range all {
		text := strings.ToLower(c.text(span))
		if !declineWords.MatchString(text) {
			continue
		}
		return refusalRule{set: true, again: againWords.MatchString(text), voicemail: strings.Contains(text, "voicemail")}
	}
	return refusalRule{}
}

var (
	declineWords = regexp.MustCompile(`\b(declin|refus|will not answer|won't answer|does not want to|doesn't want to|would rather not|keeps? (an|the) answer|not want to (answer|give|say|share))`)
	againWords   = regexp.MustCompile(`\b(once more|one more time|again|a second time|repeat the question)\b`)
)
