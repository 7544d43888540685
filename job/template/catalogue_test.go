package template

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// each runs a test over the catalogue, with the outline of each template.
func each(t *testing.T, test func(t *testing.T, s job.Spec, o job.Outline)) {
	for _, tmpl := range All() {
		t.Run(string(tmpl.Name), func(t *testing.T) { test(t, tmpl.Spec, job.ParseOutline(tmpl.Spec.Instructions)) })
	}
}

// Seed 28 is complete with lint; this is what can be said without it.
func TestTemplatesAreValidAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		require.NoError(t, s.Check())
		assert.Equal(t, s, s.Clean())
		assert.NotContains(t, all(s), opening)
		assert.NotContains(t, all(s), closing)
		assert.Empty(t, o.Variables)

		rest := s.Instructions
		for _, u := range slices.Backward(o.Actions) {
			assert.NoError(t, u.Problem())
			assert.True(t, slices.ContainsFunc(job.BuiltinActions(), func(b job.ActionSpec) bool { return b.Name == u.Name }), u.Name)
			rest = rest[:u.Span.Start] + rest[u.Span.End:]
		}
		assert.NotContains(t, rest, "{", "a brace that is no action")
		assert.NotContains(t, rest, "}", "a brace that is no action")

		n := job.Count(s.Instructions)
		assert.True(t, n >= 900 && n <= 2200, "%d characters", n)
		assert.NotEmpty(t, s.Description)
		assert.NotEmpty(t, s.CallerIntent)
		for _, f := range s.Results {
			assert.True(t, strings.HasSuffix(f.Ask, "?"), "%q asks nothing", f.Ask)
			assert.Equal(t, 1, strings.Count(f.Ask, "?"), "%q: one question", f.Ask)
		}
	})
}

func TestTheGoalComesFirst(t *testing.T) {
	goals := map[string]bool{}
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		assert.True(t, strings.HasPrefix(s.Instructions, "This job "))
		require.NotEmpty(t, o.Goal)
		opening, _, _ := strings.Cut(s.Instructions, "\n")
		assert.Contains(t, opening, strings.TrimSpace(o.Goal))
		assert.False(t, goals[o.Goal])
		goals[o.Goal] = true
	})
}

// step is an outermost numbered step with everything below it.
type step struct {
	own string // its own sentence
	all string // with its branches
}

func steps(s job.Spec, o job.Outline) []step {
	items := o.Steps()
	end := strings.Index(s.Instructions, "\n## If the caller goes off script")
	var all []step
	for i, it := range items {
		to := end
		if i+1 < len(items) {
			to = items[i+1].Span.Start
		}
		all = append(all, step{it.Span.In(s.Instructions), s.Instructions[it.Span.Start:to]})
	}
	return all
}

var (
	numbered  = regexp.MustCompile(`(?m)^\d+\. `)
	reference = regexp.MustCompile(`steps? (\d+)(?: and (\d+))?`)
	asks      = regexp.MustCompile(`(?i)\bask\b`)
)

func TestStepsCanBeWalked(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		all := steps(s, o)
		require.GreaterOrEqual(t, len(all), 4)
		require.Len(t, all, len(numbered.FindAllString(s.Instructions, -1)), "a step per number")
		for _, it := range o.Items {
			if it.Depth == 0 && !it.Ordered && it.Kind != job.ItemHeading {
				assert.Equal(t, job.ItemOffScript, it.Kind, "steps are numbered, rules are not: %s", it.Span.In(s.Instructions))
			}
		}
		assert.Equal(t, job.ItemEnd, o.Steps()[len(all)-1].Kind)
		for i, it := range o.Steps() {
			assert.Equal(t, strconv.Itoa(i+1), strings.TrimSuffix(it.Number, "."))
			assert.LessOrEqual(t, len(asks.FindAllString(all[i].own, -1)), 1, "one question a step: %s", all[i].own)
			assert.LessOrEqual(t, strings.Count(all[i].all, "{{action "), 1, "one action a step: %s", all[i].all)
		}
		for _, m := range reference.FindAllStringSubmatch(s.Instructions, -1) {
			for _, n := range m[1:] {
				if n != "" {
					to, err := strconv.Atoi(n)
					require.NoError(t, err)
					assert.LessOrEqual(t, to, len(all), "%s leads nowhere", m[0])
				}
			}
		}
	})
}

func TestEveryResultIsAskedForAndEveryQuestionIsAResult(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		asked := map[string]int{}
		for _, st := range steps(s, o) {
			if !asks.MatchString(st.own) {
				continue
			}
			var about []string
			for _, f := range s.Results {
				if holdsWords(st.own, f.Name) {
					about = append(about, f.Name)
					asked[f.Name]++
				}
			}
			assert.Len(t, about, 1, "one result for: %s", st.own)
		}
		for _, f := range s.Results {
			assert.Equal(t, 1, asked[f.Name], "%q is asked for in one step", f.Name)
		}
	})
}

