package openai

import (
	"bytes"
	"unicode/utf8"
)

// unescaped are the bytes that a letter behind a backslash stands for; 0 where there is none.
var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unhex are the values of hexadecimal digits; 255 for other bytes.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = byte(10+i), byte(10+i)
	}
	return t
}()

// common is the shape of the latest chunk that said a piece of text and nothing else. The next one nearly
// always differs in the text alone (and in random padding, where a server adds some): then two comparisons
// of bytes show that it says the same, and only the text is looked at.
type common struct {
	head []byte // until the text
	tail []byte // behind it
	pad  []byte // behind the padding; nil where there is none
}

// fast reads a chunk of one of the usual kinds and reports whether it was one. What it reads encoding/json
// reads the same way.
func (d *decoder) fast(b []byte) (ok bool, err error) {
	if start, end, escaped, ok := d.common.match(b); ok {
		return true, d.say(b[start:end], escaped)
	}
	var w walk
	if !w.chunk(b) {
		return false, nil
	}
	if w.text.from > 0 {
		_, escaped, ok := text(b, w.text.from)
		if !ok {
			return false, nil
		}
		if !w.counted && w.finish == (span{}) {
			d.common.learn(b, &w)
		}
		if err := d.say(b[w.text.from:w.text.to], escaped); err != nil {
			return true, err
		}
	}
	if w.counted {
		d.counts(w.tally)
	}
	if w.finish.to > w.finish.from {
		err = d.ends(string(b[w.finish.from:w.finish.to]))
	}
	return true, err
}

// match finds the text in a chunk that looks like the latest one.
func (c *common) match(b []byte) (start, end int, escaped, ok bool) {
	if len(c.head) == 0 || !bytes.HasPrefix(b, c.head) {
		return 0, 0, false, false
	}
	start = len(c.head)
	end, escaped, ok = text(b, start)
	if !ok {
		return 0, 0, false, false
	}
	rest := b[end:]
	if c.pad == nil {
		return start, end, escaped, string(rest) == string(c.tail)
	}
	if !bytes.HasPrefix(rest, c.tail) {
		return 0, 0, false, false
	}
	i := len(c.tail)
	for i < len(rest) && plain[rest[i]] {
		i++
	}
	return start, end, escaped, string(rest[i:]) == string(c.pad)
}

// learn keeps the shape of a chunk.
func (c *common) learn(b []byte, w *walk) {
	c.head = append(c.head[:0], b[:w.text.from]...)
	if w.padding.from == 0 {
		c.tail, c.pad = append(c.tail[:0], b[w.text.to:]...), nil
		return
	}
	c.tail = append(c.tail[:0], b[w.text.to:w.padding.from]...)
	c.pad = append(c.pad[:0], b[w.padding.to:]...)
}

// text looks at the string of JSON whose inside begins at i: where it ends, whether it holds escapes, and
// whether it means what it would mean to encoding/json. Halves of characters beyond the basic plane are left
// to that.
func text(b []byte, i int) (end int, escaped, ok bool) {
	from, ascii := i, true
	for i < len(b) {
		c := b[i]
		switch {
		case plain[c]:
			i++
		case c == '"':
			return i, escaped, ascii || utf8.Valid(b[from:i])
		case c >= utf8.RuneSelf:
			ascii = false
			i++
		case c != '\\':
			return 0, false, false
		default:
			n := escapeAt(b, i)
			if n == 0 || n == 6 && unhex[b[i+2]] == 0xd && unhex[b[i+3]] >= 8 {
				return 0, false, false
			}
			escaped = true
			i += n
		}
	}
	return 0, false, false
}

// escapeAt returns the length of the escape at i; 0 if there is none.
func escapeAt(b []byte, i int) int {
	switch {
	case i+1 >= len(b):
		return 0
	case b[i+1] != 'u':
		if unescaped[b[i+1]] == 0 {
			return 0
		}
		return 2
	case i+5 >= len(b):
		return 0
	}
	for _, c := range b[i+2 : i+6] {
		if unhex[c] == 255 {
			return 0
		}
	}
	return 6
}
