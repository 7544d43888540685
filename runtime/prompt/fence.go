package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A fence looks like this, with the workspace's nonce at its end:
//
//	<<job J2 8FK2M0QX3VTA>>
//	…
//	<<end job J2 8FK2M0QX3VTA>>
//
// Nobody who writes a job, a page or speaks on the phone knows the nonce. Besides, every look-alike of a
// fence or of a chat template's control token loses its first character to a parenthesis, so that it
// reads as text even to a model that does not compare nonces.

// reserved are the beginnings of tokens that data may not show, folded: lower case, without blanks.
var reserved = []string{
	"<<job", "<<page", "<<call", "<<history", "<<end", "<<sys", "<</sys",
	"<|", "[inst]", "[/inst]", "<s>", "</s>", "<bos>", "<eos>",
	"<start_of_turn>", "<end_of_turn>", "<system>", "</system>", "<assistant>", "</assistant>", "<user>", "</user>",
}

const longestReserved = len("<start_of_turn>")

// defuse returns text with the first character of each reserved token replaced by a parenthesis. Forms
// that look the same (full-width, small, mathematical) count, and blanks inside a token do not save it.
func defuse(text string) string {
	if !strings.ContainsFunc(text, opens) {
		return text
	}
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if opens(r) && isReserved(text[i:]) {
			b.WriteString(text[done:i])
			b.WriteByte('(')
			done = i + size
		}
		i += size
	}
	b.WriteString(text[done:])
	return b.String()
}

// opens reports whether r could be the first character of a reserved token.
func opens(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '<' || r == '['
	}
	f := lookalike(r)
	return strings.HasPrefix(f, "<") || strings.HasPrefix(f, "[")
}

// isReserved reports whether text begins with a reserved token, looked at through lookalike and without
// blanks.
func isReserved(text string) bool {
	var folded strings.Builder
	for _, r := range text {
		if unicode.IsSpace(r) || unicode.IsMark(r) {
			continue
		}
		folded.WriteString(lookalike(r))
		if folded.Len() >= longestReserved {
			break
		}
	}
	f := folded.String()
	for _, token := range reserved {
		if strings.HasPrefix(f, token) {
			return true
		}
	}
	return false
}

// lookalike returns what r looks like in ASCII lower case.
func lookalike(r rune) string {
	switch r {
	case '‹', '⟨', '〈', '˂', 'ᐸ', '❮', '❬', '⧼', '⮜', '＜', '﹤':
		return "<"
	case '«', '≪', '⟪', '《', '⪡', '⋘', '⫷':
		return "<<"
	case '›', '⟩', '〉', '˃', 'ᐳ', '❯', '❭', '＞', '﹥':
		return ">"
	case '»', '≫', '⟫', '》':
		return ">>"
	case '｜', '│', '┃', '∣', '❘', 'ǀ', '￨', '⎪', '︱', '¦':
		return "|"
	case '⟦', '【', '〔', '［', '⁅', '〖', '〚', '⦋':
		return "["
	case '⟧', '】', '〕', '］', '⁆', '〗', '〛', '⦌':
		return "]"
	case '∕', '⁄', '／', '⧸':
		return "/"
	case '＿', '﹍', '‿':
		return "_"
	}
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	return strings.ToLower(confusable.Replace(norm.NFKC.String(string(r))))
}

// confusable are the Cyrillic and Greek letters that look like the Latin letters of reserved tokens.
var confusable = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ԁ", "d",
	"А", "a", "В", "b", "Е", "e", "О", "o", "Р", "p", "С", "c", "Ѕ", "s", "І", "i", "Ј", "j", "Т", "t", "М", "m", "Н", "h",
	"α", "a", "ο", "o", "ι", "i", "Α", "a", "Β", "b", "Ε", "e", "Ι", "i", "Ο", "o", "Τ", "t", "Ν", "n", "υ", "u", "ѵ", "v",
)
