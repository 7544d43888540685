package bm25_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/bm25"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       []string
	}{
		{"words and numbers are terms, in order", "Room 12, floor 3", []string{"room", "12", "floor", "3"}},
		{"signs are none", "*** -- !?", []string{}},
		{"nothing is nothing", "", []string{}},
		{"case and accents do not matter", "CAFÉ Ñandú Žižek", []string{"cafe", "nandu", "zizek"}},
		{"full width and ligatures are plain letters", "ＷｉＦｉ ﬁne Straße Œuvre", []string{"wifi", "fine", "strass", "oeuvr"}},
		{"an apostrophe parts words", "l’horaire don't", []string{"l", "horair", "don", "t"}},
		{"plurals meet their singular", "hours hour boxes box dishes dish parties party", []string{"hour", "hour", "box", "box", "dish", "dish", "party", "party"}},
		{"verbs meet in their forms", "close closes closed closing plan planning called call", []string{"clos", "clos", "clos", "clos", "plan", "plan", "call", "call"}},
		{"Spanish and French plurals, too", "citas cita reservaciones reservación chambres chambre", []string{"cita", "cita", "reservacion", "reservacion", "chambr", "chambr"}},
		{"what only looks like an ending stays", "bus glass this bring red", []string{"bus", "glass", "this", "bring", "red"}},
		{"Chinese gives pairs", "营业时间", []string{"营业", "业时", "时间"}},
		{"one character gives itself", "茶", []string{"茶"}},
		{"Kana with the long vowel is one run", "コーヒー", []string{"コー", "ーヒ", "ヒー"}},
		{"half-width Kana is Kana", "ｶﾞｲﾄﾞ", []string{"ガイ", "イド"}},
		{"Hangul gives pairs of syllables", "영업시간", []string{"영업", "업시", "시간"}},
		{"Thai gives pairs", "ราคา", []string{"รา", "าค", "คา"}},
		{"scripts part where they meet", "WiFi密码123", []string{"wifi", "密码", "123"}},
		{"an Indic vowel is part of its word", "हिन्दी", []string{"हिन्दी"}},
		{"a mark alone is no word", "\u0903 x", []string{"x"}},
		{"Cyrillic and Greek are words", "Часы ΏΡΑ", []string{"часы", "ωρα"}},
		{"bytes that are no text are no words", "a\xffb \xff", []string{"a", "b"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			if diff := cmp.Diff(c.want, bm25.Tokens(c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "opening hours", "营业时间 8:00", "ｶﾞ", "e\u0301\u0301", "\xff\xfe", "İstanbul ﬀ", "กำ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, term := range bm25.Tokens(s) {
			require.NotEmpty(t, term)
			require.True(t, utf8.ValidString(term), "%q", term)
			require.False(t, strings.ContainsAny(term, " \t\n.,;!?'\""), "%q", term)
		}
	})
}
