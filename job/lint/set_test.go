package lint

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestHoursAreReadAsTheyAreWritten(t *testing.T) {
	const mon, sat, sun = 1 << 0, 1 << 5, 1 << 6
	for text, want := range map[string][]hours{
		"We are open Monday to Friday from 9 am to 5:30 p.m.":         {{workdays, 9 * 60, 17*60 + 30}},
		"Mon–Fri: 9:00–17:00":                                         {{workdays, 9 * 60, 17 * 60}},
		"Mon-Fri 9am-5pm, Sat 10-2, closed on Sundays.":               {{workdays, 9 * 60, 17 * 60}, {sat, 10 * 60, 14 * 60}, {sun, 0, 0}},
		"Open daily from noon to midnight.":                           {{workdays | weekend, 12 * 60, 24 * 60}},
		"We are closed on weekends.":                                  {{weekend, 0, 0}},
		"Sundays: closed":                                             {{sun, 0, 0}},
		"Hours are 9-5.":                                              {{workdays, 9 * 60, 17 * 60}},
		"Monday and Saturday: 8 to 4":                                 {{mon | sat, 8 * 60, 16 * 60}},
		"Monday from 9 am to noon and from 1 pm to 5 pm":              {{mon, 9 * 60, 12 * 60}, {mon, 13 * 60, 17 * 60}},
		"The office opens at 9 am.":                                   nil,
		"Ask at most 3 of the 5 questions.":                           nil,
		"Saturday through Monday 10:00 to 14:00":                      {{sat | sun | mon, 10 * 60, 14 * 60}},
		"| Tuesday | 10:00 - 18:00 |":                                 {{1 << 1, 10 * 60, 18 * 60}},
		"Call 555-010-2000 on Monday, room 4 to 6 is on floor 99-100": {{mon, 4 * 60, 6 * 60}},
	} {
		src := source{t: readPlain(text)}
		r := claimReader{}
		claims := r.read(nil, 0, &src)
		require.Len(t, claims, 1, text)
		got := hoursOf(src.t, &claims[0])
		assert.Equal(t, want, got, text)
	}
}

func TestTermsOfOneWordMeet(t *testing.T) {
	for _, words := range [][]string{{"price", "prices", "pricing"}, {"reply", "replies", "replied"}, {"book", "books", "booked", "booking", "bookings"}, {"cancel", "cancels"}} {
		for _, w := range words[1:] {
			assert.Equal(t, termOf(words[0]), termOf(w), "%s, %s", words[0], w)
		}
	}
	assert.NotEqual(t, termOf("order"), termOf("border"))
}

func TestAmountsThatAreEqualMeet(t *testing.T) {
	for _, same := range [][]string{{"$30", "$30.00", "30 dollars", "USD 30"}, {"$1,200", "$1200"}, {"€9.50", "9.50 euros"}} {
		for _, s := range same[1:] {
			assert.Equal(t, amount(same[0]), amount(s), s)
		}
	}
	assert.NotEqual(t, amount("$30"), amount("€30"))
}

func TestSetsOfNothing(t *testing.T) {
	assert.Empty(t, Set(nil, Context{}))
	assert.Empty(t, Set([]job.Job{{}}, Context{}))
	assert.Empty(t, Set(nil, Context{Greeting: "Hello.", Guardrails: []string{"", "Never."}, Pages: []Page{{}}, MaxTokens: 1_000}))
}

// However jobs are ordered, the same rules find something; and every place that is named exists.
func TestSetFindingsNamePlacesThatExist(t *testing.T) {
	for _, r := range catalogue {
		if r.set == nil {
			continue
		}
		for i, e := range r.Bad {
			if len(e.Jobs) < 2 {
				continue
			}
			var jobs []job.Job
			for _, s := range e.Jobs {
				j, err := job.New(s)
				require.NoError(t, err)
				jobs = append(jobs, j)
			}
			found := Set(jobs, e.Context)
			for _, entry := range NewReport(Sources(jobs...), e.Context, found).Entries {
				name := fmt.Sprintf("%s, bad example %d: %s", r.ID, i+1, entry.Message)
				assert.Equal(t, entry.Span != noSpan, entry.Where.Line > 0, name)
				for k, w := range entry.Others {
					assert.Equal(t, entry.Also[k].Span != noSpan, w.Line > 0, name)
					assert.NotEqual(t, "-", w.String(), name)
				}
			}
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, r := range catalogue {
		for _, e := range slices.Concat(r.Bad, r.Good) {
			if len(e.Jobs) > 1 && r.set != nil {
				page := ""
				if len(e.Context.Pages) > 0 {
					page = e.Context.Pages[0].Text
				}
				f.Add(e.Jobs[0].Name, e.Jobs[0].Instructions, e.Jobs[1].Instructions, page, "Never quote prices or times.")
			}
		}
	}
	f.Add("x", "Mon-Fri 9-5 \n| a | $3 |", "\"9 am\u200d – 5\" 1 Ä Street", "# h\n| 1", "or or or")
	f.Fuzz(func(t *testing.T, name, one, two, page, rule string) {
		c := Context{Greeting: rule, Guardrails: []string{rule, page}, Pages: []Page{{"p", name, page}, {"q", two, one}}, MaxTokens: len(one)}
		var jobs []job.Job
		for i, s := range []string{one, two, one + "\n" + two} {
			if j, err := job.New(job.Spec{Name: name + fmt.Sprint(i), Instructions: s}); err == nil {
				jobs = append(jobs, j)
			}
		}
		found := Set(jobs, c)
		require.Equal(t, found, Set(jobs, c), "the same texts, the same findings")
		NewReport(Sources(jobs...), c, found).Text()
		for i, f := range found {
			if i > 20 {
				break
			}
			hidden := c
			hidden.Ignore = []string{f.Ignore}
			for _, g := range Set(jobs, hidden) {
				require.NotEqual(t, f.Ignore, g.Ignore)
			}
		}
	})
}
