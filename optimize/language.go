package optimize

// Words that are frequent in one of Sona's languages and rare in the others.
var languages = []struct {
	name  string
	words map[string]bool
}{
	{"English", words(`the and to of you your is are for with that this they their if not ask call caller what when have will can be it on from do or`)},
	{"Spanish", words(`el los las del que para con por una su sus es está cuando pregunte llamada cliente y si al lo como pero más debe`)},
	{"French", words(`le les des du que pour avec une votre vos est sont quand demandez appel client et si au aux ce mais plus vous il dans`)},
}

// language returns the language of a text, empty when it is too short to tell or in another one.
func language(t []token) string {
	best, most, second := "", 0, 0
	for _, l := range languages {
		n := 0
		for _, w := range t {
			if l.words[w.word] {
				n++
			}
		}
		if n > most {
			best, most, second = l.name, n, most
		} else if n > second {
			second = n
		}
	}
	if most < 6 || most < 2*second {
		return ""
	}
	return best
}
