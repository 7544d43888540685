package job

import "strings"

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

// heading takes a heading.
func (g *goal) heading(text string) {
	g.pending = len(text) < 40 && hasWord(text, goalNouns)
}

// sentence takes the next sentence, of prose or of an item, and reports whether it opens the instructions.
func (g *goal) sentence(s string, sp Span, prose bool) (first bool) {
	if sp.Start == sp.End {
		return false
	}
	first = prose && !g.seen
	g.seen = true
	if g.strong.End > 0 || sp.Start > goalReach {
		return first
	}
	if rest, ok := labelled(s, sp); ok {
		if g.pending = rest.Start == rest.End; !g.pending {
			g.strong = rest
		}
		return first
	}
	switch text := strings.ToLower(s[sp.Start:min(sp.End, sp.Start+80)]); {
	case strings.HasSuffix(s[:sp.End], ":"):
	case g.pending, hasPrefix(text, goalOpenings), hasGoalClause(text):
		g.strong, g.pending = sp, false
	case first && (hasPrefix(text, jobOpenings) || jobVerb(text)):
		g.weak = sp
	}
	return first
}

// What a goal is called, and how sentences about one begin. All in small letters.
var (
	goalNouns = []string{"goal", "goals", "objective", "objectives", "purpose", "task", "mission", "aim",
		"objetivo", "propósito", "objectif", "but"}
	goalOpenings = []string{"this job ", "this call ", "this workflow ", "this procedure ", "this process ", "this agent ",
		"this conversation ", "the goal ", "the main goal ", "the purpose ", "the objective ", "the aim ",
		"the job is ", "your job is ", "your role is ", "your mission ", "you are responsible for ", "you're responsible for ",
		"use this job ", "use this when ", "use this process ", "use this procedure ", "procedure for ", "procedure to ",
		"este trabajo ", "esta tarea ", "el objetivo ", "tu objetivo ", "su objetivo ", "tu tarea ",
		"ce travail ", "cette tâche ", "l'objectif ", "l’objectif ", "votre objectif ", "ton objectif ", "le but "}
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
func labelled(s string, sp Span) (rest Span, ok bool) {
	text := s[sp.Start:sp.End]
	at := strings.IndexByte(text[:min(len(text), 40)], ':')
	if at < 0 || !hasWord(text[:at], goalNouns) || len(strings.Fields(text[:at])) > 4 {
		return Span{}, false
	}
	rest = trim(s, sp.Start+at+1, sp.End)
	for rest.Start < rest.End && strings.IndexByte("*_", s[rest.Start]) >= 0 {
		rest.Start++
	}
	return trim(s, rest.Start, rest.End), true
}

// hasGoalClause reports whether text says "your … goal is", with up to three words between.
func hasGoalClause(text string) bool {
	for _, owner := range [...]string{"your ", "the ", "sona's "} {
		rest, ok := strings.CutPrefix(text, owner)
		for n := 0; ok && n < 4; n++ {
			var w string
			w, rest, ok = strings.Cut(rest, " ")
			if ok && isWord(w, goalNouns) {
				return hasPrefix(rest, []string{"is ", "are ", "in this ", "of this ", "here is ", "on this "})
			}
		}
	}
	return false
}

// jobVerb reports whether text begins with an order that sums up a job.
func jobVerb(text string) bool {
	w, _, ok := strings.Cut(text, " ")
	return ok && isWord(w, jobVerbs)
}

func hasPrefix(text string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

func isWord(w string, list []string) bool {
	for _, l := range list {
		if w == l {
			return true
		}
	}
	return false
}

// hasWord reports whether one of the words of text, in whatever case, is in list.
func hasWord(text string, list []string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" *_#/&[]():", r) }) {
		if isWord(w, list) {
			return true
		}
	}
	return false
}
