package job

import "strings"

// reading is what one sentence tells Sona to do.
type reading struct {
	kind ItemKind // empty when the sentence gives no order
	off  bool     // it says what to do when the caller declines, drifts or fails
	when bool     // it begins with "when", which rather says when the job applies than branches
}

// token is a word of a sentence, or a quotation or inline action in it.
type token struct {
	lexeme
	sep byte // the punctuation before it: ',' or ';', which stands for all that part more; 0 for none
}

// maxTokens is how much of a sentence is looked at: what it orders stands at its beginning.
const maxTokens = 64

// read reads the sentence sp.
func (o *outliner) read(sp Span) reading {
	var space [maxTokens]token
	t, question := o.tokens(sp, space[:0])
	if refusal(t) {
		return reading{kind: ItemOffScript, off: true}
	}
	t, label := label(t)
	start := 0
	for start < len(t) && t[start].cue&(cueThen|cueJoin) != 0 && t[start].cue&(cueVerb|cueLead) == 0 {
		start++
	}
	if start > 0 && start < len(t) && t[start].text == "to" {
		start++ // make sure to ask
	}
	var r conditions
	r.clauses(t, start)
	kind := order(t, start, &r)
	if question && (kind == "" || kind == ItemSay) && !r.begins {
		kind = ItemAsk
	}
	switch {
	case r.off && (r.begins || r.only && kind != ""):
		kind = ItemOffScript
	case r.begins:
		kind = ItemBranch
	case kind == "":
		kind = label
	}
	return reading{kind, r.off, r.when}
}

// tokens cuts the sentence sp into words, and reports whether it is a question.
func (o *outliner) tokens(sp Span, t []token) (_ []token, question bool) {
	o.rewind(sp.Start)
	var buf [maxWord]byte
	var sep byte
	for i := sp.Start; i < sp.End && len(t) < maxTokens; {
		if inWord(o.s, i) && o.s[i] != '\'' {
			folded, to := foldWord(o.s, i, sp.End, &buf)
			l := lexicon[string(folded)]
			if l.text == "" && len(folded) > 2 && folded[1] == '\'' {
				l = lexicon[string(folded[2:])] // l'appel
			}
			if l.text == "" && len(folded) > 4 && string(folded[len(folded)-2:]) == "ly" {
				l.cue = cueThen // politely, immediately: an order may follow
			}
			t = append(t, token{l, sep})
			i, sep = to, 0
			continue
		}
		if end := o.guarded(i); end > i {
			end = min(end, sp.End)
			t = append(t, token{lexeme{cue: guardCue(o.s[i:end])}, sep})
			i, sep = end, 0
			continue
		}
		if s := separator(o.s, i, sp.End); s > sep {
			sep = s
		}
		i++
	}
	return t, strings.HasSuffix(strings.TrimRight(o.s[sp.Start:sp.End], "*_) "), "?")
}

// guardCue says what a quotation or a pair of braces means in a sentence.
func guardCue(text string) cue {
	switch {
	case !strings.HasPrefix(text, "{{"):
		if !strings.Contains(text, " ") && !strings.ContainsAny(text, "?!") {
			return 0 // one word in quotation marks is a name or a value, and not speech
		}
		if strings.HasSuffix(strings.TrimRight(text, "\"'”’» "), "?") {
			return cueQuote | cueAsking
		}
		return cueQuote
	case !strings.HasPrefix(text, "{{action "):
		return 0
	case strings.Contains(text, string(EndCall)):
		return cueAction | cueEndCall
	}
	return cueAction
}

// separator returns how the character at s[i] parts words: not at all, like a comma, or more.
func separator(s string, i, end int) byte {
	switch s[i] {
	case ',':
		return ','
	case ':', ';', '(', '>', '.':
		return ';'
	case '-':
		if i+1 < end && s[i+1] == ' ' {
			return ';'
		}
	case 0xe2:
		for _, sign := range [...]string{"—", "–", "→"} {
			if strings.HasPrefix(s[i:end], sign) {
				return ';'
			}
		}
	}
	return 0
}

// label drops a label like "Greeting:" from the beginning of a sentence, unless it is a condition or all
// there is, and returns the kind that it suggests for a sentence that says nothing itself.
func label(t []token) ([]token, ItemKind) {
	for k := 0; k < len(t) && k <= 4; k++ {
		if t[k].sep == ';' && k > 0 {
			kind := order(t[:k], 0, &conditions{})
			if t[0].text == "closing" || t[0].cue&cueBye != 0 {
				kind = ItemEnd
			}
			return t[k:], kind
		}
		if t[k].cue&(cueIf|cueVerb&^cueEnd) != 0 && t[k].text != "greeting" {
			break
		}
	}
	return t, ""
}

