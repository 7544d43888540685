package assent

import "strings"

// The lists, each in English, Spanish and French. They are never written.
var (
	// fillers begin a sentence and mean nothing.
	fillers = strings.Fields("um uh uhm er erm hm hmm mm ah well oh so actually look listen sorry hey eh pues bueno este mira mire ay euh ben bah bon alors ah enfin")

	// noRefusal sound like a refusal and are none.
	noRefusal = append([][]string{{"no", "no", "me", "importa"}}, phrases(`
		no problem|no worries|not a problem|no doubt|why not|no rush|no hurry|no objection|no objections|don't mind|do not mind|don't worry|don't care|can't wait|cannot wait|see why not
		no me importa|no hay problema|sin problema|ningún problema|no hay inconveniente|no tengo inconveniente|no tengo problema|cómo no|como no|por qué no|no hay prisa|no pasa nada|no te preocupes|no se preocupe|no faltaba más
		pas de problème|pas de problèmes|aucun problème|sans problème|pas de souci|pas de soucis|aucun souci|sans souci|pourquoi pas|ne me dérange pas|me dérange pas|n'ai rien contre|pas d'objection`)...)

	firstNo = phrases(`
		no|nope|nah|not|never|negative|stop|wait|hold on|hang on|maybe later|later|another time|i'll pass|i'm good|i'm good thanks|i'm fine thanks|i'm okay thanks|i'm fine thank you|let me think
		nunca|jamás|tampoco|espera|espere|un momento|luego|más tarde|otro día|déjelo|déjalo|mejor otro día
		non|jamais|attendez|attends|plus tard|une autre fois|un instant|un moment|nein|ça ira|ça va aller|laissez tomber|laisse tomber|sans façon|surtout pas`)

	lastNo = phrases(`no|nope|nah|think not|guess not|rather not|absolutely not|certainly not|definitely not|of course not|later|never|non|jamais|nunca|jamás|surtout pas|pas vraiment|plus tard|más tarde`)

	anyNo = phrases(`
		no thanks|no thank you|don't|do not|didn't ask|rather not|prefer not|rather you didn't|not now|not yet|not today|not really|not interested|won't|would not|wouldn't|shouldn't|can't right now|cannot right now|
		not necessary|no need|forget it|never mind|nevermind|instead|please wait|wait a|wait no|please stop|stop it|skip that|skip it|decline|refuse|but no|said no|no way|no longer|absolutely not|certainly not|definitely not|of course not|not a chance|leave it|cancel that|changed my mind
		no gracias|no quiero|no quisiera|no deseo|no me interesa|no me pase|no me transfiera|ahora no|ahora mismo no|hoy no|todavía no|aún no|mejor no|por ahora no|creo que no|mejor que no|digo que no|prefiero no|preferiría no|prefiero que no|pero no|no hace falta|no es necesario|de ninguna manera|ni hablar|para nada|en absoluto|espere un|espera un|he cambiado de idea|en otro momento|en vez de|en lugar de
		non merci|pas maintenant|pas encore|pas aujourd'hui|pas tout de suite|ne veux pas|veux pas|ne voudrais pas|ne souhaite pas|souhaite pas|ne préfère pas|préfère ne pas|préfère pas|plutôt pas|pas la peine|pas besoin|pas nécessaire|pas du tout|pas question|pas intéressé|pas intéressée|pas envie|mais pas|mais non|crois que non|bien sûr que non|ne me passez pas|ne me transférez pas|changé d'avis|attendez un|attends un|au lieu`)

	firstYes = phrases(`
		yes|yeah|yep|yup|yea|aye|sure|ok|okay|correct|right|exactly|absolutely|definitely|certainly|fine|great|perfect|please|alright|all right|indeed|affirmative
		sí|si|claro|vale|por supuesto|de acuerdo|correcto|exacto|exactamente|adelante|perfecto|desde luego|encantado|encantada|por favor|afirmativo
		oui|ouais|d'accord|bien sûr|exact|exactement|volontiers|parfait|parfaitement|tout à fait|absolument|certainement|entendu|avec plaisir`)

	anyYes = phrases(`
		go ahead|go for it|that's right|that is right|that's correct|that is correct|that's fine|that is fine|that works|that would be great|that'd be great|of course|please do|sounds good|why not|no problem|got it|i agree|if you could|don't mind|put me through|see why not
		cómo no|como no|está bien|me parece bien|me parece perfecto|sin problema|no hay problema|no hay inconveniente|por qué no|así es|no me importa|hágalo|páseme|transfiérame
		s'il vous plaît|s'il te plaît|pourquoi pas|je veux bien|c'est ça|c'est bon|ça marche|ça me va|pas de problème|pas de souci|allez y|avec plaisir`)

	// wholeYes agree when they are all that is said.
	wholeYes = phrases(`it did|it is|it does|it has|it was|i do|i am|i did|i have|i would|i'd like that|i would like that|we do|we are|lo es|lo quiero|ha llegado|llegó|eso es|c'est arrivé|je l'ai|il est arrivé`)

	politeness = phrases(`thank you very much|thank you|thanks|please|muchas gracias|gracias|por favor|merci beaucoup|merci|s'il vous plaît`)

	bareNo = phrases(`no|nope|nah|non`)

	// declining are wishes not to answer.
	declining = phrases(`
		no thanks|no thank you|rather not|prefer not|not comfortable|none of your|don't want to say|don't want to give|don't want to tell|don't want to share|don't want to answer|do not want to say|do not want to give|do not want to tell|do not want to share|do not want to answer|
		won't say|won't tell|won't give|can't tell you|can't say|not going to say|not going to tell|not going to give|not telling|skip that|skip it|skip this|next question|no comment|that's private|it's private|is private|i decline|i refuse|keep that to myself
		no gracias|prefiero no|preferiría no|mejor no|no quiero decir|no quiero dar|no quiero responder|no lo voy a decir|es privado|es personal|no le importa
		non merci|préfère ne pas|préfère pas|ne veux pas dire|ne veux pas donner|ne veux pas répondre|ne souhaite pas|ne vous regarde pas|c'est privé|c'est personnel`)

	lacking = phrases(`
		don't have|do not have|don't know|do not know|don't remember|not sure|no idea|can't remember|haven't got|there is none|there isn't
		no tengo|no sé|no lo sé|no recuerdo|no me acuerdo|ni idea|je n'ai pas|j'ai pas|je ne sais pas|je sais pas|je n'en ai pas|aucune idée|je ne me souviens pas`)
)

// phrases reads a list: phrases are divided by bars and line ends.
func phrases(list string) [][]string {
	var all [][]string
	for _, p := range strings.FieldsFunc(list, func(r rune) bool { return r == '|' || r == '\n' }) {
		if words := strings.Fields(p); len(words) > 0 {
			all = append(all, words)
		}
	}
	return all
}
