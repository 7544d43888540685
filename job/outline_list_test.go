package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every marker that authors number or mark an entry with.
func TestMarkersOfLists(t *testing.T) {
	for name, markers := range map[string][]string{
		"1.":              {"1. ", "2. ", "3. "},
		"1)":              {"1) ", "2) ", "3) "},
		"(1)":             {"(1) ", "(2) ", "(3) "},
		"1:":              {"1: ", "2: ", "3: "},
		"1 -":             {"1 - ", "2 - ", "3 - "},
		"1 –":             {"1 – ", "2 – ", "3 – "},
		"1.Ask":           {"1.", "2.", "3."},
		"1)Ask":           {"1)", "2)", "3)"},
		"Step 1:":         {"Step 1: ", "Step 2: ", "Step 3: "},
		"Step 1.":         {"Step 1. ", "Step 2. ", "Step 3. "},
		"STEP 1 -":        {"STEP 1 - ", "STEP 2 - ", "STEP 3 - "},
		"Step 1 —":        {"Step 1 — ", "Step 2 — ", "Step 3 — "},
		"**Step 1:**":     {"**Step 1:** ", "**Step 2:** ", "**Step 3:** "},
		"**1.**":          {"**1.** ", "**2.** ", "**3.** "},
		"Spanish":         {"Paso 1: ", "Paso 2: ", "Paso 3: "},
		"French":          {"Étape 1 : ", "Étape 2 : ", "étape 3 : "},
		"full-width":      {"１．", "２．", "３．"},
		"full-width )":    {"１）", "２）", "３）"},
		"Chinese":         {"一、", "二、", "三、"},
		"1、":              {"1、", "2、", "3、"},
		"（1）":             {"（1）", "（2）", "（3）"},
		"circled":         {"① ", "② ", "③ "},
		"tab behind":      {"1.\t", "2.\t", "3.\t"},
		"no-break behind": {"1.\u00a0", "2.\u00a0", "3.\u00a0"},
		"quoted mail":     {"> 1. ", "> 2. ", "> 3. "},
		"indented":        {"  1. ", "  2. ", "  3. "},
		"a little askew":  {" 1. ", "2. ", " 3. "},
		"with blanks":     {"1. ", "\n2. ", "\n\n3. "},
	} {
		t.Run(name, func(t *testing.T) {
			text := markers[0] + "Ask who calls.\n" + markers[1] + "Ask why.\n" + markers[2] + "Thank them."
			requireSketch(t, "1 Ask who calls.\n2 Ask why.\n3 Thank them.\n", text)
		})
	}
	for _, marker := range []string{"a. ", "a) ", "(a) ", "A. ", "A) "} {
		next := strings.NewReplacer("a", "b", "A", "B").Replace(marker)
		label := strings.Trim(marker, "(). ")
		requireSketch(t, label+" Ask who calls.\n"+strings.NewReplacer("a", "b", "A", "B").Replace(label)+" Ask why.\n",
			marker+"Ask who calls.\n"+next+"Ask why.")
	}
	for _, bullet := range []string{"- ", "* ", "+ ", "• ", "•", "– ", "— ", "–– ", "◦ ", "▪ ", "● ", "- [ ] ", "- [x] ", "✓ ", "➤ ", "→ ", "·\u00a0"} {
		requireSketch(t, "Ask who calls.\nAsk why.\n", bullet+"Ask who calls.\n"+bullet+"Ask why.")
	}
}

func TestNestedLists(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"bullets below numbers": {"1. Ask:\n   - name\n   - city\n2. End.", `
1 Ask:
- name
- city
2 End.
`},
		"bullets without indentation": {"1) Ask\n- name\n- city\n2) End", `
1 Ask
- name
- city
2 End
`},
		"the same, with blank lines": {"1. Ask\n\n- name\n\n- city\n\n2. End", `
1 Ask
- name
- city
2 End
`},
		"tabs": {"1.\tAsk\n\t-\tname\n\t\t*\tspelled\n2.\tEnd", `
1 Ask
- name
- - spelled
2 End
`},
		"letters below numbers": {"1. Ask\n   a. name\n   b. city\n2. End\n   a) now", `
1 Ask
- 1.a name
- 1.b city
2 End
- 2.a now
`},
		"letters without indentation": {"1. Ask\na. name\nb. city\n2. End", `
1 Ask
- 1.a name
- 1.b city
2 End
`},
		"Roman below letters": {"1. Ask\n  a) name\n    i. first\n    ii. last\n    iii. both\n  b) city", `
1 Ask
- 1.a name
- - 1.a.i first
- - 1.a.ii last
- - 1.a.iii both
- 1.b city
`},
		"Roman outside": {"I. Greet\n  1. Say hello\nII. Ask\nIII. End\nIV. Log", `
I Greet
- I.1 Say hello
II Ask
III End
IV Log
`},
		"dotted": {"1. Ask\n1.1 name\n1.2 city\n2. End\n2.1. log", `
1 Ask
- 1.1 name
- 1.2 city
2 End
- 2.1 log
`},
		"dotted deeper": {"1. Ask\n  1.1. name\n    1.1.1. first\n    1.1.2. last\n  1.2. city", `
1 Ask
- 1.1 name
- - 1.1.1 first
- - 1.1.2 last
- 1.2 city
`},
		"dotted alone": {"1.1 Ask\n1.2 Tell\n1.3 End", `
1.1 Ask
1.2 Tell
1.3 End
`},
		"1a below 1": {"1. Be brief\n1a. One sentence\n1b. No lists\n2. End", `
1 Be brief
- 1.a One sentence
- 1.b No lists
2 End
`},
		"numbers below bullets": {"- New guests:\n  1. Ask who\n  2. Ask why\n- Others", `
New guests:
- 1 Ask who
- 2 Ask why
Others
`},
		"numbers below bullets below numbers": {"1. Ask\n   - guests\n     1. who\n     2. why\n2. End", `
1 Ask
- guests
- - 1.1 who
- - 1.2 why
2 End
`},
		"pasted from a word processor": {"• Ask\n– name\n– city\n• End", `
Ask
- name
- city
End
`},
		"back two levels": {"- a\n  - b\n    - c\n- d", `
a
- b
- - c
d
`},
		"back to between": {"- a\n    - b\n  - c\n- d", `
a
- b
- c
d
`},
		"steps over numbers": {"Step 1: Ask\n1. name\n2. city\nStep 2: End", `
1 Ask
- 1.1 name
- 1.2 city
2 End
`},
	} {
		t.Run(name, func(t *testing.T) {
			requireSketch(t, c.want, c.text)
		})
	}
	requireSketch(t, "a A\nb B\nc C\nd D\ne E\nf F\ng G\nh H\ni I\nj J\n", "a) A\nb) B\nc) C\nd) D\ne) E\nf) F\ng) G\nh) H\ni) I\nj) J")
	var deep strings.Builder
	for i := range 40 {
		deep.WriteString(strings.Repeat("  ", i) + "- x\n")
	}
	require.Equal(t, 40, strings.Count(sketch(deep.String()), "x\n"), "deeper than anybody writes")
}

