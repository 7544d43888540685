package prompt_test

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// The cache that a provider keeps of prompts, simulated: calls come at random (Poisson), authors edit,
// a call has 4 to 12 turns. What counts is the first request of a call, for which the caller waits longest.
// The ideal cache holds every prefix of every request, to 16 tokens, as long as the provider would and from
// the 1,024 tokens on below which none holds anything.
//
// The rules are the providers' own, as published in 2026: OpenAI before GPT-5.6 holds the longest prefix
// in steps of 128 tokens, from 1,024 on; from GPT-5.6 on a request hits where an earlier one had set a
// breakpoint behind the same text; Anthropic the same, each use keeping it for five minutes more. All three are
// simulated with five minutes since the last use, the least that is published. Tokens are four bytes.

const (
	tokenBytes = 4
	keptFor    = 5 * time.Minute
)

// request is the text of one, in the order in which a provider takes it in, and where its breakpoints stand.
type request struct {
	text   string
	breaks []int
}

// layouts are ours and the mistakes that others make.
var layouts = []struct {
	name string
	of   func(p prompt.Prompt, dice *rand.Rand) request
}{
	{"ours", func(p prompt.Prompt, _ *rand.Rand) request {
		tools := toolsOf(p.Tools)
		return request{tools + p.System(), []int{len(tools), len(tools) + len(p.Stable)}}
	}},
	{"clock on top", func(p prompt.Prompt, _ *rand.Rand) request {
		_, number, _ := strings.Cut(p.Context, "Caller's number: \"+1555") // no two calls begin in the same second
		tools := toolsOf(p.Tools)
		text := tools + "Now: 2026-03-02T12:00:00." + number[:7] + "\n" + p.System()
		return request{text, []int{len(tools), len(text) - len(p.Context) - 1}}
	}},
	{"jobs and tools in map order", func(p prompt.Prompt, dice *rand.Rand) request {
		tools := slices.Clone(p.Tools)
		dice.Shuffle(len(tools), func(i, k int) { tools[i], tools[k] = tools[k], tools[i] })
		head, bodies, _ := strings.Cut(p.Stable, "\n# 7. Jobs\n")
		bodies, tail, _ := strings.Cut(bodies, "\n# 8.")
		jobs := strings.SplitAfter(bodies, ">>\n<<")
		dice.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
		text := toolsOf(tools) + head + "\n# 7. Jobs\n" + strings.Join(jobs, "") + "\n# 8." + tail
		return request{text + "\n" + p.Context, []int{len(toolsOf(tools)), len(text)}}
	}},
	{"caller before the jobs", func(p prompt.Prompt, _ *rand.Rand) request {
		tools := toolsOf(p.Tools)
		text := tools + strings.Replace(p.Stable, "\n# 6.", "\n"+p.Context+"\n# 6.", 1)
		return request{text, []int{len(tools), len(text)}}
	}},
}

func toolsOf(tools []prompt.Tool) string {
	var b strings.Builder
	for _, t := range tools {
		fmt.Fprintf(&b, "%s %s %s\n", t.Name, t.Description, t.Parameters)
	}
	return b.String()
}

// provider is a cache: which prefixes it holds, and when each was used last.
type provider struct {
	name  string
	least int                   // tokens below which nothing is held
	ends  func(r request) []int // of the prefixes that a request asks for and leaves, rising, in bytes
	used  map[uint64]time.Duration
}

var seedOfPrefixes = maphash.MakeSeed()

// ask returns how many bytes of a request were there, and leaves its prefixes.
func (c *provider) ask(r request, at time.Duration) (cached int) {
	var h maphash.Hash
	h.SetSeed(seedOfPrefixes)
	done := 0
	for _, end := range c.ends(r) {
		h.WriteString(r.text[done:end])
		done = end
		if end < c.least*tokenBytes {
			continue
		}
		if last, held := c.used[h.Sum64()]; held && at-last <= keptFor {
			cached = end
		}
		c.used[h.Sum64()] = at
	}
	return cached
}

func steps(tokens int) func(request) []int {
	return func(r request) (ends []int) {
		for end := tokens * tokenBytes; end <= len(r.text); end += tokens * tokenBytes {
			ends = append(ends, end)
		}
		return ends
	}
}

func breakpoints(r request) []int { return r.breaks }

func providers() []*provider {
	all := []*provider{
		{name: "OpenAI before 5.6", least: 1024, ends: steps(128)},
		{name: "OpenAI 5.6, breakpoints", least: 1024, ends: breakpoints},
		{name: "Anthropic, 5 minutes", least: 1024, ends: breakpoints},
	}
	for _, p := range all {
		p.used = map[uint64]time.Duration{}
	}
	return all
}

