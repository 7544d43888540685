// Package digest hashes texts in the one way that receipts and revisions use. It may import the standard
// library only.
package digest

import (
	"crypto/sha256"
	"encoding/hex"
)

// Of returns the SHA-256 of text in hexadecimal.
func Of(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
