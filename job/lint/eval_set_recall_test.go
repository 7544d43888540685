package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// stepUnder is a step that defects are planted into.
type stepUnder struct {
	specs []job.Spec
	ctx   Context
}

func (s *stepUnder) say(i int, sentence string) {
	i = (i + len(s.specs)) % len(s.specs)
	s.specs[i].Instructions = strings.TrimRight(s.specs[i].Instructions, "\n ") + "\n\n" + sentence
}

func (s *stepUnder) page(title, text string) {
	s.ctx.Pages = append(slices.Clone(s.ctx.Pages), Page{ID: "planted", Title: title, Text: text})
}

func (s *stepUnder) lint(t *testing.T) []Finding {
	t.Helper()
	var jobs []job.Job
	for i, one := range s.specs {
		j, err := job.Restore(job.ID(fmt.Sprintf("job-%d", i)), job.Stamp{Revision: 1}, one)
		if err != nil {
			return nil // too long with what was planted
		}
		jobs = append(jobs, j)
	}
	return slices.DeleteFunc(Set(jobs, s.ctx), func(f Finding) bool { r, _ := byID(f.Rule); return !r.Set })
}

// setDefects are the classes that are planted into the jobs and pages of a step.
var setDefects = []struct {
	name   string
	expect RuleID
	allow  []RuleID
	plant  func(s *stepUnder, n int) bool
}{
	{"other hours in a job and on a page", "hours-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, []string{"We are open Monday to Friday from 9 am to 5 pm.", "Say that we are open on Saturdays from 10 to 2.", "If asked: \"Our office is closed on Sundays.\""}[n%3])
		s.page([]string{"Hours", "About us", "Opening hours"}[n%3], []string{"Mon-Fri: 9:00 - 18:00", "Open Saturday 9 AM - 2 PM.", "We are open daily from 8 am to 8 pm."}[n%3])
		return true
	}},
	{"other hours in two jobs", "hours-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, "We are open weekdays from 8:30 am to 5 pm.")
		s.say(n+1, []string{"Opening hours: Monday to Friday 8:30 am to 6 pm.", "We're open Mon-Fri 8am-5pm."}[n%2])
		return true
	}},
	{"another price", "price-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, []string{"A gift card costs $25.", "Say that delivery to the island is 12 dollars."}[n%2])
		s.page("Prices", []string{"| Gift card | $30 |\n| Ribbon | $2 |", "Delivery to the island: $15"}[n%2])
		return true
	}},
	{"another phone number", "contact-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, []string{"Our phone number is 555-010-2000.", "The roofing department: 555-010-2000."}[n%2])
		s.page("Contact", []string{"You can reach us at (555) 010-2999.", "Roofing department: +1 555 010 2999"}[n%2])
		return true
	}},
	{"another e-mail address", "contact-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, "Our e-mail address is desk@example.com.")
		s.say(n+1, "Tell them to write to us at office@example.com.")
		return true
	}},
	{"another address", "address-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, []string{"We are located at 12 Main Street.", "Our office is at 5 Old Mill Road."}[n%2])
		s.page("About us", []string{"Our address is 21 Main Street.", "Find us at 7 Park Avenue."}[n%2])
		return true
	}},
	{"another number in the same rule", "number-conflict", nil, func(s *stepUnder, n int) bool {
		s.say(n, "A tent can be returned free of charge up to 24 hours before the trip.")
		s.say(n+1, "A tent can be returned free of charge up to "+[]string{"48", "two"}[n%2]+" hours before the trip.")
		return true
	}},
	{"jobs and pages that contradict each other", "jobs-contradict", nil, func(s *stepUnder, n int) bool {
		s.say(n, []string{"We accept walk-in guests.", "Always offer the boat shed.", "Dogs are allowed in the tents."}[n%3])
		if n%3 == 1 {
			s.say(n+1, "Never offer the boat shed.")
			return true
		}
		s.page("Policies", []string{"We do not accept walk-in guests.", "", "Dogs are not allowed in tents."}[n%3])
		return true
	}},
	{"a job against a rule for all jobs", "guardrail-contradicted", nil, func(s *stepUnder, n int) bool {
		s.ctx.Guardrails = []string{[]string{"Never quote parcel prices.", "Do not promise a tent or a boat.", "Always confirm the tent number."}[n%3]}
		s.say(n, []string{"Quote the parcel prices.", "Then promise a boat.", "Do not confirm the tent number."}[n%3])
		return true
	}},
	{"a job that greets again", "greeting-twice", []RuleID{"jobs-overlap"}, func(s *stepUnder, n int) bool {
		s.ctx.Greeting = stepGreeting
		i := n % len(s.specs)
		for _, w := range []string{"greet", "welcome", "introduce yourself", "hello"} {
			if strings.Contains(strings.ToLower(s.specs[i].Instructions), w) {
				return false
			}
		}
		s.specs[i].Instructions = []string{"Greet the caller warmly.\n", "Say hello and introduce yourself.\n", "Say: \"Thank you for calling the shop.\"\n"}[n%3] + s.specs[i].Instructions
		return len(job.ParseOutline(s.specs[i].Instructions).Sentences) > 3
	}},
	{"a job that closes again", "closing-twice", nil, func(s *stepUnder, n int) bool {
		s.ctx.Guardrails = []string{"End every call with \"Thank you for calling, goodbye.\""}
		s.say(n, []string{"Wish them a nice day and say goodbye.", "Say: \"Have a great day!\""}[n%2])
		return true
	}},
	{"a copy of a job", "job-duplicate", []RuleID{"jobs-overlap", "overview-indistinct", "shared-steps"}, func(s *stepUnder, n int) bool {
		i := n % len(s.specs)
		copied := s.specs[i]
		copied.Name, copied.CallerIntent = "Boat rental", "The caller wants to rent a boat."
		copied.Instructions += "\nSay that the boat is blue."
		s.specs = append(s.specs, copied)
		return len(strings.Fields(s.specs[i].Instructions)) > 40
	}},
	{"the steps of a job in another one", "shared-steps", []RuleID{"job-duplicate", "jobs-overlap"}, func(s *stepUnder, n int) bool {
		i, k := n%len(s.specs), (n+1)%len(s.specs)
		var taken []string
		for _, sp := range job.ParseOutline(s.specs[i].Instructions).Sentences {
			if words := sp.In(s.specs[i].Instructions); len(strings.Fields(words)) >= 5 && len(taken) < 6 && !strings.ContainsAny(words, "\n|{") {
				taken = append(taken, "- "+words)
			}
		}
		s.specs[k].Instructions += "\n\n" + strings.Join(taken, "\n")
		return len(taken) == 6
	}},
	{"two jobs for one wish", "jobs-overlap", []RuleID{"no-catch-all"}, func(s *stepUnder, n int) bool {
		s.specs[0].Name, s.specs[0].CallerIntent = "Rent a boat", "The caller wants to rent a boat for a day."
		s.specs[1].Name, s.specs[1].CallerIntent = "Water sports", []string{"Callers who want to rent a boat.", "The caller asks about a boat to rent for the day."}[n%2]
		return true
	}},
	{"lines of the overview that say the same", "overview-indistinct", []RuleID{"no-catch-all", "jobs-overlap"}, func(s *stepUnder, n int) bool {
		s.specs[0].Name, s.specs[0].CallerIntent = "Boat rental", "The caller wants a boat."
		s.specs[1].Name, s.specs[1].CallerIntent = []string{"Boat rental 2", "Boat rental (copy)"}[n%2], "The caller wants a boat."
		return true
	}},
	{"more text than may be", "over-budget", nil, func(s *stepUnder, _ int) bool {
		s.ctx.MaxTokens = 100
		return true
	}},
}

