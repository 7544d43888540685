package optimize

import (
	"unicode"
	"unicode/utf8"
)

// common are words that are no names where they stand capitalised at the beginning of a sentence, in a
// heading or for emphasis. Never written.
var common = words(`i a an the and or but if when unless only before after until while once then so because since for from to of in on at by with without as than that
	this these those there here it its he she they them their you your we us our my me who what which where why how whose not no never always yes ok okay
	do does did done is are was were be been being am have has had can could may might must shall should will would need let
	all any some each every both either neither none one two three four five six seven eight nine ten first second third last next new old other another
	more most less least many much few several same such own very too also just even still again already ever now today tomorrow yesterday
	goal purpose objective task step steps note important warning critical example examples rule rules guidelines instructions instruction overview role
	greet greeting welcome ask say tell explain inform confirm verify check collect gather get give offer provide send transfer route connect escalate
	end close thank apologize repeat listen wait stop start begin continue proceed return use keep make take be please remember ensure avoid
	caller callers customer customers user users client patient guest agent assistant person name phone number email address date time call calls
	appointment booking order account payment message question questions answer information details reason issue problem request service
	tone style language voice context scope policy process procedure summary result results action actions tool tools script
	high medium low true false null none good bad great hello hi thanks sorry goodbye bye welcome sure absolutely certainly perfect
	otherwise however therefore additionally finally instead otherwise meanwhile finally lastly although though despite except including
	january february march april june july august september october november december
	friendly professional polite calm warm brief clear concise short natural helpful patient empathetic handle handling help maybe perhaps
	review update create cancel change schedule reschedule book select choose enter record log open find look search determine identify
	describe summarize mention suggest recommend respond reply speak talk focus follow based given using during within under over between
	required optional available unavailable possible necessary current previous following below above
	sona mr mrs ms dr`)

// lowerWords are the words of texts that stand somewhere in small letters.
func lowerWords(texts ...*reading) map[string]bool {
	m := map[string]bool{}
	for _, r := range texts {
		for _, t := range r.tokens {
			if t.kind == "" && !t.upper {
				m[t.word] = true
			}
		}
	}
	return m
}

// certainNames are the words of texts that stand capitalised within a sentence that is not in capitals as a whole,
// and nowhere in small letters.
func certainNames(texts ...*reading) map[string]bool {
	m := map[string]bool{}
	for _, r := range texts {
		for _, u := range r.units {
			if r.titled(u) {
				continue
			}
			for _, t := range r.tokens[u.from:u.to] {
				if t.kind == "" && t.upper && !t.begins && !t.quoted && properWord(t.word) {
					m[t.word] = true
				}
			}
		}
	}
	return m
}

func properWord(w string) bool {
	return utf8.RuneCountInString(w) > 1 && !common[w] && units[w] == "" && small[w] == 0 && classes[w] == 0
}

// titled reports whether most words of a unit are capitalised: a title, or emphasis.
func (r *reading) titled(u unit) bool {
	upper, long, capitals := 0, 0, 0
	for _, t := range r.tokens[u.from:u.to] {
		if t.kind != "" || len(t.word) < 4 {
			continue
		}
		long++
		if t.upper {
			upper++
			if allCapitals(t.span.In(r.s)) {
				capitals++
			}
		}
	}
	return capitals >= 3 && capitals*2 >= long || u.heading && upper*2 >= long && long > 1
}

func allCapitals(w string) bool {
	for _, c := range w {
		if unicode.IsLower(c) {
			return false
		}
	}
	return true
}

// nameUnit marks the names of a unit: a capitalised word within a sentence, or at its beginning where the word is
// certainly a name or leads to one. A word that stands in small letters elsewhere is none.
func (r *reading) nameUnit(u *unit, lower, certain map[string]bool) {
	titled := r.titled(*u)
	t := r.tokens[u.from:u.to]
	for i := range t {
		w := &t[i]
		if w.kind != "" || !w.upper || w.quoted {
			continue
		}
		w.proper = !w.begins && !titled && (properWord(w.word) || len(w.word) > 3 && classes[w.word] == plain && beside(t, i))
		if !properWord(w.word) {
			continue
		}
		if lower[w.word] {
			continue
		}
		switch {
		case certain[w.word]:
			w.kind = FactName
		case titled:
		case !w.begins:
			w.kind = FactName
		case i+1 < len(t) && !t[i+1].begins && t[i+1].upper && certain[t[i+1].word] && t[i+1].span.Start == w.span.End+1:
			w.kind = FactName
		case i+1 < len(t) && t[i+1].word == "'s" || allCapitals(w.span.In(r.s)) && utf8.RuneCountInString(w.word) < 6:
			w.kind = FactName
		}
	}
}

// beside reports whether a neighbour of word i is capitalised within the sentence, too: Current Time, Information Agent.
func beside(t []token, i int) bool {
	next := i+1 < len(t) && t[i+1].upper && !t[i+1].begins
	return next || i > 0 && t[i-1].upper && !t[i-1].begins
}
