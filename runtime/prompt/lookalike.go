package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// shape returns what r looks like, in ASCII and lower case; "?" for everything that resembles nothing in
// a reserved token. Accents and other marks do not count.
func shape(r rune) string {
	if r < utf8.RuneSelf {
		return ascii[r : r+1]
	}
	if unicode.IsMark(r) {
		return ""
	}
	if s := drawn(r); s != "" {
		return s
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case part < utf8.RuneSelf:
			b.WriteString(ascii[part : part+1])
		case unicode.IsMark(part):
		case drawn(part) != "":
			b.WriteString(drawn(part))
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// ascii folds the first 128 code points.
var ascii = func() string {
	var b strings.Builder
	for r := range rune(utf8.RuneSelf) {
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}()

// opens reports whether r could be the first character of a reserved token. It is a list, since every
// character of every text is asked; a test holds it against shape.
func opens(r rune) bool {
	switch r {
	case '<', '[',
		'‹', '⟨', '〈', '\u2329', '˂', 'ᐸ', '❮', '❬', '❰', '⧼', '⮜', '◁', '◂', '⊲', '⋖', '＜', '﹤', '︿', '≮', '⋪',
		'«', '≪', '⟪', '《', '︽', '⪡', '⋘', '⫷',
		'⟦', '【', '〔', '［', '⁅', '〖', '〚', '〘', '⦋', '⦍', '⦏', '⦗', '❲', '⟬', '﹇', '︗', '︹', '︻', '﹝',
		'\U0001F12A', '\U0001F240', '\U0001F241', '\U0001F242', '\U0001F243', '\U0001F244', '\U0001F245',
		'\U0001F246', '\U0001F247', '\U0001F248':
		return true
	}
	return false
}

// quotes reports whether r is a quotation mark of a language before it is anything else.
func quotes(r rune) bool { return r == '«' || r == '《' || r == '︽' }

// drawn returns what a character of its own, which Unicode decomposes into nothing, looks like.
func drawn(r rune) string {
	switch r {
	case '‹', '⟨', '〈', '˂', 'ᐸ', '❮', '❬', '❰', '⧼', '⮜', '◁', '◂', '⊲', '⋖':
		return "<"
	case '«', '≪', '⟪', '《', '⪡', '⋘', '⫷':
		return "<<"
	case '›', '⟩', '〉', '˃', 'ᐳ', '❯', '❭', '❱', '⧽', '⮞', '▷', '▸', '⊳', '⋗':
		return ">"
	case '»', '≫', '⟫', '》', '⪢', '⋙', '⫸':
		return ">>"
	case '│', '┃', '∣', '❘', '❙', '❚', 'ǀ', '⎪', '¦', '￨', '︱', '⏐', '▏', '▕':
		return "|"
	case '⟦', '【', '〔', '⁅', '〖', '〚', '〘', '⦋', '⦍', '⦏', '⦗', '❲', '⟬':
		return "["
	case '⟧', '】', '〕', '⁆', '〗', '〛', '〙', '⦌', '⦎', '⦐', '⦘', '❳', '⟭':
		return "]"
	case '∕', '⁄', '⧸', '╱', '⟋':
		return "/"
	case '‿', '⁀', '▁', '＿', '﹍', '﹎', '﹏', '︳', '︴':
		return "_"
	}
	return letters[r]
}

// letters are letters of other scripts, and small capitals, that look like Latin ones.
var letters = func() map[rune]string {
	same := map[string]string{
		"a": "аАαΑɑᴀꭺᎪⲁⲀꓮ", "b": "ВΒʙᏴЬƄƀɓƃꓐᵬ", "c": "сСϲϹᴄⅽᏟȼƈⲥⲤꓚ", "d": "ԁᴅᎠḍɗđðɖꓓᵭ",
		"e": "еЕΕєᴇεҽᎬɇɛⲉⲈꓰ", "f": "ϝꜰƒϜғҒꓝᵮ", "g": "ɡɢԍցǥɠꓖ", "h": "һНΗʜհᎻħⲏⲎꓧɦ",
		"i": "іІιΙıɪɩᎥӀɨⲓⲒꓲ", "j": "јЈϳʝᴊյᎫȷɉꓙ", "k": "кКκΚᴋᏦƙⲕⲔꓗ", "l": "ӏʟⅼᏞǀłɫɭꓡⵏ",
		"m": "мМΜᴍᎷɱⲙⲘꓟ", "n": "ΝɴոпηṇƝռƞɲŋⲛⲚꓠ", "o": "оОοΟᴏօσøɵⲟⲞꓳⵔ", "p": "рРρΡᴘᏢƥᵽⲣⲢꓑ",
		"q": "ԛգզɋ", "r": "гᴦʀᎡɍɽⲅꓣ", "s": "ѕЅꜱʂᏚսȿꓢᵴ", "t": "тТτΤᴛᎢŧƭʈⲧⲦꓔ",
		"u": "υᴜսʋцʉꓴ", "v": "ѵνᴠᏙꓦ", "w": "ѡԝᴡɯωꓪⲱ", "x": "хХχΧ×ⲭⲬꓫ",
		"y": "уУγΥʏүҮƴɏⲩⲨꓬ", "z": "ΖᴢᏃʐƶȥꓜⲌ",
	}
	of := map[rune]string{}
	for latin, others := range same {
		for _, r := range others {
			if of[r] == "" || latin < of[r] { // a letter in two rows has one shape, whatever the map's order
				of[r] = latin
			}
		}
	}
	for i := range rune(26) { // letters in black squares and circles, and those that flags are made of
		for _, first := range []rune{'\U0001F150', '\U0001F170', '\U0001F1E6'} {
			of[first+i] = string('a' + i)
		}
	}
	return of
}()
