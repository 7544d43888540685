package rehearsal

import (
	"regexp"
	"strings"

	"github.com/sonajobs/sona/job"
)

// The wording here is plain on purpose: a rehearsal shows the way through a job, not how well it could be
// spoken.

var (
	inlineAction = regexp.MustCompile(`\{\{action[^}]*\}\}`)
	button       = regexp.MustCompile(`(?:\s+(?:using|for|with|via|in|by|to))?\s*\[[^\]]*\]`)
	variable     = regexp.MustCompile(`\{\{\s*([a-z][a-z0-9_]*)[^}]*\}\}`)
	quoted       = regexp.MustCompile(`["“]([^"“”]{2,300})["”]`)
	askVerbs     = regexp.MustCompile(`(?i)^(please )?(then |next,? |also |first,? |politely |always )*(ask|get|collect|find out|request|obtain|inquire|gather|take down|take|note)\b`)
	askLead      = regexp.MustCompile(`(?i)^(please )?(then |next,? |also |first,? |politely |always )*(ask|get|collect|find out|request|obtain|inquire|gather|take down|take|note)( you\b| for\b| about\b| to (give|tell) I\b)*:?\s*`)
	asking       = regexp.MustCompile(`(?i)^.*?\b(by )?asking (the caller|the customer|them|you)( for| about)?:? `)
	backVerbs    = regexp.MustCompile(`(?i)^(read|spell)\b.*\b(back|number|digits?|address|sentence|summary|it)\b|^(say back|repeat|recap|summari[sz]e)\b`)
	sayBack      = regexp.MustCompile(`(?i)^say (it|them|this|that|these|those|(?:the|their|his|her|each|every|all|both)(?: [\p{L}'’-]+){1,6}?) back\b`)
	sayAgain     = regexp.MustCompile(`(?i)^say (?:it|them|(?:the|their|his|her)(?: [\p{L}'’-]+){0,3} (?:number|digits?|address|sentence|summary))(?: (?:again|slowly|aloud|once more|digit by digit|one by one)\b[^.]*)?[.,;:]?$`)
	comesBack    = regexp.MustCompile(`(?i)\b(?:be|calls?|called|calling|comes?|coming|gets?|getting|goes|rings?|phones|writes?|will|shall)(?: [\p{L}]+)?$`)
	yesNoWords   = regexp.MustCompile(`(?i)\b(whether|if (they|the caller|he|she)|confirm that)\b`)
	sayLead      = regexp.MustCompile(`(?i)^(please )?(then |next,? )*(tell|inform|let|remind|assure|explain to|say to|advise)\b( (the )?(caller|customer|guest|patient|client)| them)?( know)?( that| :|:)?\s*`)
	sayThat      = regexp.MustCompile(`(?i)^(say|state|mention|explain|announce) that\s+`)
	thank        = regexp.MustCompile(`(?i)^thank (the )?(caller|customer|them|guest)\b`)
	wish         = regexp.MustCompile(`(?i)^wish (the )?(caller|customer|them|guest) (.*)`)
	doing        = regexp.MustCompile(`(?i)^(click|enter|press|type|select|choose|open|use|do|don't|never|always|then|this|these|those|the flow|you|remember|make sure|note that|make)\b`)
	silent       = regexp.MustCompile(`(?i)^(end|hang up|transfer|send|connect|go|continue|skip|return|leave)\b`)
	farewell     = regexp.MustCompile(`(?i)^(say goodbye|goodbye|bye)`)
)

func isFarewell(text string) bool {
	return strings.Contains(text, "Goodbye") || strings.HasPrefix(text, "Thank you for")
}

// isAsk reports whether a step asks the caller for something.
func isAsk(it job.Item, text string) bool {
	return it.Kind == job.ItemAsk || askVerbs.MatchString(text) || asking.MatchString(text) || strings.HasSuffix(strings.TrimSpace(text), "?")
}

// isReadBack reports whether a step repeats an answer to the caller. To say something back has an object, what
// was answered: "say that the manager calls back" is no such thing.
func isReadBack(text string) bool {
	switch {
	case backVerbs.MatchString(text):
		return true
	case len(text) < 4 || !strings.EqualFold(text[:4], "say "):
		return false
	case sayAgain.MatchString(text):
		return true
	}
	said := sayBack.FindStringSubmatch(text)
	return said != nil && !comesBack.MatchString(said[1])
}

func wantsYesNo(text string) bool { return yesNoWords.MatchString(text) }

// listsAsks reports whether a step asks for what the items below it name, one after the other.
func listsAsks(text string, children []job.Item) bool {
	if len(children) < 2 || !strings.HasSuffix(strings.TrimSpace(text), ":") {
		return false
	}
	for _, c := range children {
		if c.Kind == job.ItemBranch || c.Kind == job.ItemOffScript || c.Kind == job.ItemEnd {
			return false
		}
	}
	return true
}

// namesAnswer reports whether an item below such a step names something to ask for, and does not tell Sona
// what to do with it.
func namesAnswer(text string) bool { return !doing.MatchString(strings.TrimSpace(text)) }

