package lint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func readText(instructions string) *text {
	return read(job.Spec{Instructions: instructions}.Clean(), &Context{})
}

func TestWordsAreRunsOfLettersAndNothingHidden(t *testing.T) {
	r := readText("Don’t call {{name}} at https://example.com/a-b or jane@example.com; re-book {{action send_sms text=\"Hello\"}} ABC-1 naïve.")
	var words []string
	for i := range r.words {
		words = append(words, r.word(i))
	}
	assert.Equal(t, []string{"don’t", "call", "at", "or", "re-book", "abc", "1", "naïve"}, words)
	assert.Empty(t, r.word(-1))
	assert.Empty(t, r.word(len(words)))
	assert.Equal(t, "Don’t call", r.span(0, 2).In(r.s))
}

func TestSmallLettersStandWhereTheLargeOnesDid(t *testing.T) {
	for _, s := range []string{"ÄÖÜ ẞ İ", "", "a\nB\tC", "ΑΒΓ", "Ⱥ"} {
		assert.Len(t, lowered(s), len(s), "%q", s)
	}
	assert.Equal(t, "äöü", lowered("ÄÖÜ"))
}

func TestSentencesKnowTheirWordsAndTheirItems(t *testing.T) {
	r := readText("## Steps\n\n1. Ask for the name. Say it back.\n2. Say goodbye.\n\nBe brief.")
	require.Len(t, r.sents, 5)
	assert.True(t, r.sents[0].heading)
	assert.Equal(t, "say", r.word(r.sents[2].from))
	assert.Equal(t, r.sents[1].item, r.sents[2].item, "two sentences of one entry")
	assert.Equal(t, -1, r.sents[4].item, "it gives no order")
	for i, s := range r.sents {
		assert.Equal(t, i, r.sentAt(s.span.Start))
		assert.Equal(t, s.span, r.sentenceAround(s.span).span)
	}
	assert.Equal(t, 5, r.sentAt(len(r.s)))
	assert.Equal(t, job.ItemEnd, r.kind(r.sents[3]))
	assert.True(t, r.ordered(r.sents[3]))
}

func TestExamplesAreNoInstructions(t *testing.T) {
	r := readText("Ask for the name.\n\n## Example\n\nAsk for the moon.\n\n### More\n\nAsk for the sun.\n\n## Steps\n\nAgent: Ask for the stars.\nExample: Ask for the sky.\nAsk for the message.")
	var told []string
	for i, s := range r.sents {
		if r.instructs(i) {
			told = append(told, s.span.In(r.s))
		}
	}
	assert.Equal(t, []string{"Ask for the name.", "Ask for the message."}, told)
}

func TestTheLanguageOfATextIsHeard(t *testing.T) {
	for want, s := range map[tongue]string{
		english:  "Ask the caller for their name and say it back.",
		spanish:  "Pregunte al cliente por su nombre y repítalo con cuidado.",
		french:   "Demandez le nom de l'appelant et répétez le nom avec soin.",
		noTongue: "Zork!",
	} {
		assert.Equal(t, want, readText(s).tongue, s)
	}
}

func TestAQuotationIsNoInstruction(t *testing.T) {
	r := readText(`Say: "Go to step nine." Then go on.`)
	var quoted []string
	for i := range r.words {
		if r.quoted(r.words[i].span) {
			quoted = append(quoted, r.word(i))
		}
	}
	assert.Equal(t, "go to step nine", strings.Join(quoted, " "))
}

func TestTheLongestPhraseOfAListIsFound(t *testing.T) {
	b := newPhraseBook()
	saved := lexicon
	lexicon = b
	defer func() { lexicon = saved }()
	short, long, gap := phrases("ask|as needed"), phrases("ask|ask for|ask for the\nname"), phrases("for _ name")
	empty := phrases("never said")

	r := readText("Ask for the name. As needed, ASK for his name. As. Needed.")
	texts := func(l list) (found []string) {
		l.each(r, func(h hit) { found = append(found, r.span(h.from, h.to).In(r.lower)) })
		return found
	}
	assert.Equal(t, []string{"ask", "as needed", "ask"}, texts(short))
	assert.Equal(t, []string{"ask for the", "name", "ask for", "name"}, texts(long), "hits of a list do not overlap")
	assert.Equal(t, []string{"for the name", "for his name"}, texts(gap))
	assert.Empty(t, texts(empty))
	assert.False(t, empty.any(r))

	h, ok := short.begins(r, 0)
	assert.True(t, ok)
	assert.Equal(t, 0, h.from)
	_, ok = gap.begins(r, 0)
	assert.False(t, ok, "it stands later")
	_, ok = long.in(r, 2)
	assert.False(t, ok, "phrases do not reach over the end of a sentence")
	assert.True(t, short.has(b.ids["ask"]))
	assert.False(t, gap.has(b.ids["name"]))
}

func TestMessagesQuoteLittle(t *testing.T) {
	assert.Equal(t, "“a b”", cite(" a\n\tb "))
	long := cite(strings.Repeat("wörter ", 30))
	assert.LessOrEqual(t, len(long), 66)
	assert.True(t, strings.HasSuffix(long, "…”"))
	assert.Equal(t, "Äh", capitalised("äh"))
	assert.Empty(t, capitalised(""))
}
