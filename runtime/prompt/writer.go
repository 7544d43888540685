package prompt

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// writer collects text of the assembler and, defused, text of others.
type writer struct {
	buf   []byte
	nonce string
}

// section is a part of the stable part with a name.
type section struct {
	kind, handle string
	start, end   int
}

func (s section) name() string {
	if s.handle == "" {
		return s.kind
	}
	return s.kind + " " + s.handle
}

// text writes words of the assembler as they are.
func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.buf = append(w.buf, p...)
	}
}

// open writes the first line of a fence.
func (w *writer) open(kind, handle string) { w.buf = appendFence(w.buf, "<<", kind, handle, w.nonce) }

// close writes the last one.
func (w *writer) close(kind, handle string) {
	w.buf = appendFence(w.buf, "<<end ", kind, handle, w.nonce)
}

// bare writes a short text of others inside a line of the assembler: on one line, defused.
func (w *writer) bare(data string) { w.buf = appendBare(w.buf, data) }

// line writes data of people on one line and in quotation marks, with everything that could leave the
// quotes, the line or the fence defused. Callers' names, values and texts of actions go through it.
func (w *writer) line(data string) { w.buf = appendLine(w.buf, data) }

// item writes a text of others as an entry of a list: bare, and no heading either.
func (w *writer) item(data string) {
	w.text("- ")
	start := len(w.buf)
	w.bare(data)
	if at, _ := hashes(string(w.buf[start:])); at >= 0 {
		written := string(w.buf[start:])
		w.buf = append(w.buf[:start], `\`...)
		w.text(written)
	}
}

// prefixed writes the text of a Knowledge page: every line behind a bar, so that none can pose as a line
// of the assembler. Excerpts come from the host's retriever, so they are cleaned here like a page.
func (w *writer) prefixed(text string) {
	for l := range strings.SplitSeq(strings.TrimRight(job.Clean(text), "\n"), "\n") {
		w.text("| ")
		start := len(w.buf)
		w.text(l)
		w.buf = defuseFrom(w.buf, start)
		w.text("\n")
	}
}

// The functions below append, so that the buffer of a call's context need not leave the stack.

func appendFence(buf []byte, begin, kind, handle, nonce string) []byte {
	buf = append(append(append(buf, begin...), kind...), ' ')
	if handle != "" {
		buf = append(append(buf, handle...), ' ')
	}
	return append(append(buf, nonce...), ">>\n"...)
}

func appendBare(buf []byte, data string) []byte {
	if simple(data) {
		return append(buf, data...)
	}
	start := len(buf)
	for word := range strings.FieldsSeq(job.Clean(data)) {
		if len(buf) > start {
			buf = append(buf, ' ')
		}
		buf = append(buf, word...)
	}
	return defuseFrom(buf, start)
}

func appendLine(buf []byte, data string) []byte {
	buf = append(buf, '"')
	if simple(data) {
		return append(append(buf, data...), '"')
	}
	start := len(buf)
	for word := range strings.FieldsSeq(job.Clean(data)) {
		if len(buf) > start {
			buf = append(buf, ' ')
		}
		for i := range len(word) {
			if word[i] == '"' || word[i] == '\\' {
				buf = append(buf, '\\')
			}
			buf = append(buf, word[i])
		}
	}
	return append(defuseFrom(buf, start), '"')
}

// simple reports whether data stands as it is, bare or quoted: one line of ASCII without a character that
// could mean something. It is a quick look at what most callers bring.
func simple(data string) bool {
	before := byte(' ')
	for i := range len(data) {
		switch c := data[i]; {
		case c < ' ' || c > '~', c == '"', c == '\\', c == '<', c == '[', c == ' ' && before == ' ':
			return false
		default:
			before = c
		}
	}
	return before != ' ' || data == ""
}

// defuseFrom defuses what stands in the buffer from start on.
func defuseFrom(buf []byte, start int) []byte {
	if written := buf[start:]; mayOpen(written) {
		buf = append(buf[:start], defuse(string(written))...)
	}
	return buf
}
