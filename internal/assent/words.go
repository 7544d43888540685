package assent

// The word lists, each in English, Spanish and French. They are never written.
var (
	fillers = map[string]bool{
		"um": true, "uh": true, "er": true, "hmm": true, "well": true, "oh": true,
		"pues": true, "eh": true, "bueno": true, "euh": true, "ben": true, "alors": true,
	}
	noRefusal = []string{
		"no problem", "no worries", "why not", "no doubt",
		"no hay problema", "sin problema", "cómo no", "como no", "por qué no",
		"pas de problème", "pas de souci", "pourquoi pas",
	}
	firstNo = []string{"no", "nope", "nah", "not", "never", "negative", "nunca", "jamás", "non", "jamais", "nein"}
	anyNo   = []string{
		"no thanks", "no thank you", "don't", "do not", "rather not", "not now", "not yet", "won't", "would not", "wouldn't",
		"not necessary", "no need", "forget it", "never mind", "instead", "wait", "hold on", "stop", "skip that", "decline", "refuse",
		"no gracias", "no quiero", "ahora no", "todavía no", "mejor no", "prefiero no", "no hace falta", "espera", "espere",
		"non merci", "pas maintenant", "pas encore", "je ne veux pas", "je préfère ne pas", "plutôt pas", "pas la peine", "attendez", "attends",
	}
	firstYes = []string{
		"yes", "yeah", "yep", "yup", "sure", "ok", "okay", "correct", "right", "exactly", "absolutely", "definitely", "fine", "great", "perfect", "please", "alright", "indeed",
		"sí", "si", "claro", "vale", "por supuesto", "de acuerdo", "correcto", "exacto", "adelante", "perfecto",
		"oui", "ouais", "d'accord", "bien sûr", "exact", "exactement", "volontiers", "parfait", "tout à fait",
	}
	anyYes = []string{
		"go ahead", "that's right", "that is right", "that's correct", "that is correct", "it did", "it is", "i do", "i am", "i would", "of course", "please do", "sounds good", "why not", "no problem", "got it", "i agree",
		"cómo no", "como no", "está bien", "me parece bien", "s'il vous plaît", "pourquoi pas", "je veux bien", "c'est ça", "ça marche",
	}
	lacking = []string{
		"don't have", "do not have", "don't know", "do not know", "don't remember", "not sure", "no idea", "can't remember", "haven't got", "there is none", "there isn't",
		"no tengo", "no sé", "no lo sé", "no recuerdo", "je n'ai pas", "je ne sais pas", "je n'en ai pas", "aucune idée",
	}
)
