package job_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// facts are the facts of a text as "kind text".
func facts(text string) (all []string) {
	for _, f := range job.ParseOutline(text).Facts {
		all = append(all, string(f.Kind)+" "+f.Text)
	}
	return all
}

// Each text is exactly one fact; around it stand words and punctuation that are no part of it.
func TestFactsOfEachKind(t *testing.T) {
	for kind, texts := range map[job.FactKind][]string{
		job.FactURL: {
			"https://example.com", "http://example.com/a?b=c&d=1#e", "https://example.com/a_(b)", "www.example.com", "www.example.com/menu",
			"example.com", "book.example.co.uk", "example.org/tables", "https://user@example.com:8080/x", "ftp://files.example.com",
		},
		job.FactEmail: {"desk@example.com", "first.last+tag@mail.example.co.uk", "7@example.com", "a_b%c@x-y.org"},
		job.FactPhone: {
			"+15550102000", "+1 555 010 2000", "+1 (555) 010-2000", "+33 1 23 45 67 89", "(555) 010-2000", "555-010-2000", "555.010.2000", "555 010 2000",
			"1-800-555-0100", "1-800-FLOWERS", "800-GO-SONAS", "555-0100", "5550102000", "15550102000", "01 23 45 67 89", "0123 456 7890", "01234 567890",
			"912 345 678", "612 34 56 78", "020 7946 0958",
		},
		job.FactMoney: {
			"$5", "$1,250.00", "$ 20", "US$20", "$5k", "€20", "20 €", "20€", "1.234,50 €", "£15", "50 dollars", "50 cents", "20 euros", "15 pounds", "USD 20", "20 USD",
			"EUR 1,000", "30 dólares", "99¢", "¥500", "25$",
		},
		job.FactTime: {
			"9am", "9 am", "9 a.m.", "9:30", "09:30:15", "9:30pm", "9:30 p.m.", "14h30", "14h", "9.30am", "noon", "midnight", "9 o'clock", "9 o’clock", "mediodía",
			"14 heures", "minuit",
		},
		job.FactDate: {
			"Monday", "Mondays", "tuesday", "Mon", "Thurs", "March 5", "March 5th", "March 5, 2026", "March 5th 2026", "May 1", "June", "June 2026", "Dec. 24",
			"5 March", "5th of March 2026", "1 May", "2026-03-05", "05/03/2026", "3/5/26", "5.3.2026", "24/12", "12/2026", "lunes", "5 de marzo", "5 de marzo de 2026",
			"1er janvier", "14 juillet 2026", "mercredi",
		},
		job.FactNumber: {"5", "12", "1,000", "3.5", "50%", "50 %", "2026", "007"},
		job.FactQuote: {
			`"We are open."`, "“We are open.”", "«We are open.»", "« Nous sommes ouverts »", "„Guten Tag“", "'By post'", "‘By post’", `"Press 1 now, or call 555-010-2000."`,
			"'don't wait'", "\"a\nb\"",
		},
	} {
		for _, text := range texts {
			for _, around := range []string{"%", "We say %.", "(%)", "so, %, and more", "is: %!", "**%**", "%\nand"} {
				if strings.HasPrefix(around, "%\n") && kind == job.FactDate && strings.Contains(text, "June") {
					continue
				}
				in := strings.ReplaceAll(around, "%", text)
				if diff := cmp.Diff([]string{string(kind) + " " + text}, facts(in)); diff != "" {
					t.Errorf("%q:\n%s", in, diff)
				}
			}
		}
	}
}

func TestFactsWithinSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"Open 9am-5pm, 24/7 in May, 1/2 price, 3 of 4.": {"time 9am", "time 5pm", "number 24", "number 7", "number 1", "number 2", "number 3", "number 4"},
		"Mon–Fri 9–17":                                {"date Mon", "date Fri", "number 9", "number 17"},
		"2-3 options, 7-10 days, 9-5":                 {"number 2", "number 3", "number 7", "number 10", "number 9", "number 5"},
		"1. Ask for 2 names\n2) Tell 3":               {"number 2", "number 3"},
		"Step 1: wait 5 minutes":                      {"number 5"},
		"Ask for 1) 2 names, 2) 3 dates.":             {"number 2", "number 3"},
		"## 1. Greeting 2":                            {"number 2"},
		"tool_7 v2 A4 x86 look_up_4821":               nil,
		"AB-1234 and 4G":                              {"number 1234", "number 4"},
		"We may march on. He sat in the sun.":         nil,
		"2 may join; the second of march; May I?":     {"number 2"},
		"Say \"Hi\" or \"Bye now\" at noon.":          {`quote "Hi"`, `quote "Bye now"`, "time noon"},
		"type '130' or “$5”":                          {"number 130", "money $5"},
		"don't, it's, the guests' cars, rock 'n roll": nil,
		"an unclosed \" mark, 5 of them":              {"number 5"},
		"\"a\n\nb\" 7":                                {"number 7"},
		"write to a@b or at@ or @me or .@b.co":        nil,
		"See e.g. this.It is.com? Node.js a.b":        {"url is.com"},
		"call 555-010-2000, 24 hours":                 {"phone 555-010-2000", "number 24"},
		"card 1234-5678-9012-3456":                    {"number 1234", "number 5678", "number 9012", "number 3456"},
		"$-5 and $x and 5 $ 6":                        {"number 5", "number 5", "money $ 6"},
		"99:99 and 25:00 and 13/13/2026":              {"number 99", "number 99", "number 25", "number 00", "number 13", "number 13", "number 2026"},
		"https:// and :// and http://)":               nil,
		"mail desk@example.com. Or www.":              {"email desk@example.com"},
		"(see https://example.com/x).":                {"url https://example.com/x"},
		"5551234@example.com and 5.example.com":       {"email 5551234@example.com", "url 5.example.com"},
		"{{name}} pays $5 {{action send_sms text=\"Pay $6 at https://example.com by 5pm\"}} or $7": {
			"money $5", "money $6", "url https://example.com", "time 5pm", "money $7"},
		"":  nil,
		"5": {"number 5"},
	} {
		require.Empty(t, cmp.Diff(want, facts(text)), text)
	}
	long := `"` + strings.Repeat("very ", 300) + `long"`
	require.Empty(t, facts(long), "an unclosed mark would swallow the page")
}
