package openai

import (
	"bytes"
	"io"
)

const (
	firstBuffer = 4 << 10
	mostLine    = 4 << 20  // bytes of one line, and of an answer that is no stream
	mostStream  = 64 << 20 // bytes of one answer, reasoning and all
)

// lines cuts a body into lines, whatever pieces it comes in. A line is good until the next one is asked for.
type lines struct {
	r      io.Reader
	before func() error // a read that may wait
	buf    []byte
	from   int // of what was not handed out
	seen   int // until where it has no line break
	to     int
	total  int
	err    error // why there is no more
	open   bool  // the line that was handed out has no break
}

// next returns the next line without its break; the last one may have none. At the end it returns why: io.EOF
// or what the body said.
func (l *lines) next() ([]byte, error) {
	for {
		if i := bytes.IndexByte(l.buf[l.seen:l.to], '\n'); i >= 0 {
			line := l.buf[l.from : l.seen+i]
			l.seen += i + 1
			l.from = l.seen
			return line, nil
		}
		l.seen = l.to
		if l.err != nil {
			if l.from < l.to {
				line := l.buf[l.from:l.to]
				l.from = l.to
				l.open = true
				return line, nil
			}
			return nil, l.err
		}
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
}

// fill reads once. What the body said at its end is kept for later.
func (l *lines) fill() error {
	if l.from > 0 {
		copy(l.buf, l.buf[l.from:l.to])
		l.to -= l.from
		l.seen -= l.from
		l.from = 0
	}
	if l.to == len(l.buf) {
		if len(l.buf) >= mostLine {
			return tooMuch("a line", mostLine)
		}
		l.buf = append(l.buf, make([]byte, max(firstBuffer, len(l.buf)))...)
	}
	if err := l.before(); err != nil {
		return err
	}
	n, err := l.r.Read(l.buf[l.to:])
	for tries := 0; n == 0 && err == nil; tries++ { // a reader may do so, a few times
		if tries == 100 {
			err = io.ErrNoProgress
			break
		}
		n, err = l.r.Read(l.buf[l.to:])
	}
	if n < 0 || n > len(l.buf)-l.to {
		return malformed("the transport read more than there was room for")
	}
	l.to += n
	l.total += n
	l.err = err
	if l.total > mostStream {
		return tooMuch("an answer", mostStream)
	}
	return nil
}
