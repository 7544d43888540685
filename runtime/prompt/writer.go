package prompt

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// writer collects text of the assembler and, defused, text of others.
type writer struct {
	buf      []byte
	nonce    string
	naming   bool      // keep sections: for a Prompt, whose stable part begins with buf
	sections []section // what Diff names
}

// section is a part of the stable part with a name. It ends where the next one begins.
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

// begin names what is written from here on.
func (w *writer) begin(kind, handle string) {
	if !w.naming {
		return
	}
	w.end()
	w.sections = append(w.sections, section{kind: kind, handle: handle, start: len(w.buf)})
}

// end closes the last section.
func (w *writer) end() {
	if n := len(w.sections); n > 0 {
		w.sections[n-1].end = len(w.buf)
	}
}

// text writes words of the assembler as they are.
func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.buf = append(w.buf, p...)
	}
}

// open writes the first line of a fence.
func (w *writer) open(kind, handle string) { w.fence("<<", kind, handle) }

// close writes the last one.
func (w *writer) close(kind, handle string) { w.fence("<<end ", kind, handle) }

func (w *writer) fence(begin, kind, handle string) {
	w.text(begin, kind, " ")
	if handle != "" {
		w.text(handle, " ")
	}
	w.text(w.nonce, ">>\n")
}

// bare writes a short text of others inside a line of the assembler: on one line, defused.
func (w *writer) bare(data string) {
	start := len(w.buf)
	for word := range strings.FieldsSeq(job.Clean(data)) {
		if len(w.buf) > start {
			w.buf = append(w.buf, ' ')
		}
		w.buf = append(w.buf, word...)
	}
	w.defuseFrom(start)
}

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

// line writes data of people on one line and in quotation marks, with everything that could leave the
// quotes, the line or the fence defused. Callers' names, values and texts of actions go through it.
func (w *writer) line(data string) {
	w.text(`"`)
	start := len(w.buf)
	for word := range strings.FieldsSeq(job.Clean(data)) {
		if len(w.buf) > start {
			w.buf = append(w.buf, ' ')
		}
		for i := range len(word) {
			if word[i] == '"' || word[i] == '\\' {
				w.buf = append(w.buf, '\\')
			}
			w.buf = append(w.buf, word[i])
		}
	}
	w.defuseFrom(start)
	w.text(`"`)
}

// defuseFrom defuses what stands in the buffer from start on.
func (w *writer) defuseFrom(start int) {
	if written := w.buf[start:]; mayOpen(written) {
		w.buf = append(w.buf[:start], defuse(string(written))...)
	}
}

// prefixed writes the text of a Knowledge page: every line behind a bar, so that none can pose as a line
// of the assembler. Excerpts come from the host's retriever, so they are cleaned here like a page.
func (w *writer) prefixed(text string) {
	for l := range strings.SplitSeq(strings.TrimRight(job.Clean(text), "\n"), "\n") {
		w.text("| ")
		start := len(w.buf)
		w.text(l)
		w.defuseFrom(start)
		w.text("\n")
	}
}
