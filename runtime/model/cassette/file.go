package cassette

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	version   = 1 // of the file's format
	kindModel = "model"
	kindHTTP  = "http"
	mostFile  = 256 << 20 // bytes of a file
)

// document is a file.
type document[R any] struct {
	Version    int                     `json:"version"`
	Kind       string                  `json:"kind"`              // what was recorded
	Prompts    map[string]storedPrompt `json:"prompts,omitempty"` // by the names that recordings give them
	Recordings []R                     `json:"recordings"`

	lines []int // where each recording begins
}

// FileError says that a file is no cassette that this version can read.
type FileError struct {
	Path string
	Line int // from 1; 0 when it concerns the file as a whole
	Err  error
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("cassette %s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("cassette %s:%d: %v", e.Path, e.Line, e.Err)
}

// Unwrap gives the detail.
func (e *FileError) Unwrap() error { return e.Err }

var errLong = fmt.Errorf("the file is longer than %d MiB", mostFile>>20)

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the file that the caller names
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err == nil && len(data) > mostFile {
		err = &FileError{Path: path, Err: errLong}
	}
	return data, err
}

// checker is a recording that knows what must hold of it.
type checker interface {
	check(prompts map[string]storedPrompt) error
}

// parse reads a file. It is strict: what it does not know it does not pass over.
func parse[R any](path, kind string, data []byte) (document[R], error) {
	var head struct {
		Version int    `json:"version"`
		Kind    string `json:"kind"`
	}
	if json.Unmarshal(data, &head) == nil {
		switch {
		case head.Version > version:
			return document[R]{}, &FileError{Path: path, Err: fmt.Errorf("it has version %d of the format, this program reads version %d: update it, or record anew", head.Version, version)}
		case head.Kind != kind && head.Kind != "":
			return document[R]{}, &FileError{Path: path, Err: fmt.Errorf("it holds recordings of kind %.20q, not %q", head.Kind, kind)}
		}
	}
	p := parser[R]{data: data, d: json.NewDecoder(bytes.NewReader(data))}
	p.d.DisallowUnknownFields()
	p.doc.Recordings = []R{}
	if err := p.document(); err != nil {
		return document[R]{}, &FileError{Path: path, Line: p.line(err), Err: err}
	}
	return p.doc, nil
}

type parser[R any] struct {
	data []byte
	d    *json.Decoder
	at   int64 // where the value in hand begins
	doc  document[R]
}

func (p *parser[R]) document() error {
	if err := p.open('{'); err != nil {
		return err
	}
	for p.d.More() {
		p.at = p.d.InputOffset()
		key, err := p.d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "version":
			err = p.d.Decode(&p.doc.Version)
		case "kind":
			err = p.d.Decode(&p.doc.Kind)
		case "prompts":
			err = p.d.Decode(&p.doc.Prompts)
		case "recordings":
			err = p.recordings()
		default:
			err = fmt.Errorf("unknown field %.40q", key)
		}
		if err != nil {
			return err
		}
	}
	if err := p.open('}'); err != nil {
		return err
	}
	p.at = p.d.InputOffset()
	if _, err := p.d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end")
	}
	p.at = 0
	switch {
	case p.doc.Version != version:
		return fmt.Errorf("version %d of the format is not known", p.doc.Version)
	case p.doc.Kind == "":
		return errors.New("it does not say what kind of recordings it holds")
	}
	for i, r := range p.doc.Recordings {
		if err := any(r).(checker).check(p.doc.Prompts); err != nil {
			p.at = int64(p.doc.lines[i])
			return fmt.Errorf("recording %d: %w", i+1, err)
		}
	}
	return nil
}

func (p *parser[R]) recordings() error {
	if err := p.open('['); err != nil {
		return err
	}
	for p.d.More() {
		p.at = p.d.InputOffset()
		var r R
		if err := p.d.Decode(&r); err != nil {
			return fmt.Errorf("recording %d: %w", len(p.doc.Recordings)+1, err)
		}
		p.doc.Recordings = append(p.doc.Recordings, r)
		p.doc.lines = append(p.doc.lines, int(p.at))
	}
	return p.open(']')
}

// open reads one delimiter.
func (p *parser[R]) open(want json.Delim) error {
	p.at = p.d.InputOffset()
	got, err := p.d.Token()
	if err == nil && got != want {
		err = fmt.Errorf("%.40v stands where %q should", got, want.String())
	}
	return err
}

// line is the line that an error is about.
func (p *parser[R]) line(err error) int {
	at := min(int(p.at), len(p.data))
	if len(p.data) == 0 {
		return 1
	}
	for at < len(p.data) && strings.IndexByte(" \t\r\n,:", p.data[at]) >= 0 {
		at++
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok { // a decoder's offset is not that of the file
		if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(p.data, new(json.RawMessage))); ok {
			at = min(int(syntax.Offset), len(p.data))
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		at = len(bytes.TrimRight(p.data, "\n"))
	}
	return 1 + bytes.Count(p.data[:at], []byte("\n"))
}

// write puts the document in the place of the file, as a whole.
func (d document[R]) write(path string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("cassette %s: %w", path, err)
	}
	if b.Len() > mostFile {
		return fmt.Errorf("cassette %s: %w", path, errLong)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // when it was renamed there is none of the name
	_, err = f.Write(b.Bytes())
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
