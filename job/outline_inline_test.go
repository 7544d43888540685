package job_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestListsWithinASentence(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"prose": {"Ask the caller: 1) their name, 2) their company, and 3) the reason. Then thank them.", `
Ask the caller:
- 1 their name
- 2 their company
- 3 the reason.
Then thank them.
`},
		"in an entry": {"1. Ask for (1) a name; (2) a city. Then wait.\n2. End.", `
1 Ask for
- 1.1 a name
- 1.2 a city.
- Then wait.
2 End.
`},
		"with points": {"Ask for: 1. a name, 2. a city, 3. a day.", `
Ask for:
- 1 a name
- 2 a city
- 3 a day.
`},
		"letters": {"Ask for a) a name or b) a city.", `
Ask for
- a a name
- b a city.
`},
		"letters in parentheses": {"- Ask for (a) a name and (b) a city", `
Ask for
- a a name
- b a city
`},
		"after a name": {"Steps: 1) Ask why 2) Tell them 3) End the call", `
# Steps
1 Ask why
2 Tell them
3 End the call
`},
		"two of them": {"Needs: 1) a card, 2) a code. Steps: 1) Ask for it, 2) Check it. Thank them.", `
# Needs
1 a card
2 a code.
# Steps
1 Ask for it
2 Check it.
Thank them.
`},
		"entries of one list on one line": {"1) Ask why, 2) tell them, 3) end the call.", `
1 Ask why
2 tell them
3 end the call.
`},
		"whole sentences on one line": {"1. Ask why. 2. Tell them. 3. Log it.", `
1 Ask why.
2 Tell them.
3 Log it.
`},
		"then on the next": {"1. Ask why. 2. Tell them.\n3. Log it.", `
1 Ask why.
2 Tell them.
3 Log it.
`},
		"in quotation marks":                {"Say \"press 1) or 2) or 3) now\".", "Say \"press 1) or 2) or 3) now\".\n"},
		"alone":                             {"Ask for 1) a name.", "Ask for 1) a name.\n"},
		"not from one":                      {"Ask for 2) a name and 3) a city.", "Ask for 2) a name and 3) a city.\n"},
		"numbers that end":                  {"Ask about version 1. Then ask about version 2. Then stop.", "Ask about version 1.\nThen ask about version 2.\nThen stop.\n"},
		"plurals":                           {"Ask for the name(s) and file(s) a) they have.", "Ask for the name(s) and file(s) a) they have.\n"},
		"the next line has the next number": {"1. See 2) below\n2. End.", "1 See 2) below\n2 End.\n"},
		"Spanish":                           {"Pida 1) el nombre y 2) la ciudad.", "Pida\n- 1 el nombre\n- 2 la ciudad.\n"},
	} {
		t.Run(name, func(t *testing.T) { requireSketch(t, c.want, c.text) })
	}
}

func TestOffScriptRulesInAListWithinASentence(t *testing.T) {
	text := "Then: 1) ask why, 2) if they refuse, skip it."
	o := job.ParseOutline(text)
	require.Len(t, o.OffScript, 1)
	require.Equal(t, "if they refuse, skip it.", o.OffScript[0].In(text))
}
