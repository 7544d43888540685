package cassette

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"github.com/sonajobs/sona/runtime/model"
)

// Mode says what happens to a request.
type Mode int

// The modes.
const (
	// Replay plays what is recorded and asks nobody. Close writes nothing.
	Replay Mode = iota
	// Record asks anew, and replaces the file. When nothing was asked the file stays.
	Record
	// RecordMissing plays what is recorded, asks the rest, and adds it to the file.
	RecordMissing
)

func (m Mode) String() string {
	switch m {
	case Replay:
		return "replay"
	case Record:
		return "record"
	case RecordMissing:
		return "record missing"
	}
	return fmt.Sprintf("mode %d", int(m))
}

// Config says more than [Open] and [OpenHTTP] take. Recording and replaying need the same Redact and Query.
type Config struct {
	Path string // of the file; its directory is made when something is recorded
	Mode Mode

	// Redact, if not nil, changes a text before it is compared and written: the system message, what was said,
	// arguments and bodies as JSON, URLs, messages of errors. Replayed replies have what it left. It is called
	// from several goroutines, and with texts that it has changed already.
	Redact func(string) string

	Secrets []*regexp.Regexp // further patterns of what is never written
	Headers []string         // of an HTTP request or response, written besides those that tell a body's type and limits
	Query   []string         // parameters of a URL that are written; of others only the name
}

// Open opens a cassette for a model with the defaults of [Config].
func Open(path string, mode Mode, m model.Model) (*Cassette, error) {
	return Config{Path: path, Mode: mode}.Open(m)
}

// OpenHTTP opens a cassette for a client's traffic with the defaults of [Config]. A nil next is
// http.DefaultTransport.
func OpenHTTP(path string, mode Mode, next http.RoundTripper) (*HTTP, error) {
	return Config{Path: path, Mode: mode}.OpenHTTP(next)
}

// Open opens a cassette for m, which may be nil to replay. The error is a *[FileError] for a file that cannot
// be read, and the operating system's when there is none to replay.
func (c Config) Open(m model.Model) (*Cassette, error) {
	if m == nil && c.Mode != Replay {
		return nil, errors.New("cassette: no model to record")
	}
	t, err := openTape[recording](c, kindModel)
	if err != nil {
		return nil, err
	}
	return &Cassette{tape: t, model: m}, nil
}

// OpenHTTP opens a cassette for traffic through next. Errors are those of Open.
func (c Config) OpenHTTP(next http.RoundTripper) (*HTTP, error) {
	if next == nil {
		next = http.DefaultTransport
	}
	t, err := openTape[exchange](c, kindHTTP)
	if err != nil {
		return nil, err
	}
	return &HTTP{tape: t, next: next}, nil
}

// load reads the file as the mode needs it, and makes the directory where one is needed.
func load[R any](c Config, kind string) (document[R], error) {
	empty := document[R]{Version: version, Kind: kind}
	switch c.Mode {
	case Replay, RecordMissing, Record:
	default:
		return empty, fmt.Errorf("cassette: there is no %s", c.Mode)
	}
	if c.Mode != Replay {
		if err := os.MkdirAll(filepath.Dir(c.Path), 0o750); err != nil {
			return empty, err
		}
	}
	if c.Mode == Record {
		return empty, nil
	}
	data, err := readFile(c.Path)
	if errors.Is(err, os.ErrNotExist) && c.Mode == RecordMissing {
		return empty, nil
	}
	if err != nil {
		return empty, err
	}
	return parse[R](c.Path, kind, data)
}
