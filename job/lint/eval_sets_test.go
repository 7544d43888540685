package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

// instruction is a real text that could be the instructions of a job.
type instruction struct{ ID, Repo, Path, Anchor, Text string }

// spec gives the text the name that its authors gave to it, else its first words.
func (r instruction) spec() job.Spec {
	name := strings.TrimSuffix(r.Anchor, "/state_prompt")
	name = strings.TrimSpace(name[strings.LastIndexByte(name, '/')+1:])
	if len(name) < 6 {
		words := strings.Fields(strings.Map(func(c rune) rune {
			if strings.ContainsRune("#*_[]", c) {
				return ' '
			}
			return c
		}, r.Text))
		name = strings.Join(words[:min(6, len(words))], " ")
	}
	name = job.CleanLine(name)
	return job.Spec{Name: name[:min(len(name), job.MaxName)], Instructions: r.Text}
}

// realSet is a step made of real texts that lie together: ten jobs of one repository or of one retailer, with
// real pages.
type realSet struct {
	name string
	own  bool // the jobs have names that their authors gave to them
	jobs []job.Job
	ctx  Context
}

// named are the sets whose jobs have names; elsewhere the first words of a text stand for one.
var named = []string{"abcd", "pages", "eva", "asappresearch/abcd", "sierra-research/tau2-bench", "signalwire/signalwire-agents"}

// byName are the rules that look at names: they are judged on named sets only.
var byName = []RuleID{"jobs-overlap", "no-catch-all", "overview-indistinct"}

// stepGreeting is our own: the texts have none.
const stepGreeting = "Thank you for calling. How can I help you today?"

func realSets(t testing.TB) (sets []realSet) {
	t.Helper()
	var pages []Page
	for _, p := range corpus.Lines[struct{ ID, Topic, Text string }](t, "livekit/corpus/knowledge.jsonl") {
		pages = append(pages, Page{ID: p.ID, Title: strings.ReplaceAll(p.Topic, "_", " "), Text: p.Text})
	}
	add := func(name string, specs []job.Spec, pages []Page) {
		for n := 0; len(specs) > 1; n++ {
			s := realSet{name: fmt.Sprintf("%s/%d", name, n), own: slices.Contains(named, name), ctx: Context{Greeting: stepGreeting}}
			ten := specs[:min(10, len(specs))]
			specs = specs[len(ten):]
			for i, one := range ten {
				j, err := job.Restore(job.ID(fmt.Sprintf("job-%d", i)), job.Stamp{Revision: 1}, one)
				if err == nil { // some are longer than a job may be
					s.jobs = append(s.jobs, j)
				}
			}
			if len(pages) > 0 {
				from := n * 5 % len(pages)
				s.ctx.Pages = slices.Concat(pages[from:], pages[:from])[:min(10, len(pages))]
			}
			sets = append(sets, s)
		}
	}
	var retail []job.Spec
	for _, r := range corpus.Lines[struct{ Name, Description, Instructions string }](t, "abcd/dev/job_guidelines.jsonl") {
		retail = append(retail, job.Spec{Name: r.Name, Description: r.Description, Instructions: r.Instructions})
	}
	add("abcd", retail, pages)
	add("pages", retail[:2], pages)
	together := map[string][]job.Spec{}
	var names []string
	for _, r := range corpus.Lines[instruction](t, "instructions/dev.jsonl") {
		if together[r.Repo] == nil {
			names = append(names, r.Repo)
		}
		together[r.Repo] = append(together[r.Repo], r.spec())
	}
	for _, name := range names {
		add(name, together[name], nil)
	}
	var sections []job.Spec
	for _, d := range corpus.Lines[struct{ Name, Description, Text string }](t, "eva/dev/job_documents.jsonl") {
		sections = append(sections, job.Spec{Name: d.Name, Description: d.Description, Instructions: d.Text})
	}
	add("eva", sections, pages)
	return sets
}
