package job

import (
	"slices"
	"strings"
)

// goal finds the sentence that says what the job is for. Three places are tried, the first that is
// there wins: what stands under a heading or label such as "Goal:", a sentence that speaks of a goal,
// and a first sentence that sums up the job ("Collect the caller's name and …").
type goal struct {
	strong  Span
	weak    Span
	pending bool // a heading "Goal" stands above: the next sentence is it
	seen    bool // the first sentence is past
}

// goalReach is how far into the instructions a sentence about a goal counts, in bytes; further down,
// "the goal" is that of some rule.
const goalReach = 2000

func (g *goal) text(s string) string { return firstOf(g.strong, g.weak).In(s) }

func firstOf(a, b Span) Span {
	if a.End > a.Start {
		return a
	}
	return b
}

// sentence takes the next sentence, of prose or of an item, and reports whether it opens the instructions.
func (g *goal) sentence(o *outliner, sp Span, prose bool) (first bool) {
	s := o.s
	first = prose && !g.seen
	g.seen = true
	if g.strong.End > 0 || sp.Start > goalReach {
		return first
	}
	if rest, ok := labelled(o, sp); ok {
		if g.pending = rest.Start == rest.End; !g.pending {
			g.strong = rest
		}
		return first
	}
	text := strings.ToLower(s[sp.Start:min(sp.End, sp.Start+80)])
	sums, role := false, false
	if first || g.pending {
		sums = hasPrefix(text, jobOpenings) || jobVerb(text)
		role = !sums && (strings.HasPrefix(text, "you are ") || strings.HasPrefix(text, "you're ")) // who Sona is, and not yet what for
	}
	switch {
	case strings.HasSuffix(s[:sp.End], ":"), !strings.Contains(s[sp.Start:sp.End], " "), hasPrefix(text, noGoals):
	case g.pending && !role, hasPrefix(text, goalOpenings), hasGoalClause(text):
		g.strong, g.pending = sp, false
	case first && sums:
		g.weak = sp
	}
	return first
}

// How sentences about a goal begin, in small letters.
var (
	goalOpenings = []string{"this job ", "this call ", "this workflow ", "this procedure ", "this process ", "this agent ",
		"this conversation ",
		"the job is ", "your job is ", "your role is ", "your mission ", "you are responsible for ", "you're responsible for ",
		"use this job ", "use this when ", "use this process ", "use this procedure ", "procedure for ", "procedure to ",
		"este trabajo ", "esta tarea ", "el objetivo ", "tu objetivo ", "su objetivo ", "tu tarea ",
		"ce travail ", "cette tâche ", "l'objectif ", "l’objectif ", "votre objectif ", "ton objectif ", "le but "}
	noGoals     = []string{"this call has ", "this call was ", "this call is being ", "this call may ", "this conversation may "}
	jobOpenings = []string{"you are helping ", "you're helping ", "you help ", "you are to ", "you are collecting ",
		"you're collecting ", "you are handling ", "you are scheduling ", "you are confirming ", "you are gathering ",
		"you are presenting ", "you are providing ", "you are verifying ", "you are processing ", "you are calling ",
		"you're calling ", "you're taking ", "you are taking ", "the caller wants ", "the customer wants ", "callers who want ",
		"customers want ", "customers who ", "for callers ", "when a caller ", "when the caller ", "when someone ",
		"el cliente quiere ", "ayuda ", "ayude ", "recoge ", "recopila ", "toma ", "tome ", "atiende ", "agenda ", "programa ",
		"l'appelant veut ", "aidez ", "recueillez ", "prenez ", "traitez ", "planifiez "}
	jobVerbs = []string{"collect", "take", "help", "assist", "handle", "qualify", "schedule", "book", "guide", "triage", "route",
		"screen", "resolve", "manage", "process", "troubleshoot", "gather", "walk", "support", "capture", "register", "refill"}
)

// labelled returns what follows a label such as "Goal:" or "**Objective** –" at the beginning of sp.
func labelled(o *outliner, sp Span) (rest Span, ok bool) {
	at := strings.IndexByte(o.s[sp.Start:min(sp.End, sp.Start+40)], ':')
	label := Span{sp.Start, sp.Start + at}
	if at < 0 || strings.Count(label.In(o.s), " ") > 3 || o.cues(label)&cueGoal == 0 {
		return Span{}, false
	}
	rest = trim(o.s, label.End+1, sp.End)
	for rest.Start < rest.End && strings.IndexByte("*_", o.s[rest.Start]) >= 0 {
		rest.Start++
	}
	return trim(o.s, rest.Start, rest.End), true
}

// hasGoalClause reports whether text says "your … goal is", with up to three words between.
func hasGoalClause(text string) bool {
	for _, owner := range [...]string{"your ", "the ", "sona's "} {
		rest, ok := strings.CutPrefix(text, owner)
		for n := 0; ok && n < 4; n++ {
			var w string
			w, rest, ok = strings.Cut(rest, " ")
			if ok && lexicon[w].cue&cueGoal != 0 {
				return hasPrefix(rest, []string{"is ", "are ", "in this ", "of this ", "here is ", "on this "})
			}
		}
	}
	return false
}

// jobVerb reports whether text begins with an order that sums up a job.
func jobVerb(text string) bool {
	w, _, ok := strings.Cut(text, " ")
	return ok && slices.Contains(jobVerbs, w)
}

func hasPrefix(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}