// conditions is what the conditional clauses of a sentence say.
type conditions struct {
	begins bool // the sentence begins with one
	when   bool // namely with "when"
	off    bool // one of them is about a caller who declines, drifts or fails
	only   bool // all orders of the sentence stand under that one
	in     [maxTokens]bool
}

// clauses finds the conditional clauses of a sentence.
func (c *conditions) clauses(t []token, start int) {
	if start < len(t) && (t[start].text == "otherwise" || t[start].text == "else" || t[start].text == "sino" || t[start].text == "sinon") {
		c.begins = true
	}
	for k := start; k < len(t); k++ {
		if !condition(t, k, start) {
			continue
		}
		end := clauseEnd(t, k)
		if k == start || t[k].text == "case" {
			c.begins, c.when = true, t[k].cue&cueWhen != 0
		}
		if drifts(t[k:end]) {
			c.off = true
			c.only = c.only || t[k].sep == 0 && k > start && t[k-1].cue&cueJoin == 0
		}
		for ; k < end; k++ {
			c.in[k] = true
		}
		k--
	}
}

// condition reports whether a conditional clause begins at t[k].
func condition(t []token, k, start int) bool {
	switch w := t[k]; {
	case w.text == "should", w.text == "who", w.text == "que", w.text == "qui":
		if w.text == "should" {
			return k == start
		}
		return k > 0 && t[k-1].cue&cueCaller != 0
	case w.text == "case": // in case …, but not "in this case"
		return k == start+1 && t[start].cue&cueLead != 0
	case w.cue&cueIf == 0 || k+1 < len(t) && t[k+1].text == "to": // "When to transfer" is a title
		return false
	case w.text != "if" && w.text != "si":
		return true
	}
	// "Ask the caller if …" means "whether"; "Ask once more if …" does not.
	for j := k - 1; j >= start && t[j+1].sep == 0; j-- {
		if t[j].cue&cueTold != 0 {
			return false
		}
		if t[j].cue&(cueCaller|cueTheir|cueTold) == 0 {
			return true
		}
	}
	return true
}

// clauseEnd returns where the clause that begins at t[k] ends: at the first comma, or at the next one
// when only "at any point" stands before the first.
func clauseEnd(t []token, k int) int {
	keeps := k+1 < len(t) && (t[k+1].text == "at" || t[k+1].text == "during")
	for j := k + 1; j < len(t); j++ {
		switch {
		case t[j].sep == ',' && keeps:
			keeps = false
		case t[j].sep != 0 || t[j].text == "then":
			return j
		}
	}
	return len(t)
}

// drifts reports whether a conditional clause is about a caller who declines, drifts or fails.
func drifts(t []token) bool {
	for k, w := range t {
		before := func(c cue, within int) bool {
			for j := max(0, k-within); j < k; j++ {
				if t[j].cue&c != 0 {
					return true
				}
			}
			return false
		}
		switch {
		case w.cue&(cueRefuse|cueDrift) != 0,
			w.cue&cueRefused != 0 && !before(cuePassive, 1),
			w.cue&cueTopic != 0 && before(cueOff, 2),
			w.cue&cueNot != 0 && before(cuePrefer, 2),
			w.text == "else" && k > 0 && t[k-1].text == "something":
			return true
		case w.cue&cueNeed != 0 && before(cueNot, 3):
			if !(k > 1 && t[k-1].text == "one" && t[k-2].text == "no") { // no one answers the phone
				return true
			}
		}
	}
	return false
}

// refusal reports whether a sentence begins with a refusal instead of a condition: "Caller declines to
// answer: skip it", "Upset callers: …". "Decline politely" is an order.
func refusal(t []token) bool {
	for k := 0; k < len(t) && k < 3; k++ {
		w, after := t[k], k > 0 && t[k-1].cue&cueCaller != 0
		switch {
		case w.sep != 0 && k > 0:
			return false
		case w.cue&cueRefuse != 0:
			return strings.HasSuffix(w.text, "s") && (k == 0 || after) || after && t[k-1].text == "they"
		case w.cue&cueDrift != 0:
			return after || k+1 < len(t) && t[k+1].cue&cueCaller != 0 && t[k+1].sep == 0
		case w.cue&cueTopic != 0:
			return k > 0 && t[k-1].text == "off"
		case w.cue&(cueCaller|cueTheir) == 0 && w.text != "off":
			return false
		}
	}
	return false
}
