package knowledge

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// What ReadError.Rule can say.
const (
	RuleTooLarge    = "too_large"    // more bytes than Limit, as a file or once its tables are written out
	RuleUnknownType = "unknown_type" // not .txt .text .md .markdown .csv .tsv .json
	RulePDF         = "pdf"          // a PDF, whose text the host extracts
	RuleNotText     = "not_text"     // binary, or in an encoding that does not say what it is; Got is the position of the first such byte
	RuleMalformed   = "malformed"    // no such JSON; Got is the line
)

// ReadError says why a file makes no page.
type ReadError struct {
	File    string `json:"file"`            // as the uploader called it, without directories
	Rule    string `json:"rule"`            // one of the Rule constants
	Limit   int    `json:"limit,omitempty"` // what is allowed, in bytes; 0 where it does not apply
	Got     int    `json:"got,omitempty"`   // what was there
	Message string `json:"message"`         // one sentence for the author
}

func (e *ReadError) Error() string { return e.Message }

// TooLongError says that a file was read and is too long for one page. Nothing is lost: Spec holds all
// of it, for [Split]. It wraps the *[job.ValidationError] of [Spec.Check].
type TooLongError struct {
	Spec       Spec
	Limit, Got int // characters of the text
	err        error
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("file %s: %d characters, at most %d in one page: split it into several", quote(e.Spec.Source.Name), e.Got, e.Limit)
}

// Unwrap gives the rule that the Spec breaks.
func (e *TooLongError) Unwrap() error { return e.err }

// Read makes a Spec of an uploaded file: text (.txt, .text), Markdown (.md, .markdown), tables (.csv
// with commas, semicolons or tabs, .tsv) and .json, at most [MaxUpload] bytes, in UTF-8, or in UTF-16
// with a byte order mark. Text and Markdown are taken as they are. Each row of a table becomes a
// paragraph of lines "header: value"; JSON becomes indented lines "key: value" in the order of the
// file. The title is the first heading of a Markdown file that begins with one, else the file's name
// without directories and extension.
//
// The Spec is cleaned and passes [Spec.Check]. The error is a *[ReadError], a *[TooLongError] for a
// text that [Split] makes several pages of, or a *[job.ValidationError] when the file holds no text.
// For a PDF it is a *ReadError, too: the host extracts the text and makes the Spec itself.
func Read(filename string, data []byte) (Spec, error) {
	f := newFile(filename)
	switch {
	case len(data) > MaxUpload:
		return Spec{}, f.refuse(RuleTooLarge, MaxUpload, len(data), "%d bytes, at most %d (10 MB)", len(data), MaxUpload)
	case f.ext == "pdf" || strings.HasPrefix(string(data[:min(len(data), 5)]), "%PDF-"):
		return Spec{}, f.refuse(RulePDF, 0, 0, "a PDF has to be turned into text before it can be a page")
	case readers[f.ext] == nil:
		return Spec{}, f.refuse(RuleUnknownType, 0, 0, "only .txt, .md, .csv, .tsv, .json and PDF files can be pages")
	}
	text, err := f.decode(data)
	if err != nil {
		return Spec{}, err
	}
	title, text, err := readers[f.ext](f, text)
	if err != nil {
		return Spec{}, err
	}
	s := Spec{
		Title:  shorten(title, MaxTitle),
		Text:   text,
		Source: Source{Kind: Uploaded, Name: shorten(f.name, MaxSourceName)},
	}.Clean()
	if err := s.Check(); err != nil {
		if got := utf8.RuneCountInString(s.Text); got > MaxText {
			err = &TooLongError{Spec: s, Limit: MaxText, Got: got, err: err}
		}
		return Spec{}, err
	}
	return s, nil
}

// readers turn the cleaned text of a file into the title and the text of a page.
var readers = map[string]func(file, string) (title, text string, err error){
	"txt": plain, "text": plain,
	"md": markdown, "markdown": markdown,
	"csv": table, "tsv": table,
	"json": tree,
}

// file is what the name of an upload says.
type file struct {
	name  string // one line, without directories
	ext   string // lower case, without the dot
	title string // the name without its extension, when that leaves something
}

func newFile(filename string) file {
	name := filename[strings.LastIndexAny(filename, `/\`)+1:] // browsers on Windows send backslashes
	name = strings.TrimSpace(job.CleanLine(name))
	f := file{name: name, title: name}
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		f.ext = strings.ToLower(name[dot+1:])
		if stem := strings.TrimSpace(name[:dot]); stem != "" {
			f.title = stem
		}
	}
	return f
}

func (f file) refuse(rule string, limit, got int, format string, args ...any) error {
	return &ReadError{f.name, rule, limit, got, "file " + quote(f.name) + ": " + fmt.Sprintf(format, args...)}
}

func plain(f file, text string) (string, string, error) { return f.title, text, nil }

func markdown(f file, text string) (string, string, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if level := headingLevel(first); level > 0 {
		if heading := strings.TrimSpace(strings.Trim(first, "# \t")); heading != "" {
			return heading, text, nil
		}
	}
	return f.title, text, nil
}
