package runtime

import "github.com/sonajobs/sona/callflow"

// phraseKind is something that Sona says without the model.
type phraseKind int

const (
	hello       phraseKind = iota // a step without a greeting
	sayAgain                      // the model failed once
	cannotGoOn                    // the call leaves by the fallback exit
	askTransfer                   // shown to a model that wants to transfer without asking
)

// phrase returns what is said in the language that the step speaks first.
func phrase(s callflow.SonaStep, kind phraseKind) string {
	language := callflow.English
	if len(s.Persona.Languages) > 0 {
		language = s.Persona.Languages[0]
	}
	return phrases[kind][language]
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
}
