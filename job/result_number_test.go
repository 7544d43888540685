package job_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestNumbersInDigitsAndWords(t *testing.T) {
	requireSaid(t, job.Field{Type: job.NumberField}, map[string]any{
		"4": 4.0, "There are 4 of us": 4.0, "about 12.": 12.0, "1,200": 1200.0, "1.200": 1200.0, "1,200.50": 1200.5, "12,5": 12.5, "3.75": 3.75, "$40": 40.0,
		"50%": 50.0, "-3": -3.0, "minus": nil, "5k": 5000.0, "0.125": 0.125, "007": 7.0, "4, yes, 4": 4.0, "1,234,567": 1234567.0,

		"four": 4.0, "Twenty-three": 23.0, "twenty three people": 23.0, "a hundred": 100.0, "one hundred": 100.0, "two hundred and fifty": 250.0, "a dozen": 12.0,
		"one": 1.0, "just one": 1.0, "nineteen": 19.0, "ninety nine": 99.0, "zero": 0.0, "three thousand five hundred": 3500.0, "twenty one": 21.0,

		"cuatro": 4.0, "somos cuatro": 4.0, "una mesa para cuatro": 4.0, "treinta y cinco": 35.0, "veintitrés": 23.0, "dieciséis": 16.0, "cien": 100.0, "uno": 1.0,
		"noventa y nueve": 99.0, "ciento dos": 102.0, "once": 11.0,

		"quatre": 4.0, "une table pour quatre": 4.0, "vingt et un": 21.0, "soixante-dix": 70.0, "soixante et onze": 71.0, "quatre-vingts": 80.0,
		"quatre-vingt-dix-neuf": 99.0, "soixante-dix-sept": 77.0, "cent": 100.0, "zéro": 0.0, "septante-deux": 72.0,

		"four or five": nil, "between 5 and 10": nil, "24/7": nil, "a few": nil, "none": nil, "tensions": nil, "A4": nil, "x2": nil,
	})
	got, ok := job.Field{Type: job.NumberField}.Parse("one thousand one thousand one thousand one thousand one thousand")
	require.True(t, ok || got == nil)
}

// Every number up to 99 as it is said in each language.
func TestNumberWordsUpTo99(t *testing.T) {
	english := []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	spanish := []string{"", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"}
	french := []string{"", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
		"dix-sept", "dix-huit", "dix-neuf"}
	number := job.Field{Type: job.NumberField}
	for tens, words := range map[int][3]string{
		30: {"thirty", "treinta", "trente"}, 40: {"forty", "cuarenta", "quarante"}, 50: {"fifty", "cincuenta", "cinquante"}, 60: {"sixty", "sesenta", "soixante"},
	} {
		for unit := range 10 {
			want := map[string]any{}
			value := float64(tens + unit)
			if unit == 0 {
				want[words[0]], want[words[1]], want[words[2]] = value, value, value
			} else {
				want[words[0]+" "+english[unit]] = value
				want[words[1]+" y "+spanish[unit]] = value
				want[words[2]+"-"+french[unit]] = value
			}
			requireSaid(t, number, want)
		}
	}
	for unit := 1; unit < 20; unit++ {
		requireSaid(t, number, map[string]any{
			"soixante-" + french[unit]:         float64(60 + unit),
			"quatre-vingt-" + french[unit]:     float64(80 + unit),
			strconv.Itoa(unit) + " personnes ": float64(unit),
		})
	}
}
