package optimize_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
)

// values are the facts of a text as "kind value".
func values(text string) (all []string) {
	for _, f := range optimize.Facts(text) {
		all = append(all, string(f.Kind)+" "+f.Value)
	}
	return all
}

func TestFactsAreEqualHoweverTheyAreWritten(t *testing.T) {
	for value, texts := range map[string][]string{
		"number 2":                  {"2", "two", "Two", "twice"},
		"number 1":                  {"1 question", "one question", "one-question"},
		"number 25":                 {"25", "twenty-five", "twenty five"},
		"number 250":                {"250", "two hundred fifty"},
		"number 3000":               {"3,000", "3000", "three thousand", "3,000.0"},
		"number 12":                 {"12", "twelve", "a dozen", "dozen"},
		"number 50%":                {"50%", "50 %", "50 percent", "50 per cent", "fifty percent"},
		"money 5 usd":               {"$5", "$5.00", "5 dollars", "five dollars", "USD 5", "US$5"},
		"money 5000 usd":            {"$5k", "$5,000"},
		"money 20 eur":              {"€20", "20 €", "20 euros", "EUR 20", "20,00 €"},
		"money 50 cent":             {"50 cents", "fifty cents", "50¢"},
		"time 09:00":                {"9am", "9 a.m.", "9:00 a.m.", "9:00", "09:00", "9 o'clock"},
		"time 17:30":                {"5:30pm", "5:30 p.m.", "17:30", "17h30"},
		"time 12:00":                {"noon", "12pm", "12:00"},
		"time 00:00":                {"midnight", "12am"},
		"date monday":               {"Monday", "Mondays", "monday", "Mon"},
		"date thursday":             {"Thursday", "Thurs"},
		"date date 2026-03-05":      {"March 5, 2026", "5 March 2026", "2026-03-05", "March 5th, 2026", "5th of March 2026"},
		"date date -06":             {"June"},
		"duration 30 minute":        {"30 minutes", "30-minute", "thirty minutes", "30 min"},
		"duration 2 business day":   {"2 business days", "two business days"},
		"phone tel 5550102000":      {"555-010-2000", "(555) 010-2000", "+1 555 010 2000", "1-555-010-2000"},
		"phone tel 800FLOWERS":      {"1-800-FLOWERS", "800-FLOWERS"},
		"email desk@example.com":    {"desk@example.com", "Desk@Example.com"},
		"url https://example.com/A": {"https://example.com/A", "HTTPS://Example.com/A", "https://example.com/A/"},
		"quote we are open":         {`"We are open."`, "“We’re open.”", "«We are open»"},
		"variable variable name":    {"{{name}}", "{{ name }}"},
		"name look_up":              {"look_up", "Look_Up"},
	} {
		for _, text := range texts {
			if text == "9 o'clock" || strings.HasPrefix(text, "9:00") || text == "09:00" {
				text = "at " + text
			}
			assert.Equal(t, []string{value}, values("so "+text+" it is"), text)
		}
	}
}

func TestFactsAreFoundAndNothingElse(t *testing.T) {
	for text, want := range map[string][]string{
		"":                               nil,
		"1. Ask.\n2) Tell.\nStep 3: End": nil,
		"10. Ask.\n30. Tell.":            nil,
		"Ask if this one is the right one, one of them, no one.":           nil,
		"Once they agree, go on.":                                          nil,
		"Transfer to Kelly Watson or to Lee.":                              {"name kelly watson", "name lee"},
		"Kelly Watson is in. Ask for Watson.":                              {"name kelly watson", "name watson"},
		"Acme's desk. We are Acme.":                                        {"name acme", "name acme"},
		"# Take A Message\nAsk The Caller. NEVER GUESS ANYTHING. Use SMS.": {"name sms"},
		"The Caller calls. Greet the caller.":                              nil,
		"Say \"Hi, I'm Ann.\" to userId A4":                                {"quote hi i am ann", "name userid", "name a4"},
		"Say \"@\" as \"at\".":                                             {"quote say @", "quote at"},
		"{{action send_sms text=\"It is  5\"}} {{x | default: \"y\"}}":     {"action action send_sms text=It is 5", "variable variable x=y"},
		"| Day | From |\n|---|---|\n| Monday | 9am |":                      {"date monday", "time 09:00"},
		"two hundred and one thousand twenty":                              {"number 200", "number 1020"},
	} {
		assert.Equal(t, want, values(text), text)
	}
}

func TestFactsSayWhereTheyStand(t *testing.T) {
	text := "Ask\r\nfor two names and \"the day\"."
	for _, f := range optimize.Facts(text) {
		assert.Equal(t, f.Text, f.Span.In(job.Clean(text)))
	}
	assert.Len(t, optimize.Facts(text), 2)
}
