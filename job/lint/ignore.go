package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
)

// ignoreKey names a finding by its rule and the words of its sentence, so that neither an edit elsewhere nor
// another number in front of the sentence makes it come back. What is about a field as a whole goes by the name of
// the job, what is about several jobs by what they say.
func ignoreKey(id RuleID, t *text, f Finding) string {
	about := f.Message
	if f.Ignore != "" {
		about = f.Ignore
	}
	if t != nil {
		about = t.spec.Name + " " + f.Field
		switch within := t.field(f.Field); {
		case f.Span.Start >= f.Span.End:
		case f.Field == "instructions":
			about = t.sentenceAround(f.Span).span.In(t.s)
		case within != "":
			about = within
		}
	}
	sum := sha256.Sum256([]byte(folded(about)))
	return string(id) + ":" + hex.EncodeToString(sum[:6])
}

// field returns the text of a short field.
func (t *text) field(name string) string {
	switch name {
	case "name":
		return t.spec.Name
	case "description":
		return t.spec.Description
	case "callerIntent":
		return t.spec.CallerIntent
	}
	return ""
}

// folded returns the words of s in small letters.
func folded(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// foldedKey is what a finding on several texts goes by, whatever their order. The report makes its key of it.
func foldedKey(texts ...string) string {
	for i, s := range texts {
		texts[i] = folded(s)
	}
	slices.Sort(texts)
	return strings.Join(texts, " and ")
}