// TestEvalSetRecall is TestEvalRecall for the rules that look at the jobs of a step side by side.
func TestEvalSetRecall(t *testing.T) {
	sets := realSets(t)
	t.Logf("%-44s %7s %7s %6s  %s", "class", "planted", "caught", "stray", "stray rules")
	for _, d := range setDefects {
		planted, caught, strays, stray := 0, 0, 0, map[RuleID]int{}
		for n, one := range sets {
			if len(one.jobs) < 2 || !testing.Verbose() && n%3 > 0 {
				continue
			}
			base := stepUnder{ctx: one.ctx}
			for _, j := range one.jobs {
				base.specs = append(base.specs, j.Spec())
			}
			under := stepUnder{slices.Clone(base.specs), base.ctx}
			if !d.plant(&under, n) {
				continue
			}
			before, after := base.lint(t), under.lint(t)
			if after == nil {
				continue
			}
			if placesOf(before, d.expect) > 0 && d.expect == "shared-steps" {
				continue // it may be the same jobs
			}
			planted++
			if hasNewKey(before, after, d.expect) {
				caught++
			}
			had := ignoreKeys(before)
			for _, f := range after {
				if !had[f.Ignore] && placesOf(after, f.Rule) > placesOf(before, f.Rule) && f.Rule != d.expect && !slices.Contains(d.allow, f.Rule) {
					stray[f.Rule]++
					strays++
					break
				}
			}
		}
		t.Logf("%-44s %7d %6.1f%% %5.1f%%  %v", d.name, planted, percent(caught, planted), percent(strays, planted), stray)
		require.True(t, planted > 0 || !testing.Verbose(), d.name)
		least, most := leastCaught, mostStray
		if !testing.Verbose() { // with -v all of them
			least, most = 80, 15
		}
		assert.GreaterOrEqual(t, caught*100, planted*least, "%s: caught %d of %d", d.name, caught, planted)
		assert.LessOrEqual(t, strays*100, planted*most, "%s: stray in %d of %d: %v", d.name, strays, planted, stray)
	}
}
