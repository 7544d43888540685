// Package ident makes and checks the identifiers of jobs, flows and Knowledge pages, so that the
// rule for their shape is stated once. It may import the standard library only.
package ident

import (
	"crypto/rand"
	"errors"
	"fmt"
)

// Max is the longest identifier in bytes.
const Max = 100

// New returns prefix, an underscore and 26 random characters (130 bits): unique without a registry.
func New(prefix string) string {
	return prefix + "_" + rand.Text()
}

// Check returns nil when id may name something: 1 to Max letters, digits and . _ - / of ASCII,
// the first and the last of them a letter or a digit. Storage terms are built as "job:<id>@<revision>",
// so colon and at sign can never be part of an identifier.
func Check(id string) error {
	switch {
	case id == "":
		return errors.New("is empty")
	case len(id) > Max:
		return fmt.Errorf("has %d bytes: at most %d", len(id), Max)
	case !alphanumeric(id[0]) || !alphanumeric(id[len(id)-1]):
		return fmt.Errorf("%q must begin and end with a letter or a digit (a–z, A–Z, 0–9)", id)
	}
	for i := range len(id) {
		if c := id[i]; !alphanumeric(c) && c != '.' && c != '_' && c != '-' && c != '/' {
			return fmt.Errorf("%q has %q at byte %d: only letters, digits and . _ - / may stand there", id, rune(c), i)
		}
	}
	return nil
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
