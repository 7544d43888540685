package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// ignoreKey names a finding by its rule and the words of its sentence, so that neither an edit elsewhere nor
// another number in front of the sentence makes it come back.
func ignoreKey(id RuleID, t *text, f Finding) string {
	about := f.Field
	if t != nil && f.Field == "instructions" && f.Span.Start < f.Span.End {
		about = t.sentenceAround(f.Span).span.In(t.s)
	}
	if t == nil {
		about = f.Message
	}
	fold := strings.FieldsFunc(strings.ToLower(about), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	sum := sha256.Sum256([]byte(strings.Join(fold, " ")))
	return string(id) + ":" + hex.EncodeToString(sum[:6])
}
