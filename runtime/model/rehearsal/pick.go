package rehearsal

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/internal/bm25"
)

const (
	// tellApart is how far the best job must be ahead of the second; else the caller is asked.
	tellApart = 1.15
	// turnAway is how far another job must be ahead of the one in hand for a change of subject.
	turnAway = 2.0
)

// rank orders the jobs by how well their name, intent, goal and description fit what the caller said.
func (w *walk) rank(text string) []bm25.Hit {
	docs := func(yield func(bm25.Doc) bool) {
		for _, s := range w.scripts {
			spec := s.job.Spec()
			doc := bm25.Doc{Text: spec.Description, Fields: []bm25.Field{
				{Text: spec.Name, Weight: 2}, {Text: spec.CallerIntent, Weight: 2}, {Text: s.job.Outline().Goal, Weight: 1}}}
			if !yield(doc) {
				return
			}
		}
	}
	return bm25.New(docs).Rank(text, len(w.scripts))
}

// switched takes up another job when the caller plainly speaks of it, and keeps the place in the first.
func (w *walk) switched(r *reply, text string) bool {
	if w.job < 0 || len(assent.Words(text)) < 4 || !turns(text) {
		return false
	}
	ranked := w.rank(text)
	if len(ranked) == 0 || ranked[0].Doc == w.job {
		return false
	}
	for _, hit := range ranked {
		if hit.Doc == w.job && ranked[0].Score < hit.Score*turnAway {
			return false
		}
	}
	if slices.ContainsFunc(w.laid, func(p place) bool { return p.job == ranked[0].Doc }) {
		return false // back and forth has an end
	}
	w.laid = append(w.laid, place{w.job, w.at})
	r.say("Of course.")
	w.begin(r, ranked[0].Doc)
	return true
}

// turns reports whether words announce a change of subject. Words that merely answer a question can fit
// another job by chance, and so can words that decline one.
func turns(text string) bool {
	all := " " + strings.Join(assent.Words(text), " ") + " "
	for _, sign := range []string{"actually", "by the way", "instead", "another thing", "something else", "first i", "before that", "i also", "i'd rather", "i would rather", "changed my mind"} {
		if _, rest, found := strings.Cut(all, " "+sign+" "); found && !strings.HasPrefix(rest, "not ") {
			return true
		}
	}
	return false
}

// fact answers a question from Knowledge; it says that it does not know when no page does. It reports
// whether the text was a question that it took up.
func (w *walk) fact(r *reply, text string) bool {
	if len(w.p.Plan.Pages) == 0 {
		return false
	}
	found := knowledge.NewIndex(slices.Values(w.p.Plan.Pages)).Find(text, 1)
	if len(found) == 0 {
		return false
	}
	best, most := "", 0
	for _, s := range sentences(found[0].Text) {
		if n := sharedWords(text, s); n > most {
			best, most = s, n
		}
	}
	if most == 0 {
		return false
	}
	r.say(best)
	return true
}

// sentences splits text at the ends of sentences and lines.
func sentences(text string) []string {
	var all []string
	for l := range strings.SplitSeq(text, "\n") {
		for l = strings.TrimSpace(l); l != ""; {
			s := sentence(l)
			all = append(all, bare(s))
			l = strings.TrimSpace(l[len(s):])
		}
	}
	return all
}

// isQuestion reports whether the caller asks something back.
func isQuestion(text string) bool {
	if strings.HasSuffix(strings.TrimSpace(text), "?") {
		return true
	}
	words := assent.Words(text)
	return len(words) > 2 && slices.Contains([]string{"what", "what's", "when", "where", "who", "how", "why", "which", "do", "does", "is", "are", "can"}, words[0])
}

func isBye(text string) bool {
	all := " " + strings.Join(assent.Words(text), " ") + " "
	return strings.Contains(all, " bye ") || strings.Contains(all, " goodbye ") || strings.Contains(all, " that's all ") || strings.Contains(all, " that is all ") || strings.Contains(all, " nothing else ")
}
