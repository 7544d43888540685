package job

import "strings"

// cue says what a word can mean in an instruction. Word lists are in English, Spanish and French, the
// languages of Sona, in small letters and without accents.
type cue uint64

const (
	cueAsk      cue = 1 << iota // ask, get, demandez
	cueSay                      // tell, explain, dites
	cueDo                       // verify, transfer, envía
	cueTake                     // take, need: asking when a possessive follows ("take their name")
	cueEnd                      // end, wrap: ending when a call or "up" follows
	cueBye                      // goodbye
	cueThank                    // thank: ending unless something is asked or done, too
	cueCall                     // call, conversation, up
	cueIf                       // if, when, unless
	cueNot                      // not, won't, doesn't, no
	cueNeed                     // after a cueNot: want, know, answer, provide
	cueRefuse                   // declines, refuses
	cueRefused                  // declined, refused: by the caller, or by a bank
	cuePassive                  // is, was, card: "the card is declined"
	cueDrift                    // silent, angry, unsure, irrelevant
	cuePrefer                   // before a cueNot: prefers, rather
	cueOff                      // before a cueTopic: off, changes, another
	cueTopic                    // topic, subject, script
	cueCaller                   // caller, customer, they
	cueSona                     // you, Sona, the agent
	cueMust                     // must, should, will
	cueThen                     // then, first, please, make sure to: an order may follow
	cueLead                     // after, before, once, to: a clause that an order follows
	cueJoin                     // and, by, or
	cueTheir                    // their, his, the
	cueNever                    // never, don't
	cueTold                     // know, see, check: an "if" after it means "whether"
	cueQuote                    // no word, but a quotation
	cueAsking                   // a quotation that ends with a question mark
	cueAction                   // an inline action
	cueEndCall                  // the inline action that ends the call
	cueWhen                     // when, whenever
	cueGoal                     // goal, objective: in a heading or label
	cueRefusals                 // objections, fallback: in the name of a section about callers who leave the script
	cueExample                  // example: in the name of a section that shows a conversation
)

const cueVerb = cueAsk | cueSay | cueDo | cueTake | cueEnd | cueThank

var wordLists = []struct {
	cue   cue
	words string
}{
	{cueAsk, `ask asking inquire enquire inquiring request requesting collect collecting gather gathering get getting
		obtain obtaining confirm confirming query prompt prompting question questioning elicit clarify clarifying
		qualify probe capture capturing find
		pregunta pregunte preguntar preguntale preguntele preguntando pide pida pedir pidele pidale pidiendo solicita solicite
		solicitar confirma confirme confirmar obten obtenga obtener averigua averigue averiguar recoge recoja recopila recopile
		demandez demande demander demandant obtenez obtenir confirmez confirmer recueillez recueillir interrogez renseignez`},
	{cueSay, `say saying tell telling inform informing explain explaining greet greeting greetings welcome introduce introducing
		apologize apologise apologizing respond reply answer read repeat mention remind reassure reassuring announce advise state
		offer offering share present suggest acknowledge let communicate describe summarize summarise recap empathize empathise
		congratulate outline give disclose restate paraphrase
		di diga decir dile digale informa informe informar explica explique explicar saluda salude saludar avisa avise avisar
		responde responda ofrece ofrezca ofrecer disculpate disculpese repite repita recuerda recuerde presentate
		dites dis dire informez informer expliquez expliquer saluez saluer presentez repondez proposez proposer repetez rappelez
		annoncez`},
	{cueDo, `verify check look search pull open log record enter write send text email transfer route connect escalate forward book
		schedule reschedule cancel create update validate process submit select choose pick click use call determine identify wait
		hold stop proceed continue go return skip move apply add remove place put assign set review complete perform run follow start
		begin mark flag file issue refund calculate compare authenticate redirect direct leave try retry handle resolve
		troubleshoot walk guide help assist provide recommend discuss categorize categorise classify arrange dispatch notate
		notify page alert triage screen recheck reconfirm spell adjust replace extract save store fill generate trigger
		verifica verifique verificar comprueba compruebe transfiere transfiera transferir envia envie enviar reserva reserve
		reservar agenda agende programa registra registre escribe escriba busca busque espera espere usa use ayuda ayude
		verifiez verifier transferez transferer envoyez envoyer reservez reserver planifiez enregistrez cherchez attendez
		utilisez aidez passez`},
	{cueTake, `take taking note need jot write toma tome tomar anota anote anotar necesitas prenez prendre notez noter`},
	{cueEnd, `end ending finish finishing close closing conclude concluding terminate hang wrap wrapping disconnect
		termina termine terminar finaliza finalice finalizar cierra cierre cuelga cuelgue terminez terminer concluez mettez
		raccrochez raccrocher`},
	{cueBye, `goodbye bye farewell despidete despidase despedirse adios revoir`},
	{cueThank, `thank thanking agradece agradezca agradecer remerciez remercier`},
	{cueCall, `call conversation chat interaction session up by llamada conversacion fin appel`},
	{cueIf, `if when whenever unless should si cuando quand lorsque sauf`},
	{cueWhen, `when whenever cuando quand lorsque`},
	{cueNot, `not don't doesn't didn't won't can't cannot couldn't wouldn't isn't aren't haven't hasn't unable no never ne n'est pas
		nunca`},
	{cueNeed, `want wants wish wishes know provide provides answer answers respond responds response reply replies give share
		remember recall comply cooperate agree sure willing comfortable interested understand understood hear ready disclose say tell talk speak
		quiere quieren desea sabe responde contesta recuerda entiende dar veut souhaite sait repond repondre comprend donner`},
	{cueRefuse, `refuses declines refuse decline insists insist hesitates hesitate objects resists ignores rambles digresses
		wanders drifts balks interrupts misunderstands stalls evades niega rechaza rehusa refusent hesite`},
	{cueRefused, `refused declined insisted`},
	{cuePassive, `is was are were been be being gets got card payment transaction application`},
	{cueDrift, `unsure uncertain unwilling uncooperative hesitant reluctant unresponsive silent silence angry upset frustrated
		abusive rude hostile irrelevant unrelated confused unclear agitated aggressive inappropriate distracted evasive gibberish
		nonsensical inaudible enojado molesto silencio confundido fache silencieux`},
	{cuePrefer, `prefer prefers rather prefiere prefieren prefere`},
	{cueOff, `off change changes changing switch switches another different cambia fuera hors`},
	{cueTopic, `topic topics script subject subjects track tema guion sujet`},
	{cueCaller, `caller callers customer customers user users client clients patient patients guest guests person people they he
		she someone anyone lead leads prospect visitor member members applicant tenant parent student
		cliente clientes persona usuario llamante appelant interlocuteur`},
	{cueSona, `you you'll sona agent agents assistant representative receptionist bot ai we usted tu vous nous agente`},
	{cueMust, `must should will shall needs you'll debe debes deberia tienes doit devez devrait`},
	{cueThen, `then next first second third finally always please also now again lastly start begin simply just afterwards be sure
		make do remember try once immediately starting beginning luego despues primero finalmente siempre ahora
		puis ensuite enfin toujours maintenant alors veuillez`},
	{cueLead, `after before once to for as since while in at upon during until with from because given using based although though
		where having regardless besides despues antes para al una como mientras apres avant pour des comme pendant afin`},
	{cueJoin, `and by or y e o et ou`},
	{cueTheir, `their his her the them caller's customer's user's client's patient's guest's full
		su sus el la los leur leurs le les`},
	{cueNever, `never don't not avoid no nunca ne jamais evita evitez`},
	{cueTold, `ask asking know see check determine confirm verify find inquire clarify out pregunta demandez`},
	{cueGoal, `goal goals objective objectives purpose task mission aim objetivo proposito objectif but`},
	{cueRefusals, `objection objections refusal refusals fallback fallbacks declines refuses unexpected objeciones refus`},
	{cueExample, `example examples sample ejemplo ejemplos exemple exemples`},
	{0, `else otherwise who que qui case something one at during down sino sinon`}, // known by their text alone
}

