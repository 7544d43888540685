package lint

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// overview is the line by which Sona chooses a job: its name and when it applies, which is its intent, else its
// goal, else its description.
type overview struct {
	words []string // telling words, in order, each once
	terms []term   // of words, the like-minded made one, rising
	acts  []term   // of terms, what the caller wants done: book, cancel
	name  []term   // those of the name
	when  []term   // those of the intent
	field string   // where it says most
}

func (s *set) overviews() []overview {
	all := make([]overview, len(s.texts))
	for i, t := range s.texts {
		all[i] = overviewOf(t)
	}
	return all
}

func overviewOf(t *text) overview {
	o := overview{field: "name"}
	o.add(t.spec.Name)
	o.name = slices.Clone(o.terms)
	switch {
	case t.spec.CallerIntent != "":
		o.field = "callerIntent"
		var intent overview
		intent.add(t.spec.CallerIntent)
		o.when = intent.terms
		o.add(t.spec.CallerIntent)
	case t.out.Goal != "":
		o.add(t.out.Goal)
	case len(o.name) < 2: // what several jobs belong to is often said in descriptions
		o.add(t.spec.Description)
	}
	return o
}

// add takes the telling words of a part.
func (o *overview) add(part string) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(part), func(r rune) bool { return !isWordRune(r) }) {
		if classOf(w)&(wordPlain|wordNot|wordEver|wordIf|wordIs) != 0 || idleWords[w] || figures(w) != "" {
			continue
		}
		h := termOf(w)
		if same, ok := likeMinded[h]; ok {
			h = same
			if !slices.Contains(o.acts, h) {
				o.acts = append(o.acts, h)
			}
		}
		if !slices.Contains(o.terms, h) {
			o.terms, o.words = append(o.terms, h), append(o.words, w)
		}
	}
}

// idleWords stand in overviews of all kinds.
var idleWords = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(`manage want wants wanted need needs like likes ask asks asking call calls calling called help helps handle handles job jobs
		request requests people person who someone customer customers client clients patient patients guest guests or up out want's
		phone something where question questions when whenever due new general test untitled copy version old draft v quiere clientes desea veut souhaite client`) {
		words[w] = true
	}
	return words
}()

// likeMinded leads words for the same wish to one of them.
var likeMinded = func() map[term]term {
	same := map[term]term{}
	for line := range strings.Lines(`book schedule reserve arrange reservation
		cancel
		change reschedule move modify update edit alter
		return refund
		status track tracking whereabouts
		buy purchase
		complain complaint unhappy upset
		message voicemail callback
		transfer escalate human representative operator
		price cost rate quote pricing
		pay payment bill billing invoice
		troubleshoot fix repair broken
		recover reset restore
		add create
		remove delete
		upgrade
		open opening
		close closing
		downgrade
		confirm verify check`) {
		words := strings.Fields(line)
		for _, w := range words {
			same[termOf(w)] = termOf(words[0])
		}
	}
	return same
}()

// apart reports whether each of two overviews wants something done that the other does not.
func apart(a, b []term) bool { return lacks(a, b) && lacks(b, a) }

// lacks reports whether one of all is not in of.
func lacks(of, all []term) bool {
	return slices.ContainsFunc(all, func(w term) bool { return !slices.Contains(of, w) })
}

// widespread returns the words that more than every third job of a step has: they tell nothing apart.
func widespread(all []overview) map[term]bool {
	in := map[term]int{}
	for i := range all {
		for _, w := range all[i].terms {
			in[w]++
		}
	}
	wide := map[term]bool{}
	for w, n := range in {
		if n > max(2, len(all)/3) {
			wide[w] = true
		}
	}
	return wide
}

// mentions reports whether a job's name, intent, goal or description has one of the words.
func mentions(t *text, words []string) bool {
	s := strings.ToLower(t.spec.Name + " " + t.spec.CallerIntent + " " + t.out.Goal + " " + t.spec.Description)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// uses reports whether a job has an inline action.
func (t *text) uses(name job.ActionName) bool {
	return slices.ContainsFunc(t.out.Actions, func(u job.ActionUse) bool { return u.Name == name })
}
