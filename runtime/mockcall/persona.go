package mockcall

import (
	"context"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/internal/spoken"
)

// Persona is a caller who knows some facts and wants some things, and needs no model: the same words are answered in the
// same way. It invents nothing: what is said is one of the texts given here or one of a few of its own that have no fact
// in them ("Yes.", "I don't know."). It speaks English, and serves any number of calls.
//
// Asked something it answers, in this order: what Reactions have for Sona's words; that it declines; that a thing read
// back is right; what it wants next, or nothing, when asked whether there is anything else; the fact whose words fit
// the question best; yes, to what can only be answered by yes or no; that it does not know. Where nothing is asked it
// says the next want, or "Okay."
//
// Words of the fields About and When are looked for as whole words, whatever their case; several are separated by |,
// and * at the end stands for the rest of a word ("name|call you" are two, "book*" fits "booking").
type Persona struct {
	Opening   string // the first words
	Facts     []Fact // told only when asked
	Wants     []string
	Declines  []string // what questions are about that the caller does not answer
	Reactions []Reaction
	Patience  int    // most things that the caller says before they hang up; 20 when 0
	Goodbye   string // "No, that's all. Goodbye." when empty
}

// Fact is what a caller tells when asked.
type Fact struct {
	About string // words of the question
	Say   string
}

// Reaction is what a caller says or does to words of Sona's.
type Reaction struct {
	When   string // words that Sona says, asked or not
	Say    string
	Once   bool // the first time only
	HangUp bool // in place of saying something
}

// Next answers what was heard.
func (p Persona) Next(_ context.Context, heard []call.Turn) (string, bool, error) {
	n := countSaid(heard)
	patience := p.Patience
	if patience <= 0 {
		patience = 20
	}
	if n == 0 {
		return p.Opening, p.Opening == "", nil
	}
	said := map[string]int{}
	for _, t := range heard {
		if t.By == call.ByCaller {
			said[t.Text]++
		}
	}
	if n >= patience || said[p.goodbye()] > 0 {
		return "", true, nil
	}
	last := lastWords(heard)
	for _, r := range p.Reactions {
		if fits(last, r.When) > 0 && (!r.Once || said[r.Say] == 0) {
			return r.Say, r.HangUp, nil
		}
	}
	question := questions(last)
	if question == "" {
		return p.unasked(last, said)
	}
	return p.answer(question, n, said), false, nil
}

func (p Persona) goodbye() string {
	if p.Goodbye == "" {
		return "No, that's all. Goodbye."
	}
	return p.Goodbye
}

// unasked goes on where Sona asked nothing.
func (p Persona) unasked(last string, said map[string]int) (string, bool, error) {
	if fits(last, "bye|goodbye|good bye") > 0 {
		return "", true, nil
	}
	if w, ok := p.want(said); ok {
		return w, false, nil
	}
	if said[okay] >= 2 { // nobody goes anywhere any more
		return p.goodbye(), false, nil
	}
	return okay, false, nil
}

const okay = "Okay."

func (p Persona) want(said map[string]int) (string, bool) {
	for _, w := range p.Wants {
		if said[w] == 0 {
			return w, true
		}
	}
	return "", false
}

func (p Persona) answer(question string, n int, said map[string]int) string {
	for _, d := range p.Declines {
		if fits(question, d) > 0 {
			return "I'd rather not say."
		}
	}
	switch {
	case fits(question, "is that right|is that what you need|is that what you want|is that correct|is this right|is this correct|is it correct|did i get that|have i got that|does that sound right|right?|correct?") > 0:
		return "Yes, that's right."
	case fits(question, "anything else|something else i|what else") > 0:
		if w, ok := p.want(said); ok {
			return w
		}
		return p.goodbye()
	}
	best, most := "", 0
	for _, f := range p.Facts {
		if n := fits(question, f.About); n > most {
			best, most = f.Say, n
		}
	}
	switch {
	case most > 0:
		return best
	case n == 1 && fits(question, "how can i help|how may i help|what can i do|how can we help") > 0:
		return p.Opening
	case onlyYesOrNo(question):
		return "Yes."
	}
	if w, ok := p.want(said); ok && fits(question, "how can i help|how may i help|what can i do|what would you like") > 0 {
		return w
	}
	return "I don't know."
}

// onlyYesOrNo reports whether a question asks for nothing but yes or no.
func onlyYesOrNo(question string) bool {
	words := assent.Words(question)
	if len(words) < 2 {
		return false
	}
	switch words[0] {
	case "shall", "would", "do", "did", "does", "is", "are", "should", "have", "has", "may", "can", "could", "will":
	default:
		return false
	}
	return fits(question, "could you*|can you*|would you tell|would you give|may i have|can i have|could i have|may i get|can i get|could i get|may i ask|can i ask|what|which|when|who|where|how|or") == 0
}

// fits returns how many letters of a text the longest of these words takes, separated by |; 0 when none is there.
func fits(text, words string) int {
	folded := " " + plain(text) + " "
	most := 0
	for w := range strings.SplitSeq(words, "|") {
		open := strings.HasSuffix(w, "*")
		w = " " + plain(strings.TrimSuffix(w, "*"))
		if strings.TrimSpace(w) == "" {
			continue
		}
		if !open {
			w += " "
		}
		if strings.Contains(folded, w) {
			most = max(most, len(strings.TrimSpace(w)))
		}
	}
	return most
}

// plain is a text in small letters, its words one blank apart; a question mark is a word.
func plain(s string) string {
	s = strings.NewReplacer("?", " ? ", "？", " ? ").Replace(spoken.Fold(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n\r.,;:!\"()…—", r) }), " ")
}