// lexeme is a word of the lists.
type lexeme struct {
	cue  cue
	text string
}

// lexicon is never written after it was built.
var lexicon = func() map[string]lexeme {
	m := make(map[string]lexeme, 900)
	for _, list := range wordLists {
		for w := range strings.FieldsSeq(list.words) {
			m[w] = lexeme{m[w].cue | list.cue, w}
		}
	}
	return m
}()

// maxWord bounds the words of the lists, in letters; longer ones mean nothing here.
const maxWord = 16

// foldWord reads the word at s[i:end] into buf, in small letters without accents, and returns it with
// its end; a word that is too long to be of the lists comes back empty. Letters, digits, apostrophes and
// underscores make a word, so that the name of a tool is one.
func foldWord(s string, i, end int, buf *[maxWord]byte) (folded []byte, to int) {
	n := 0
	for i < end && inWord(s, i) {
		c, size := foldAt(s, i, end)
		if n < maxWord {
			buf[n] = c
		}
		n++
		i += size
	}
	if n > maxWord {
		n = 0
	}
	return buf[:n], i
}

func inWord(s string, i int) bool {
	switch c := s[i]; {
	case c < 0x80:
		return alnum(c) || c == '\'' || c == '_'
	case c == 0xe2: // ’ as in "won’t"; what else begins so is punctuation
		return strings.HasPrefix(s[i:], "’")
	default: // letters of all other scripts; neither the rest of a character nor an emoji
		return c > 0xc2 && c < 0xef
	}
}

// foldAt returns the character at s[i] as one small letter without accent, and its length.
func foldAt(s string, i, end int) (byte, int) {
	switch c := s[i]; {
	case c < 0x80:
		return lowerByte(c), 1
	case c == 0xe2:
		return '\'', min(3, end-i)
	case c == 0xc3 && i+1 < end:
		return latin[s[i+1]&0x1f], 2
	case c < 0xe0:
		return '?', min(2, end-i)
	}
	return '?', min(3, end-i)
}

// latin has U+00C0 to U+00DF, and so U+00E0 to U+00FF, without accents.
const latin = "aaaaaaaceeeeiiiidnooooo?ouuuuyts"
