package lint

import (
	"cmp"
	"slices"

	"github.com/sonajobs/sona/job"
)

// ruleContradiction: the same is ordered and forbidden.
var ruleContradiction = &rule{RuleInfo: RuleInfo{
	ID: "contradicting-orders", Practice: Clarity, Severity: Warning, Title: "Ordered and forbidden",
	Catches:  "Two sentences of which one orders what the other forbids: “Ask for the e-mail address” and “Do not ask for the e-mail address”.",
	Why:      "Sona follows now the one, now the other.",
	Source:   "Seed 52",
	How:      "Orders and “never”, “do not”, “avoid” with the same verb and the same object, both without a condition. What follows the object must be the same, or nothing. Any sentence and its opposite in the same words.",
	Language: "en",
	Bad: []Example{
		says("1. Ask for the name.\n2. Ask for their email.\n3. Say goodbye.\n\nDo not ask for email."),
		says("Always transfer the call to the office. Keep calm. Never transfer the call."),
		says("Always read the number back.\nBe brief.\nNever read the number back."),
		says("Ask whether the caller wants a text message.\nBe brief.\nNever ask whether the caller wants a text message."),
		says("- Mention the price.\n- Avoid mentioning the price."),
	},
	Good: []Example{
		says("Ask for the name. Do not ask for the name twice."),
		says("Ask for the email.\nIf the caller has no address, do not ask for the email."),
		says("Never transfer the call without asking. Transfer the call."),
		says("Ask for the order number. Do not ask for the card number."),
		says("Say: “Never call us at night.” Call us at noon."),
	},
}, text: func(t *text, r report) {
	if !forbids.any(t) {
		return
	}
	orders := t.commands()
	slices.SortStableFunc(orders, func(a, b command) int { return cmp.Compare(a.key, b.key) })
	var found []Finding
	for from := 0; from < len(orders); {
		to := from + 1
		for to < len(orders) && orders[to].key == orders[from].key {
			to++
		}
		if f, ok := t.clash(orders[from:to]); ok {
			found = append(found, f)
		}
		from = to
	}
	found = t.turned(found)
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	last := -1
	for _, f := range found { // one sentence may order several things that another forbids
		if f.Span.Start != last {
			r(f)
		}
		last = f.Span.Start
	}
}}

// turned adds what one sentence orders and another forbids in the same words, whatever they are: "Ask whether
// the caller agrees" and "Never ask whether the caller agrees".
func (t *text) turned(found []Finding) []Finding {
	type order struct {
		key   uint64
		never bool
		sent  int
	}
	orders := make([]order, 0, len(t.sents))
	for i := range t.sents {
		s := &t.sents[i]
		if s.to-s.from < 4 || s.to-s.from > 2*maxClause || !t.instructs(i) || t.quoted(t.words[s.from].span) {
			continue
		}
		o, at := order{sent: i}, s.from
		for ; at < s.to; at++ {
			w := t.plain(at)
			if w == "never" || w == "not" || w == "don't" || w == "avoid" {
				o.never = true
			} else if w != "always" && w != "do" && !leadWords[w] {
				break
			}
		}
		if s.to-at < 3 || o.never && s.item >= 0 && (t.out.Items[s.item].Depth > 0 || t.kind(*s) == job.ItemBranch) || t.has(exceptions, at, s.to) >= 0 {
			continue
		}
		for ; at < s.to; at++ {
			o.key = o.key*31 + wordKey(t.plain(at))
		}
		orders = append(orders, o)
	}
	slices.SortStableFunc(orders, func(a, b order) int { return cmp.Compare(a.key, b.key) })
	for k := 1; k < len(orders); k++ {
		a, b := orders[k-1], orders[k]
		if a.key != b.key || a.never == b.never || t.sectioned(a.sent, b.sent) {
			continue
		}
		first, second := t.sents[a.sent].span, t.sents[b.sent].span
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.Span.Start >= second.Start && f.Span.Start < second.End }) {
			found = append(found, Finding{
				Span:     second,
				Message:  t.show(second) + " is the opposite of " + t.show(first) + ".",
				Question: "Which of the two holds, or when does each?",
				Also:     []Place{{Name: t.spec.Name, Field: "instructions", Span: first}},
			})
		}
	}
	return found
}

// sectioned reports whether sentence a or b stands below a heading with a condition, and the other one does not.
func (t *text) sectioned(a, b int) bool {
	head := func(i int) int {
		for i >= 0 && !t.sents[i].heading {
			i--
		}
		return i
	}
	ha, hb := head(a), head(b)
	under := func(h int) bool { return h >= 0 && t.has(ifWords, t.sents[h].from, t.sents[h].to) >= 0 }
	return ha != hb && (under(ha) || under(hb))
}

// clash returns the finding on orders of one verb and object, if one orders what another forbids.
func (t *text) clash(orders []command) (Finding, bool) {
	var does, never *command
	for i := range orders {
		o := &orders[i]
		if o.never && never == nil {
			never = o
		}
		if !o.never && does == nil {
			does = o
		}
		if does != nil && never != nil {
			if never.tail == 0 || never.tail == does.tail {
				break
			}
			if o.never { // another order may have the tail of the one that forbids, or the next forbids altogether
				never = nil
			} else {
				does = nil
			}
		}
	}
	if does == nil || never == nil || does.sent == never.sent {
		return Finding{}, false
	}
	first, second := does, never
	if first.span.Start > second.span.Start {
		first, second = second, first
	}
	return Finding{
		Span:     second.span,
		Message:  t.show(second.span) + " is the opposite of " + t.show(first.span) + ".",
		Question: "Which of the two holds, or when does each?",
		Also:     []Place{{Name: t.spec.Name, Field: "instructions", Span: first.span}},
	}, true
}

