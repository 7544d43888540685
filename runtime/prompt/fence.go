package prompt

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A fence looks like this, with the workspace's nonce at its end:
//
//	<<job J2 8FK2M0QX3VTA>>
//	…
//	<<end job J2 8FK2M0QX3VTA>>
//
// Nobody who writes a job, a page or speaks on the phone knows the nonce. Besides, every look-alike of a
// fence, of a chat template's control token or of an action's marker loses its first character to a
// parenthesis, so that it reads as text even to a model that does not compare nonces.

// reserved are the beginnings of tokens that data may not show, folded: lower case, no blanks, no marks.
var reserved = []string{
	// the assembler's fences and markers
	"<<job", "<<page", "<<call", "<<history", "<<end", "<</",
	"<<j0b", "<<p4ge", "<<c4ll", "<<ca11", "<<h1story", "<<3nd", // digits are read as letters
	"[actionj0", "[actionj1", "[actionj2", "[actionj3", "[actionj4", "[actionj5", "[actionj6", "[actionj7", "[actionj8", "[actionj9",
	"[actionnotavailable]",
	// control tokens of chat templates
	"<|", "<<|", "<<sys", "[inst]", "[/inst]", "<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<eot>", "<eom>",
	"<im_start", "<im_end", "<start_of_turn>", "<end_of_turn>", "<turn|>",
	"[tool_calls]", "[tool_results]", "[/tool_results]", "[available_tools]", "[/available_tools]", "[system_prompt]", "[/system_prompt]",
	"<tool_call", "</tool_call", "<tool_response", "</tool_response", "<function_call", "</function_call",
	"<think>", "</think>", "<system>", "</system>", "<developer>", "</developer>",
	"<assistant>", "</assistant>", "<user>", "</user>", "<human>", "</human>",
}

// mostFolded is how many folded bytes are looked at; no token is longer.
const mostFolded = 32

// defuse returns a cleaned text with the first character of each reserved token replaced by a
// parenthesis. Forms that look the same (full-width, mathematical, Cyrillic) count, and neither blanks
// nor accents inside a token save it. It is idempotent, and linear: only mostFolded characters, each
// read again from as many beginnings at most, are ever looked at twice.
func defuse(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c != '<' && c != '[' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if opens(r) && isReserved(text[i:]) {
			b.WriteString(text[done:i])
			b.WriteByte('(')
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// mayOpen reports whether b could hold a reserved token: a quick look that spares most texts a slow one.
func mayOpen(b []byte) bool {
	for _, c := range b {
		if c == '<' || c == '[' || c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// isReserved reports whether text begins with a reserved token, as a reader takes it in.
func isReserved(text string) bool {
	var space [mostFolded + 8]byte
	folded := space[:0]
	quoted := false // begins with a quotation mark of French, Spanish or Chinese
	for i, r := range text {
		if i == 0 {
			quoted = quotes(r)
		}
		if blank(r) {
			continue
		}
		if folded = append(folded, shape(r)...); len(folded) >= mostFolded {
			break
		}
	}
	begin := string(folded)
	if quoted {
		return quotedFence(begin)
	}
	return slices.ContainsFunc(reserved, func(token string) bool { return strings.HasPrefix(begin, token) })
}

// quotedFence reports whether a folded text that begins with a quotation mark reads as a fence all the
// same: with a handle, or with a mark as long as a nonce. « Page d'accueil » and « Call center » do not.
func quotedFence(folded string) bool {
	rest, ok := strings.CutPrefix(folded, "<<")
	if !ok {
		return false
	}
	if strings.HasPrefix(rest, "|") || strings.HasPrefix(rest, "sys>>") || strings.HasPrefix(rest, "/sys>>") {
		return true
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "/"), "end")
	for _, kind := range []string{"job", "page"} {
		if handle, ok := strings.CutPrefix(rest, kind); ok && len(handle) > 1 {
			return strings.IndexByte("jpx", handle[0]) >= 0 && handle[1] >= '0' && handle[1] <= '9'
		}
	}
	for _, kind := range []string{"call", "history"} {
		if mark, ok := strings.CutPrefix(rest, kind); ok {
			return strings.Index(mark, ">>") == nonceLength
		}
	}
	return false
}

// nonceLength is how long storage makes nonces.
const nonceLength = 12

// blank reports whether r shows as empty space.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u2800' }
