package knowledge

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// decode returns the cleaned text of a file. Encodings are told by their byte order mark, never
// guessed: a wrong guess would put wrong characters into a caller's ear.
func (f file) decode(data []byte) (string, error) {
	var text string
	if order := utf16Order(data); order != nil {
		if len(data)%2 != 0 {
			return "", f.refuse(RuleNotText, 0, len(data)-1, "the UTF-16 text ends in the middle of a character: save it as UTF-8 and try again")
		}
		text = decodeUTF16(data[2:], order)
	} else {
		data, _ = bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
		text = string(data)
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return "", f.refuse(RuleNotText, 0, at, "this is no text file (a zero byte at %d)", at)
	}
	if at := invalidUTF8(text); at >= 0 {
		return "", f.refuse(RuleNotText, 0, at, "byte %d is no UTF-8 text: save the file as UTF-8 and try again", at)
	}
	return job.Clean(text), nil
}

// utf16Order returns nil when data does not begin with the byte order mark of UTF-16.
func utf16Order(data []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return binary.BigEndian
	}
	return nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	return string(utf16.Decode(units))
}

func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, r := range s {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 { // a real U+FFFD has three bytes
			return i
		}
	}
	return -1
}
