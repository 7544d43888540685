package prompt

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// listing collects the hashes of a receipt by their names, which share one text.
type listing struct {
	text    []byte
	entries []entry
}

// entry is a hash, and where its name ends in the text.
type entry struct {
	end  int
	hash string
}

// put returns l with a hash under a name.
func (l listing) put(hash, kind, name string) listing {
	l.text = append(append(l.text, kind...), name...)
	l.entries = append(l.entries, entry{len(l.text), hash})
	return l
}

// revision is put for one revision of what has the name.
func (l listing) revision(hash, kind, name string, revision int) listing {
	l.text = strconv.AppendInt(append(append(append(l.text, kind...), name...), '@'), int64(revision), 10)
	return l.put(hash, "", "")
}

func (l listing) inputs() map[string]string {
	text, start := string(l.text), 0
	inputs := make(map[string]string, len(l.entries))
	for _, e := range l.entries {
		inputs[text[start:e.end]] = e.hash
		start = e.end
	}
	return inputs
}

func hexOf(sum [sha256.Size]byte) string {
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	return string(text[:])
}
