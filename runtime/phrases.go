package runtime

import "github.com/sonajobs/sona/callflow"

// phraseKind is something that Sona says without the model.
type phraseKind int

const (
	hello       phraseKind = iota // a step without a greeting
	sayAgain                      // the model failed once
	cannotGoOn                    // the call leaves by the fallback exit
	askTransfer                   // shown to a model that wants to transfer without asking
	nobody                        // the caller stayed silent, and the call ends
	timeIsUp                      // the call has reached its longest duration
)

// saying is something that is said in varying words.
type saying int

const (
	stillThere saying = iota // to a caller who is silent
	fillers                  // while an action takes its time
)

// phrase returns what is said in the language that the step speaks first.
func phrase(s callflow.SonaStep, kind phraseKind) string { return phrases[kind][firstLanguage(s)] }

// variant returns the nth way to say something.
func variant(s callflow.SonaStep, what saying, n int) string {
	all := variants[what][firstLanguage(s)]
	return all[n%len(all)]
}

func firstLanguage(s callflow.SonaStep) callflow.Language {
	if len(s.Persona.Languages) > 0 {
		return s.Persona.Languages[0]
	}
	return callflow.English
}

var variants = map[saying]map[callflow.Language][]string{
	stillThere: {
		callflow.English: {"Are you still there?", "I cannot hear you. Are you still on the line?"},
		callflow.Spanish: {"¿Sigue ahí?", "No le oigo. ¿Sigue en la línea?"},
		callflow.French:  {"Êtes-vous toujours là ?", "Je ne vous entends pas. Êtes-vous toujours en ligne ?"},
	},
	fillers: {
		callflow.English: {"One moment, please.", "This takes just a moment.", "I am still on it, thank you for waiting."},
		callflow.Spanish: {"Un momento, por favor.", "Esto tarda solo un momento.", "Sigo en ello, gracias por esperar."},
		callflow.French:  {"Un instant, s'il vous plaît.", "Cela ne prend qu'un instant.", "Je m'en occupe toujours, merci de patienter."},
	},
}

var phrases = map[phraseKind]map[callflow.Language]string{
	hello: {
		callflow.English: "Hello, you are speaking with Sona, an AI assistant. How can I help you?",
		callflow.Spanish: "Hola, le atiende Sona, una asistente de inteligencia artificial. ¿En qué puedo ayudarle?",
		callflow.French:  "Bonjour, ici Sona, une assistante à intelligence artificielle. Comment puis-je vous aider ?",
	},
	sayAgain: {
		callflow.English: "Sorry, I did not get that. Could you say it again?",
		callflow.Spanish: "Perdone, no le he entendido. ¿Puede repetirlo?",
		callflow.French:  "Excusez-moi, je n'ai pas compris. Pouvez-vous répéter ?",
	},
	cannotGoOn: {
		callflow.English: "I am sorry, I cannot help you any further right now.",
		callflow.Spanish: "Lo siento, ahora mismo no puedo seguir ayudándole.",
		callflow.French:  "Je suis désolée, je ne peux pas vous aider davantage pour le moment.",
	},
	askTransfer: {
		callflow.English: "May I transfer you now?",
		callflow.Spanish: "¿Le transfiero ahora?",
		callflow.French:  "Puis-je vous transférer maintenant ?",
	},
	nobody: {
		callflow.English: "I still cannot hear you, so I will end the call now. Goodbye.",
		callflow.Spanish: "Sigo sin oírle, así que voy a terminar la llamada. Adiós.",
		callflow.French:  "Je ne vous entends toujours pas, je vais donc mettre fin à l'appel. Au revoir.",
	},
	timeIsUp: {
		callflow.English: "I am sorry, our time is up and I have to end the call here. Goodbye.",
		callflow.Spanish: "Lo siento, se nos ha acabado el tiempo y tengo que terminar la llamada. Adiós.",
		callflow.French:  "Je suis désolée, le temps est écoulé et je dois mettre fin à l'appel. Au revoir.",
	},
}
