package knowledge

import "strings"

// maxWritten is how many bytes a table or a JSON file may have once it is written out. A header is
// written with every row, so that a small file could become an endless text.
const maxWritten = 2 * MaxUpload

func (f file) tooLarge() error {
	return f.refuse(RuleTooLarge, maxWritten, 0, "written out as text it has more than %d bytes", maxWritten)
}

// writer collects lines up to maxWritten.
type writer struct {
	out     strings.Builder
	pending bool // a blank line is due before the next line
	full    bool
}

func (w *writer) line(s string) {
	w.full = w.full || w.out.Len()+len(s)+2 > maxWritten
	if w.full {
		return
	}
	if w.pending {
		w.out.WriteByte('\n')
	}
	w.pending = false
	w.out.WriteString(s)
	w.out.WriteByte('\n')
}

// lines writes a text of one or more lines; those after the first are indented, so that they are seen
// to belong to it. Blank lines, which would end the paragraph, are left out.
func (w *writer) lines(lead, text, indent string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		if line = strings.TrimSpace(line); line != "" && !w.full {
			w.line(lead + line)
			lead = indent
		}
	}
}

// paragraph puts a blank line before the next line, unless it is the first.
func (w *writer) paragraph() { w.pending = w.out.Len() > 0 }

// text returns what was written; ok is false when it was too much.
func (w *writer) text() (text string, ok bool) { return w.out.String(), !w.full }