// holdsWords reports whether every word of the field's name stands in the step.
func holdsWords(step, field string) bool {
	in := words(step)
	for _, w := range words(field) {
		if !slices.Contains(in, w) {
			return false
		}
	}
	return true
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' })
}

func TestNothingStandsAfterTheEnd(t *testing.T) {
	terminal := map[job.ActionName]bool{}
	for _, b := range job.BuiltinActions() {
		terminal[b.Name] = b.Terminal
	}
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		all, items := steps(s, o), o.Steps()
		ended := false
		for i, st := range all {
			assert.False(t, ended, "never reached: %s", st.own)
			for _, u := range o.Actions {
				if u.Span.Start < items[i].Span.Start || u.Span.End > items[i].Span.End {
					continue
				}
				assert.Equal(t, u.Span.End, items[i].Span.End, "an action ends its step")
				ended = ended || terminal[u.Name] && !strings.HasPrefix(st.own, "If ")
			}
		}
		assert.True(t, ended, "the last step ends the call")
	})
}

func TestATransferIsAskedForFirst(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		all := steps(s, o)
		for i, st := range all {
			if strings.Contains(st.all, "transfer_call") {
				require.Positive(t, i)
				assert.Contains(t, all[i-1].own, "Ask whether the caller agrees to a transfer")
				assert.True(t, strings.HasPrefix(st.own, "If the caller agreed, "))
				assert.Contains(t, st.all, "fails", "what if it cannot start")
			}
			if strings.Contains(st.all, "send_sms") {
				assert.Contains(t, all[i-1].own, "Tell the caller that you will text")
				assert.Contains(t, st.all, "fails")
				assert.Contains(t, all[i+1].own, "Ask whether the text arrived")
			}
		}
		assert.NotRegexp(t, `(?i)(nobody|no one) (answers|picks up)`, s.Instructions)
	})
}

func TestOffScriptRules(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		assert.NotEmpty(t, o.OffScript)
		_, section, ok := strings.Cut(s.Instructions, "\n## If the caller goes off script\n\n")
		require.True(t, ok)
		for rule, pattern := range map[string]string{
			"declined, bounded": `(declines|refuses|will not answer|unanswered|to themselves|does not say).*(once more|a second time|one more time)\..*(skip|without|leave|open|missing)`,
			"change of subject": `(subject|something|second matter|another product|a question that Knowledge answers)`,
			"in a hurry":        `(hurry|time|quick|leave at once|must go|cannot stay|every minute)`,
			"AI":                `asks whether.*(AI|machine|robot|person)`,
		} {
			assert.Regexp(t, `(?m)^- If the caller .*`+pattern, section, rule)
		}
		for bullet := range strings.Lines(section) {
			assert.True(t, strings.HasPrefix(bullet, "- If "), bullet)
		}
	})
}

// vague words, hedges, open lists, order words: what the linter will look for.
var vague = regexp.MustCompile(`(?i)\b(a few|few|some|several|many|various|any|etc|such as|for example|e\.g|and so on|try to|should|might|may|maybe|perhaps|possibly|` +
	`possible|usually|normally|appropriate|necessary|needed|relevant|proper|properly|soon|shortly|quickly|later|then|first of all|afterwards|finally|today|tomorrow|currently|` +
	`click|above|below|please|TODO|TBD|XXX)\b`)

func TestWordingIsPlain(t *testing.T) {
	each(t, func(t *testing.T, s job.Spec, o job.Outline) {
		assert.Empty(t, vague.FindAllString(s.CallerIntent+"\n"+s.Instructions, -1))
		spoken := s.Instructions
		for _, u := range slices.Backward(o.Actions) {
			spoken = spoken[:u.Span.Start] + spoken[u.Span.End:]
		}
		assert.NotRegexp(t, `https?:|[/"“”*_]|\b(inbox|member):`, spoken, "nothing unspeakable")
		for _, sentence := range regexp.MustCompile(`[.\n]`).Split(spoken, -1) {
			assert.LessOrEqual(t, len(strings.Fields(sentence)), 26, sentence)
		}
	})
}

// Attached together, ten jobs must not repeat each other nor speak of each other.
func TestTemplatesShareNoSentence(t *testing.T) {
	in := map[string]Name{}
	for _, tmpl := range All() {
		for l := range strings.Lines(tmpl.Spec.Instructions) {
			l = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(l), "0123456789.-"))
			if l == "" || strings.HasPrefix(l, "#") {
				continue
			}
			assert.Empty(t, in[l], "%s: %s", tmpl.Name, l)
			in[l] = tmpl.Name
		}
		for _, other := range All() {
			if other.Name != tmpl.Name {
				assert.NotContains(t, strings.ToLower(tmpl.Spec.Instructions), strings.ToLower(other.Spec.Name), tmpl.Name)
			}
		}
	}
}
