package job

import "strings"

// order returns what the first verb that stands where an order can stand tells Sona to do. An order
// stands at the beginning, after words like "then", after "you must", after the comma of the clause that
// leads to it, and after any stronger punctuation.
func order(t []token, start int, c *conditions) ItemKind {
	var (
		kind  ItemKind
		can   = true  // an order can stand here
		never = false // what follows is forbidden
		lead  = start < len(t) && t[start].cue&(cueLead|cueIf) != 0
		sona  = false // the subject is Sona
		by    = false // what follows says how it is done: "by nicely asking"
	)
	for k := start; k < len(t); k++ {
		w := t[k]
		switch w.sep {
		case ';':
			can, never = true, false
		case ',':
			can = k == start || lead || kind != "" || k > 0 && (c.in[k-1] || t[k-1].cue&cueSona != 0)
			never = never && !c.in[max(k-1, 0)]
		}
		if c.in[k] {
			can = false
			continue
		}
		sona = sona || w.cue&cueSona != 0
		by = w.text == "by" || by && can
		switch {
		case w.cue&(cueQuote|cueAction) != 0:
			kind = quoting(kind, w.cue, k == start)
			can = false
		case w.cue&cueBye != 0 && !never && kind != ItemAsk:
			return ItemEnd
		case w.cue&cueTheir != 0 && taken(t[start:k]) && !never && (kind == ItemDo || kind == "" && sona):
			kind = ItemAsk // take their name, you need the caller's number
		case can && w.cue&cueNever != 0:
			can, never = false, true
		case can && w.cue&cueVerb != 0 && !opens(t, k):
			if !never {
				kind = stronger(kind, verbKind(t, k), by)
			}
			can = w.cue&cueSay != 0 && k+1 < len(t) && t[k+1].cue&cueBye != 0
		case w.cue&cueMust != 0 && sona:
			can = true
		case w.cue&cueJoin != 0:
			can = can || kind != "" && !never
		case can:
			can = w.cue&cueThen != 0 || w.text == "to" && k > start
		default:
			can = w.cue&cueThen != 0 && kind != "" && w.text == "then"
		}
	}
	return kind
}

// taken reports whether t ends with a verb like "take" or "write down".
func taken(t []token) bool {
	k := len(t) - 1
	if k > 0 && t[k].text == "down" {
		k--
	}
	return k >= 0 && t[k].cue&cueTake != 0
}

// opens reports whether the verb t[k] only opens the order that follows: "start by asking", "try to get".
func opens(t []token, k int) bool {
	if t[k].cue&cueThen == 0 || k+1 == len(t) {
		return false
	}
	next := t[k+1].text
	return t[k+1].sep == 0 && (next == "by" || next == "to" || next == "with")
}

// verbKind returns what the verb t[k] tells Sona to do.
func verbKind(t []token, k int) ItemKind {
	w := t[k]
	if w.cue&cueEnd != 0 {
		for j := k + 1; j < len(t) && j <= k+3; j++ {
			if t[j].cue&cueCall != 0 {
				return ItemEnd
			}
		}
		if strings.HasPrefix(w.text, "raccroche") || strings.HasPrefix(w.text, "cuelg") || len(t) == 1 {
			return ItemEnd
		}
		return ItemDo
	}
	switch {
	case w.text == "find" && (k+1 == len(t) || t[k+1].text != "out"):
		return ItemDo // find the order, but: find out their name
	case w.cue&cueThank != 0:
		return ItemEnd
	case w.cue&cueAsk != 0:
		return ItemAsk
	case w.cue&cueSay != 0:
		return ItemSay
	}
	return ItemDo
}

// stronger returns which of two orders of one sentence names it: the first, but a question wins over
// thanks and over what is done by asking.
func stronger(first, second ItemKind, by bool) ItemKind {
	switch {
	case first == "",
		first == ItemEnd && (second == ItemAsk || second == ItemDo) && !by,
		first == ItemDo && second == ItemAsk && by,
		first == ItemSay && second == ItemEnd:
		return second
	}
	return first
}

// quoting returns the kind of a sentence of that kind so far in which a quotation or an action stands.
func quoting(kind ItemKind, c cue, first bool) ItemKind {
	switch {
	case c&cueEndCall != 0 && kind != ItemAsk:
		return ItemEnd
	case c&cueAction != 0 && kind == "":
		return ItemDo
	case c&cueAsking != 0 && (kind == ItemSay || first):
		return ItemAsk
	case c&cueQuote != 0 && first:
		return ItemSay
	}
	return kind
}