// theIdeal holds every prefix, nearly to the token.
func theIdeal() *provider {
	return &provider{least: 1024, ends: steps(16), used: map[uint64]time.Duration{}}
}

// moment is something that happens in the simulated day.
type moment struct {
	at   time.Duration
	step int
	edit bool
	call int
	turn int // of the call; 0 is its first request
}

// day throws the dice for the calls and edits of twelve hours, for so many steps.
func day(dice *rand.Rand, steps int, callsPerHour, edits float64) []moment {
	var all []moment
	calls := 0
	for step := range steps {
		for at := wait(dice, callsPerHour); at < 12*time.Hour; at += wait(dice, callsPerHour) {
			turn := at
			calls++
			for n := range 4 + dice.IntN(9) {
				all = append(all, moment{at: turn, step: step, call: calls, turn: n})
				turn += time.Duration(4+dice.IntN(12)) * time.Second
			}
		}
		for at := wait(dice, edits/12); at < 12*time.Hour; at += wait(dice, edits/12) {
			all = append(all, moment{at: at, step: step, edit: true})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return all
}

// wait is the time until the next of so many an hour.
func wait(dice *rand.Rand, perHour float64) time.Duration {
	return time.Duration(dice.ExpFloat64() / perHour * float64(time.Hour))
}

// desks are steps with six jobs each, of which the dice edit one.
func desks(n int) []scene {
	all := make([]scene, n)
	for i := range all {
		s := salon()
		s.step.Greeting = fmt.Sprintf("Hello, this is desk %d. How can I help?", i)
		s.options.Parts = nil
		for k := range 4 {
			s.jobs = append(s.jobs, job.Spec{Name: fmt.Sprintf("Job %d", k), CallerIntent: "The caller wants it.",
				Instructions: strings.Repeat(fmt.Sprintf("1. Ask for thing %d of desk %d.\n2. Read it back, and wait for a yes.\n", k, i), 12)})
		}
		all[i] = s
	}
	return all
}

// share simulates the moments with one layout and returns, for each cache, which share of the first requests
// it held.
func share(t testing.TB, of func(prompt.Prompt, *rand.Rand) request, caches []*provider, moments []moment, n int) []float64 {
	t.Helper()
	dice := rand.New(rand.NewPCG(2, 2))
	scenes := desks(n)
	cached, whole := make([]float64, len(caches)), 0.0
	built := make([]prompt.Prompt, n)
	for i := range scenes {
		built[i] = scenes[i].build(t)
	}
	for _, m := range moments {
		if m.edit {
			s := &scenes[m.step]
			s.jobs = slices.Clone(s.jobs)
			s.jobs[dice.IntN(len(s.jobs))].Instructions += fmt.Sprintf("\nNote of %s.", m.at)
			built[m.step] = s.build(t)
			continue
		}
		c := ordinaryCall()
		c.Caller = call.Caller{Number: call.Address(fmt.Sprintf("+1555%07d", m.call)), Name: fmt.Sprintf("Caller %d", m.call)}
		r := of(built[m.step].For(c), dice)
		if m.turn == 0 {
			whole += float64(len(r.text))
		}
		for i, cache := range caches {
			if got := cache.ask(r, m.at); m.turn == 0 {
				cached[i] += float64(got)
			}
		}
	}
	for i := range cached {
		cached[i] /= whole
	}
	return cached
}

func TestProvidersHoldNearlyAllThatTheyCould(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates days of calls")
	}
	var cells, out strings.Builder
	fmt.Fprintln(&cells, "layout\tcalls an hour and step\tideal\tOpenAI before 5.6\tOpenAI 5.6, breakpoints\tAnthropic, 5 minutes")
	const steps = 4
	for _, load := range []float64{6, 20, 60} {
		moments := day(rand.New(rand.NewPCG(1, uint64(load))), steps, load, 4)
		ideal := share(t, layouts[0].of, []*provider{theIdeal()}, moments, steps)[0]
		for _, l := range layouts {
			fmt.Fprintf(&cells, "%s\t%g\t%.3f", l.name, load, ideal)
			for i, got := range share(t, l.of, providers(), moments, steps) {
				fmt.Fprintf(&cells, "\t%.3f", got)
				if l.name == "ours" {
					require.GreaterOrEqual(t, got, .9*ideal, providers()[i].name)
				} else {
					require.Less(t, got, .5*ideal, "%s, %s: the mistake would cost nothing", l.name, providers()[i].name)
				}
			}
			fmt.Fprintln(&cells)
		}
	}
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, err := w.Write([]byte(cells.String()))
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	t.Logf("cached share of the first request of a call:\n%s", out.String())
}