// command is one thing that is ordered or forbidden.
type command struct {
	key   uint64 // verb and object
	tail  uint64 // the words after the object, 0 for none
	never bool
	sent  int
	span  job.Span
}

// wordKey is a number for a word without its ending.
func wordKey(w string) uint64 {
	n := len(w)
	switch {
	case n > 5 && w[n-3:] == "ing":
		w = w[:n-3]
		if n := len(w); n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' {
			w = w[:n-1]
		}
	case n > 3 && w[n-1] == 's' && w[n-2] != 's':
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	h := uint64(14695981039346656037) // FNV-1a: the same in every run
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return h
}

// commands returns what the sentences of t order and forbid without a condition.
func (t *text) commands() []command {
	list := make([]command, 0, 64)
	for i := range t.sents {
		s := &t.sents[i]
		if s.from == s.to || !t.instructs(i) || t.quoted(job.Span{Start: t.words[s.from].span.Start, End: t.words[s.from].span.End}) {
			continue
		}
		end := min(s.to, s.from+2*maxClause)
		if t.has(ifWords, s.from, end) >= 0 || t.has(exceptions, s.from, end) >= 0 {
			continue
		}
		deep := s.item >= 0 && t.out.Items[s.item].Depth > 0
		verb, never, strong := t.verb(s.from, end)
		if verb >= 0 && (strong || !deep) {
			list = t.objects(list, i, s.from, verb, end, never)
		}
	}
	return list
}

// verb returns the word that is ordered by words[from:to], whether it is forbidden, and whether the order
// holds wherever it stands.
func (t *text) verb(from, to int) (at int, never, strong bool) {
	at = from
	for at < to && leadWords[t.plain(at)] {
		at++
	}
	if at+3 < to && t.plain(at) == "under" && t.plain(at+1) == "no" { // under no circumstances
		at, never, strong = at+3, true, true
	}
	for ; at < to; at++ {
		switch w := t.plain(at); {
		case w == "always":
			strong = true
		case w == "never" || w == "avoid":
			never, strong = true, true
		case w == "don't" || w == "not" && at > from && notHelpers[t.plain(at-1)]:
			never = true
		case w == "be" && t.plain(at+1) != "sure":
			return at, never, strong
		case notHelpers[w] || leadWords[w]:
		default:
			return at, never, strong // if it is no verb, nothing forbids it
		}
	}
	return -1, false, false
}

// objects adds an order for each object of the verb.
func (t *text) objects(list []command, sent, from, verb, to int, never bool) []command {
	key := wordKey(t.plain(verb))
	if sameAsAsk[t.plain(verb)] {
		key = wordKey("ask")
	}
	at, first, object, caller := verb+1, len(list), uint64(0), false
	add := func(end int) {
		if object != 0 {
			list = append(list, command{key: key ^ object, never: never, sent: sent, span: t.span(from, end)})
		}
		object = 0
	}
	for ; at < to; at++ {
		w := t.plain(at)
		if comma := at > verb+1 && t.clauseEnds(sent, at); comma && object != 0 {
			add(at)
		}
		switch {
		case w == "and" || w == "or":
			add(at)
		case callerWords[w]:
			caller = true
		case objectSkips[w], object != 0 && objectRests[w]:
		case objectEnds[w]:
			goto tail
		default:
			object = object*31 + wordKey(w)
		}
	}
tail:
	if object == 0 && len(list) == first && caller {
		object = wordKey("caller")
	}
	add(max(at, verb+1))
	tail := uint64(0)
	for ; at < to; at++ {
		if w := t.plain(at); !emptyTails[w] {
			tail = tail*31 + wordKey(w)
		}
	}
	for i := first; i < len(list); i++ {
		list[i].tail = tail
	}
	return list
}

var (
	forbids    = phrases("never|do not|don't|avoid|under no circumstances|must not|should not|shouldn't|mustn't")
	exceptions = setOf("only except again twice too otherwise instead")
	leadWords  = setOf("please then next also first finally lastly and but sona you so")
	notHelpers = setOf("do must should will shall make sure be to ensure")
	plainVerbs = setOf(`ask collect confirm offer give provide tell say mention read repeat transfer send take book schedule verify check use share quote
		request get gather include record note greet thank apologize apologise promise discuss explain answer suggest recommend end call escalate interrupt
		spell charge refund cancel accept refuse guess estimate disclose reveal describe list write summarize summarise close open contact invite wait start`)
	objectSkips = setOf(`the a an their his her your any this that these those for about of its all both every each our please caller's customer's
		user's whether what which how why also always then is are be`)
	objectRests = setOf("address number details information") // "email" and "email address" are one
	sameAsAsk   = setOf("asking collect collecting request requesting get getting gather gathering obtain obtaining")
	objectEnds  = setOf(`in on at with by from via during over into through to per as than more so because while since towards upon under between among against
		without within out up back`)
	emptyTails = setOf("ever at all under any circumstances circumstance from the caller callers customer them in this call here")
)
