package spoken

import "slices"

// Sum is an amount in hundredths; a Currency of "" was not said.
type Sum struct {
	Cents    int
	Currency string // USD, EUR, GBP, JPY or ""
}

var currencies = map[string]string{
	"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY",
	"dollar": "USD", "dollars": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "yen": "JPY",
}

// Money returns the sums that s names: "$1,250.50", "twenty five dollars and ten cents", "3k".
func Money(s string) []Sum {
	its := items(s)
	var out []Sum
	for i := 0; i < len(its); i++ {
		it := its[i]
		if !it.number || it.ordinal {
			continue
		}
		sum := Sum{Cents: it.n * 100}
		if i > 0 {
			sum.Currency = currencies[its[i-1].word]
		}
		at := i + 1
		if at+1 < len(its) && its[at].word == "." && its[at+1].number && its[at+1].figures > 0 && its[at+1].figures <= 2 {
			cents := its[at+1].n
			if its[at+1].figures == 1 {
				cents *= 10
			}
			sum.Cents += cents
			at += 2
		}
		if at < len(its) && its[at].word == "k" {
			sum.Cents *= 1000
			at++
		}
		if at < len(its) && currencies[its[at].word] != "" {
			sum.Currency = currencies[its[at].word]
			at++
			if at < len(its) && its[at].word == "and" {
				at++
			}
			if at < len(its) && its[at].number && its[at].n < 100 {
				sum.Cents += its[at].n
				at++
				if at < len(its) && (its[at].word == "cents" || its[at].word == "cent" || its[at].word == "pence") {
					at++
				}
			}
		}
		if !slices.Contains(out, sum) {
			out = append(out, sum)
		}
		i = at - 1
	}
	return out
}
