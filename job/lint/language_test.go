package lint

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/job"
)

// Good jobs in Spanish and French. The words of an English rule stand in none of them.
var foreign = map[string]string{
	"Spanish": `El objetivo de este trabajo es tomar un mensaje para la oficina.

1. Pregunte el nombre completo del cliente.
2. Pregunte el número de teléfono.
3. Repita el número de teléfono.
   - Si una cifra es incorrecta, repita el número correcto una vez.
4. Pregunte el mensaje.
5. Dé las gracias, despídase y termine la llamada: {{action end_call}}

Si el cliente se niega a responder, pregunte una vez más. Si se niega otra vez, siga sin la respuesta.
`,
	"French": `L'objectif de ce travail est de prendre un message pour le bureau.

1. Demandez le nom complet de l'appelant.
2. Demandez le numéro de téléphone.
3. Répétez le numéro de téléphone.
   - Si un chiffre est faux, répétez le bon numéro une fois.
4. Demandez le message.
5. Remerciez l'appelant, dites au revoir et terminez l'appel : {{action end_call}}

Si l'appelant refuse de répondre, demandez une fois encore. S'il refuse de nouveau, continuez sans la réponse.
`,
}

func TestStructureRulesAreSilentOnGoodJobsOfOtherLanguages(t *testing.T) {
	for language, text := range foreign {
		for _, f := range Spec(job.Spec{Name: "Message", CallerIntent: "Message.", Instructions: text}, Context{}) {
			r, _ := byID(f.Rule)
			assert.Equal(t, "any", r.Language, "%s: %s: %s", language, f.Rule, f.Message)
			assert.False(t, r.structure, "%s: %s: %s", language, f.Rule, f.Message)
		}
	}
}

func TestRulesForAnyLanguageKnowSpanishAndFrench(t *testing.T) {
	for text, rule := range map[string]RuleID{
		"1. Pida el nombre.\n2. Pida el mensaje.\n4. Despídase.":                                       "numbering-broken",
		"1. Demandez le nom.\n2. Si l'appelant refuse, passez à l'étape 7.\n3. Dites au revoir.":       "step-reference",
		"Pregunte el nombre del cliente. Pregunte el número de teléfono. Pregunte la razón.":           "refusal-missing",
		"D'abord, demandez le nom. Ensuite, demandez le message. Enfin, dites au revoir à l'appelant.": "order-unnumbered",
		"## Objetivo\n\n## Pasos\n\n1. Pida el nombre.\n2. Despídase.":                                 "section-empty",
	} {
		assert.Contains(t, rulesIn(text), rule, text)
	}
}