func TestNumbersAreTheAuthors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a number left out":    {"1. Ask\n2. Tell\n4. End", "1 Ask\n2 Tell\n4 End\n"},
		"always one":           {"1. Ask\n1. Tell\n1. End", "1 Ask\n1 Tell\n1 End\n"},
		"starts later":         {"5. Ask\n6. Tell", "5 Ask\n6 Tell\n"},
		"starts at zero":       {"0. Ask\n1. Tell", "0 Ask\n1 Tell\n"},
		"restarts":             {"1. Ask\n2. Tell\n\n1. End\n2. Log", "1 Ask\n2 Tell\n1 End\n2 Log\n"},
		"goes on after prose":  {"1. Ask\n\nWe are kind.\n\n2. Tell", "1 Ask\n2 Tell\n"},
		"goes on, set in":      {"1. Ask\n  2. Tell\n    3. End", "1 Ask\n2 Tell\n3 End\n"},
		"up to hundreds":       {"99. Ask\n100. Tell\n101. End", "99 Ask\n100 Tell\n101 End\n"},
		"another style, apart": {"1. Ask\n2. Tell\n\n1) End\n2) Log", "1 Ask\n2 Tell\n1 End\n2 Log\n"},
	} {
		t.Run(name, func(t *testing.T) { requireSketch(t, c.want, c.text) })
	}
}

// A number at the beginning of a line is not always a marker.
func TestWhatIsNoMarker(t *testing.T) {
	for _, line := range []string{
		"2023. was a good year", "3.5 miles away", "10 a.m. is early", "10 am is early", "$5. is cheap", "5.00 dollars", "24/7 service",
		"1-800-FLOWERS", "555-0100", "1.5 hours", "12:30 is lunch", "9: 30", "5 - 10 minutes", "1st of May", "3D glasses", "100%. Sure",
		"A. Smith", "I. am", "U.S. guests", "e.g. this", "Mr. Smith", "(s) or", "-5 degrees", "*bold* words", "**bold** words", "+1 555 010 2000",
		"–5 degrees", "Step by step", "Step 2 comes later", "mix. It", "2a is a flat", "1.2.3.4.5.6.7 x", "911. calls",
	} {
		require.NotContains(t, sketch("We have a rule\n"+line), "\n", line)
	}
	for _, line := range []string{"A. Smith is the boss", "B. b", "I. am", "x) y", "Step by step", "Step 1000: never", "(5)", "7."} {
		require.Empty(t, sketch(line), line)
	}
	// wrapped lines: the sentence goes on, and so does the entry of a list
	requireSketch(t, "1 Ask whether the guest came in\n2023. was a good year.\n2 Ask whether there are fewer than\n12. guests.\n",
		"1. Ask whether the guest came in\n2023. was a good year.\n2. Ask whether there are fewer than\n12. guests.")
	requireSketch(t, "1 Say that we are\n3.5 miles away\n2 Say that we open at\n10 a.m. on Monday\n", "1. Say that we are\n3.5 miles away\n2. Say that we open at\n10 a.m. on Monday")
}

func TestEntriesGoOnOverLines(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"indented": {"1. Ask for the\n   name.\n2. End.", "1 Ask for the\n   name.\n2 End.\n"},
		"lazily":   {"1. Ask for the\nname.\n2. End.", "1 Ask for the\nname.\n2 End.\n"},
		"a second paragraph": {"1. Ask.\n\n   Be kind.\n\n2. End.",
			"1 Ask.\n\n   Be kind.\n2 End.\n"},
		"a marker alone":   {"Step 1\nAsk.\nStep 2\nEnd.", "1 Ask.\n2 End.\n"},
		"hard line breaks": {"1. Ask.\\\n2. End.\\\n\\\n- Log.", "1 Ask.\n2 End.\nLog.\n"},
		"prose after it":   {"1. Ask.\nThank the caller.", "1 Ask.\nThank the caller.\n"},
		"Windows":          {"1. Ask for\r\n   it.\r\n\r\n2. End.\r\n", "1 Ask for\r\n   it.\n2 End.\n"},
		"prose after children belongs to the parent": {"1. Ask.\n   - name\n   Thank them.\n2. End.",
			"1 Ask.\n- name\n- Thank them.\n2 End.\n"},
	} {
		t.Run(name, func(t *testing.T) { requireSketch(t, c.want, c.text) })
	}
}
