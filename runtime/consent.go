package runtime

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/assent"
)

// consent is what the caller said about being transferred: Sona asked, the question was heard, and the
// caller's next words were no refusal. Plain agreement holds on while Sona asks other things; words that
// neither agree nor refuse hold for the reply that follows them; a refusal of anything later ends both,
// because a refusal that is overheard is worse than a question asked twice. One consent is for one transfer.
type consent struct {
	is    attitude
	plain bool // the caller agreed in plain words
	asked bool // Sona has asked, at any time
	fresh bool // is was set by what the caller said last
}

type attitude int

const (
	notAsked attitude = iota
	refused
	given
)

// hear takes what the caller said after these turns of Sona.
func (c *consent) hear(sona []call.Turn, caller string) {
	c.fresh = false
	asked := slices.ContainsFunc(sona, asksTransfer)
	if !asked && c.is == notAsked {
		return
	}
	no := assent.Refuses(caller)
	switch {
	case asked && no:
		*c = consent{is: refused, asked: true, fresh: true}
	case asked:
		*c = consent{is: given, plain: assent.Agrees(caller), asked: true, fresh: true}
	case c.is == refused, no, !c.plain:
		c.is = notAsked
	}
}

// use uses a consent up, and reports whether there was one.
func (c *consent) use() bool {
	if c.is != given {
		return false
	}
	c.is = notAsked
	return true
}

// asksTransfer reports whether a turn asks about handing the caller over, as far as it was heard. The
// question mark may be among what was not.
func asksTransfer(t call.Turn) bool {
	heard := t.Heard()
	begin := 0 // of the sentence
	for i, r := range t.Text {
		switch r {
		case '?', '？':
			if begin < len(heard) && asksSo(t.Text[begin:min(i, len(heard))]) {
				return true
			}
			begin = i + 1
		case '!', '\n', '¿':
			begin = i + 1
		}
	}
	return false
}

// asksSo reports whether the last sentence of text is about a transfer.
func asksSo(text string) bool {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '.' && !abbreviated(text[:i]) {
			text = text[i+1:]
			break
		}
	}
	words := " " + strings.Join(assent.Words(text), " ") + " "
	for _, w := range pastWords {
		if strings.HasPrefix(words, " "+w+" ") {
			return false
		}
	}
	for _, w := range transferWords {
		if strings.Contains(words, " "+w) {
			return true
		}
	}
	return false
}

// abbreviated reports whether a full stop after text ends a word only: "Dr. Smith", "3 p.m.".
func abbreviated(text string) bool {
	return abbreviations[strings.ToLower(text[strings.LastIndexAny(text, " .\n")+1:])]
}

var abbreviations = map[string]bool{"dr": true, "mr": true, "mrs": true, "ms": true, "st": true, "prof": true, "p": true, "a": true, "m": true,
	"sr": true, "sra": true, "srta": true, "dra": true, "ud": true, "uds": true, "mme": true, "mlle": true, "no": true}

// pastWords begin questions about what was, which offer nothing.
var pastWords = []string{"did", "have you", "has", "had", "were", "was", "who", "am i", "est ce que vous avez", "avez vous", "ha hablado", "habló"}

// transferWords are what offers of a transfer hold, in English, Spanish and French. An entry is the
// beginning of a word, or of the last of its words.
var transferWords = []string{
	"transfer", "connect you", "connecting you", "be connected", "get connected", "connect the call", "connect this call",
	"put you through", "put you on with", "put you in touch", "putting you through", "pass you", "hand you", "patch you", "patch the call", "bring in ",
	"forward you", "forward the call", "forward this call", "get someone ", "get somebody ", "get a colleague", "get a person", "bring someone", "bring somebody",
	"speak to", "speak with", "speaking to", "talk to", "talk with", "talking to", "a real person", "a human",
	"transfier", "le paso", "te paso", "le pase", "te pase", "pasarle", "pasarlo", "pasarla", "pasarte", "paso la llamada", "pase la llamada", "pasar la llamada", "pasar su llamada",
	"comunico", "comunique", "comunicarle", "comunicarlo", "comunicarla", "conecto", "conecte ", "conectarle", "conectarlo", "conectarla", "le ponga con", "le pongo con", "ponerle con", "hablar con", "derivarle", "derive ",
	"transfér", "transfèr", "vous passe", "vous passer", "passer à ", "mettre en relation", "mette en relation", "mets en relation", "parler à", "parler avec", "vous dirige", "vous connecte", "joindre un", "être mis en relation",
}
