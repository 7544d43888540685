package lint

import "strings"

// tongue is a language that a text can be written in, as far as lint can tell.
type tongue uint8

const (
	noTongue tongue = iota // none of the three, or too few words
	english
	spanish
	french
	tongues
)

// mark is what single words mean wherever they stand.
type mark uint8

const (
	markExample   mark = 1 << iota // announces an example
	markSpeaker                    // names one of two who speak
	markVerb                       // an order can begin with it
	markNoFailure                  // a tool whose name begins with it needs no word about failing
)

// tongueWords are small words that tell the languages apart: none of them means something in another of
// the three.
var tongueWords = [tongues]string{
	english: `the and of to is are if you your with for they their them not do ask this that when what
		will be have has any from by or it caller customer`,
	spanish: `el los las del y que para con por una su sus si cuando como al lo más esta este pregunta
		pregunte llamada cliente`,
	french: `le les des et vous votre vos pour avec une du au aux est dans qui sur pas ne son ses
		demandez appelant l'appelant s'il`,
}

// markedWords are the words of each mark.
var markedWords = map[mark]string{
	markExample: `example examples sample samples transcript dialogue dialog ejemplo ejemplos exemple exemples`,
	markSpeaker: `agent assistant caller customer user ai bot you sona client patient guest receptionist cliente agente`,
	// Verbs that orders begin with, known by their text alone: where an order can stand is settled by the
	// rule that asks.
	markVerb: `ask tell say greet thank inform explain mention state announce introduce read repeat confirm
		verify check validate collect get gather obtain request take note record write log save enter find look search lookup
		retrieve fetch pull query review identify determine assess evaluate decide offer propose suggest recommend present provide
		give share send text email transfer connect route escalate hand forward schedule book reserve reschedule cancel
		create open file submit place process update change modify add remove delete set apply issue refund charge pay
		calculate compute complete finish end close conclude hang wrap use call invoke run trigger execute select choose
		click press continue proceed move go return start begin make let help assist guide walk direct notify remind warn
		apologize apologise acknowledge reassure summarize summarise recap wait listen keep do ensure leave skip answer respond
		reply describe list clarify inquire enquire extract capture activate deactivate freeze unfreeze order ship deliver`,
	// Tools that begin with these words hand the call on, speak, or cannot fail in a way that a caller meets.
	markNoFailure: `transfer escalate handoff hand end hang ask decline say greet finish exit unlock`,
}

// teach makes b know the words of languages and marks.
func (b *phraseBook) teach() {
	for language, words := range tongueWords {
		for w := range strings.FieldsSeq(words) {
			b.tongues[b.learn(w)] = tongue(language)
		}
	}
	for m, words := range markedWords {
		for w := range strings.FieldsSeq(words) {
			b.marks[b.learn(w)] |= m
		}
	}
}

// loudest returns the language most of whose words were heard.
func loudest(heard [tongues]int) tongue {
	best := noTongue
	for l := english; l < tongues; l++ {
		if n := heard[l]; n > 0 && (best == noTongue || n > heard[best]) {
			best = l
		}
	}
	return best
}

// verbAt reports whether word i of t is a verb that an order can begin with.
func (t *text) verbAt(i int) bool {
	return i >= 0 && i < len(t.words) && lexicon.marks[t.words[i].id]&markVerb != 0
}
