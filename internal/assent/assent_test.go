package assent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/assent"
)

// What callers say to "May I …?", and how it is taken.
func TestWhatCallersMean(t *testing.T) {
	const (
		agrees  = "agrees"
		refuses = "refuses"
		neither = "neither"
	)
	for want, answers := range map[string][]string{
		agrees: {
			"Yes.", "yes please", "Yeah, sure", "Um, yep", "OK", "Okay then", "Well, alright", "Sure, go ahead", "Absolutely!", "Of course", "That's fine", "That’s right", "Please do", "No problem",
			"no problem no problem", "Why not?", "I don't mind", "Yes, I don't mind at all", "I do", "I am, thanks", "It did, thank you", "Sounds good", "Don't worry, go ahead", "Yes, no rush", "Put me through, please",
			"Sí", "Si, por favor", "Claro", "Claro que sí", "Vale", "Bueno, de acuerdo", "Cómo no", "No hay problema", "¿Por qué no?", "Está bien", "Por supuesto", "Adelante", "No, no me importa", "Lo es, gracias",
			"Oui", "Ouais", "D'accord", "Bien sûr", "Pourquoi pas", "Pas de problème", "Euh, oui", "Je veux bien", "Ça marche", "Volontiers", "Tout à fait", "Aucun souci, allez y",
		},
		refuses: {
			"", " ", "…", "um", "No.", "no thanks", "Nope", "Nah", "Not now", "Never", "Well, no", "Um, rather not", "I'd rather not", "I don't want that", "Please don't", "Don’t", "Hold on", "Wait, wait", "Stop",
			"Yeah, no", "I think not", "Thanks, but no", "Actually, never mind", "Maybe later", "I'll leave a message instead", "Absolutely not", "Yes but not now", "No, what are your hours?", "I'm good, thanks", "I said no",
			"No", "No, gracias", "Ahora no", "Todavía no", "Mejor no", "Pues no", "Creo que no", "Claro que no", "Prefiero no", "No hace falta", "Espere un momento", "Nunca", "Para nada", "Más tarde",
			"Non", "Non merci", "Pas maintenant", "Je ne veux pas", "Je préfère ne pas", "Attendez", "Jamais", "Ah non", "Bien sûr que non", "Plus tard", "Ça ira, merci", "Laissez tomber", "Surtout pas", "Pas la peine",
		},
		neither: {
			"What are your hours?", "Ann", "I am busy at nine", "It is about my order", "Is it far?", "Nothing works here", "Notify me", "Nora", "I know", "I can't wait to see it", "Who would that be?",
			"¿Cuánto cuesta?", "Mi nombre es Norma", "Siempre", "C'est combien ?", "Nonante", "Quelle heure est-il ?",
		},
	} {
		for _, text := range answers {
			t.Run(text, func(t *testing.T) {
				require.Equal(t, want == refuses, assent.Refuses(text), "refuses")
				require.Equal(t, want == agrees, assent.Agrees(text), "agrees")
			})
		}
	}
}

func TestToDeclineIsNotToAnswer(t *testing.T) {
	for _, text := range []string{"", "No.", "No, no.", "No thanks", "Nope, thank you", "I'd rather not say", "Um, I prefer not to", "Skip that", "None of your business", "I don't want to tell you",
		"No, gracias", "Prefiero no decirlo", "No quiero decir", "Non merci", "Je préfère ne pas", "Ça ne vous regarde pas"} {
		require.True(t, assent.Declines(text), "%q", text)
	}
	for _, text := range []string{"Ann", "No, it is Ann", "Nora", "No heat in the house", "I don't want to lose my data", "Yes", "No, es Juan", "Non, c'est Jean"} {
		require.False(t, assent.Declines(text), "%q", text)
	}
}

func TestToLackIsToHaveNoAnswer(t *testing.T) {
	for _, text := range []string{"I don't know", "I don’t have one", "No idea", "I'm not sure", "No lo sé", "No tengo", "Je ne sais pas", "Je n'ai pas de numéro"} {
		require.True(t, assent.Lacks(text), "%q", text)
	}
	for _, text := range []string{"", "Ann", "No", "I know"} {
		require.False(t, assent.Lacks(text), "%q", text)
	}
}

func TestWordsKeepTheirApostrophes(t *testing.T) {
	require.Equal(t, []string{"don't", "you", "s'il", "vous", "plaît", "42", "sí"}, assent.Words("Don’t you?  S‘il vous plaît, 42… ¡SÍ!"))
	require.Empty(t, assent.Words(" \n…\xff"))
}
