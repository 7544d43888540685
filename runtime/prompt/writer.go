package prompt

// writer collects the stable part.
type writer struct {
	buf      []byte
	base     int // where the stable part begins in buf
	nonce    string
	sections []section
}

func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.buf = append(w.buf, p...)
	}
}

// section names what write adds, for Diff.
func (w *writer) section(name string, write func()) {
	start := len(w.buf) - w.base
	write()
	w.sections = append(w.sections, section{name, start, len(w.buf) - w.base})
}

// fence puts what write adds between the two lines of a fence. What stands behind the opening line's
// kind and handle is the assembler's or defused.
func (w *writer) fence(what string, write func()) {
	w.text("<<", what, " ", w.nonce, ">>\n")
	write()
	w.text("<<end ", what, " ", w.nonce, ">>\n")
}
