package runtime

import (
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/assent"
)

// consented reports whether the caller agreed to be transferred: Sona asked, and the caller's next words
// were no refusal. The rule is generous to wordings and strict about order, because a refusal that is
// overheard is worse than a question asked twice.
func consented(turns []call.Turn) bool {
	last := len(turns) - 1
	for last >= 0 && turns[last].By != call.ByCaller {
		last--
	}
	if last < 0 || assent.Refuses(turns[last].Heard()) {
		return false
	}
	for i := last - 1; i >= 0 && turns[i].By == call.ByAgent; i-- {
		if asksTransfer(turns[i].Heard()) {
			return true
		}
	}
	return false
}

// declined reports whether Sona asked and the caller's next words were a refusal.
func declined(turns []call.Turn) bool {
	for i := len(turns) - 1; i > 0; i-- {
		if turns[i].By == call.ByCaller {
			return assent.Refuses(turns[i].Heard()) && turns[i-1].By == call.ByAgent && asksTransfer(turns[i-1].Heard())
		}
	}
	return false
}

// asksTransfer reports whether text is a question about handing the caller over.
func asksTransfer(text string) bool {
	if !strings.ContainsAny(text, "?？") {
		return false
	}
	words := " " + strings.Join(assent.Words(text), " ") + " "
	for _, w := range transferWords {
		if strings.Contains(words, " "+w) {
			return true
		}
	}
	return false
}

// transferWords are what questions about a transfer hold, in English, Spanish and French. An entry is the
// beginning of a word.
var transferWords = []string{
	"transfer", "connect", "put you through", "put you on", "pass you", "hand you", "patch you", "forward", "reach",
	"speak to", "speak with", "talk to", "talk with", "get someone", "get somebody", "bring in", "colleague", "someone", "somebody", "a person", "team",
	"paso", "pase", "pasar", "comunic", "conect", "hablar con", "compañer", "una persona", "alguien", "equipo",
	"passe", "passer", "mettre en relation", "mette en relation", "joindre", "parler à", "parler avec", "collègue", "quelqu'un", "une personne", "équipe",
}