// question turns an instruction into a question to the caller.
func question(text string) string {
	text = bare(text)
	for _, q := range quoted.FindAllStringSubmatch(text, -1) {
		if strings.HasSuffix(strings.TrimSpace(q[1]), "?") {
			return strings.TrimSpace(q[1])
		}
	}
	first := sentence(text)
	if strings.HasSuffix(first, "?") {
		return toCaller(first)
	}
	what := asking.ReplaceAllString(toCaller(first), "")
	what = strings.TrimRight(askLead.ReplaceAllString(what, ""), " .:;,")
	if what == "" {
		return "Could you tell me more?"
	}
	return "Could you tell me " + lowerFirst(what) + "?"
}

// sayIt turns an instruction into what is said to the caller; empty when nothing of it is for the caller's
// ears.
func sayIt(text string) string {
	text = bare(text)
	if q := quoted.FindStringSubmatch(text); q != nil {
		return strings.TrimSpace(q[1])
	}
	var said []string
	for clause := range strings.SplitSeq(strings.ReplaceAll(sentence(text), ", and ", ", "), ", ") {
		for part := range strings.SplitSeq(clause, " and ") {
			if s := sayClause(strings.Trim(part, " .:;")); s != "" {
				said = append(said, s)
			}
		}
	}
	return strings.Join(said, " ")
}

func sayClause(part string) string {
	switch {
	case part == "" || silent.MatchString(part):
		return ""
	case farewell.MatchString(part):
		return "Goodbye."
	case thank.MatchString(part):
		return finish("Thank you " + toCaller(thank.ReplaceAllString(part, "")))
	case wish.MatchString(part):
		if what := wish.ReplaceAllString(part, "$3"); what != "well" {
			return finish("Have " + toCaller(what))
		}
		return "All the best."
	case sayLead.MatchString(part):
		told := sayLead.ReplaceAllString(part, "")
		if order, ok := strings.CutPrefix(told, "to "); ok {
			told = "please " + order
		}
		return finish(toCaller(told))
	case sayThat.MatchString(part):
		return finish(toCaller(sayThat.ReplaceAllString(part, "")))
	}
	return ""
}

// bare takes out what is not for a caller's ears: actions, variables, Markdown.
func bare(text string) string {
	text = inlineAction.ReplaceAllString(text, "")
	text = button.ReplaceAllString(text, "") // what somebody at a screen would press
	text = variable.ReplaceAllString(text, "$1")
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", "`", "", "#", "", "_", " ").Replace(text)), " ")
}

// sentence returns the first sentence of text.
func sentence(text string) string {
	for i, r := range text {
		if (r == '.' || r == '?' || r == '!') && (i+1 == len(text) || text[i+1] == ' ') {
			return text[:i+1]
		}
	}
	return text
}

func finish(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	r := []rune(text)
	return strings.ToUpper(string(r[0])) + string(r[1:]) + "."
}

func lowerFirst(text string) string {
	if len(text) > 1 && text[1] >= 'a' && text[1] <= 'z' && !strings.HasPrefix(text, "I ") {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

// toCaller changes the person: what an instruction says about the agent becomes I, what it says about the
// caller becomes you.
func toCaller(text string) string {
	words := strings.Fields(text)
	out := make([]string, 0, len(words))
	fresh := false // the word before is a new "you": the verb behind it loses its s
	for i := 0; i < len(words); i++ {
		w := words[i]
		core := strings.ToLower(strings.Trim(w, ".,;:?!()"))
		two := ""
		if i+1 < len(words) {
			two = core + " " + strings.ToLower(strings.Trim(words[i+1], ".,;:?!()"))
		}
		switch {
		case callers[two]:
			out, fresh = append(out, keep(words[i+1], "you")), true
			i++
			continue
		case callers[strings.TrimSuffix(strings.ReplaceAll(two, "’", "'"), "'s")]:
			out = append(out, "your")
			i++
		case core == "they" || core == "them":
			out = append(out, keep(w, "you"))
		case core == "their":
			out = append(out, "your")
		case core == "you":
			out = append(out, keep(w, "I"))
		case core == "your":
			out = append(out, "my")
		case fresh:
			out = append(out, keep(w, plural(core)))
		default:
			out = append(out, w)
		}
		fresh = false
	}
	return strings.NewReplacer("I are ", "I am ", "letting I ", "letting me ").Replace(strings.Join(out, " "))
}

// callers are the words that job texts have for the person on the line.
var callers = map[string]bool{"the caller": true, "the customer": true, "the guest": true, "the patient": true, "the client": true}

// keep puts the punctuation of a word behind another word.
func keep(old, word string) string {
	trimmed := strings.TrimRight(old, ".,;:?!)")
	return word + old[len(trimmed):]
}

func plural(verb string) string {
	switch verb {
	case "is":
		return "are"
	case "has":
		return "have"
	case "does":
		return "do"
	case "was":
		return "were"
	}
	if strings.HasSuffix(verb, "s") && !strings.HasSuffix(verb, "ss") && len(verb) > 3 {
		return strings.TrimSuffix(verb, "s")
	}
	return verb
}
