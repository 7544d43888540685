package runtime

import (
	"context"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

const (
	mostKeys = 64 // of one entry
	mostKept = 50 // things said while Sona must be heard
)

// words is what the caller said or pressed that was not taken yet.
type words struct {
	keys    string // of the entry under way
	pressed time.Time
	kept    []string // said while Sona must be heard to her end
}

// press takes keys. It reports whether there were any.
func (w *words) press(digits string) bool {
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789*#ABCD", r) {
			return r
		}
		return -1
	}, strings.ToUpper(digits))
	if digits == "" {
		return false
	}
	for _, key := range digits {
		if key == '#' || len(w.keys)-strings.LastIndexByte(w.keys, '#')-1 < mostKeys {
			w.keys += string(key)
		}
	}
	w.pressed = time.Now()
	return true
}

// entry takes out what was pressed up to a #, or all of it; empty when there is nothing, or no # and that is needed.
func (w *words) entry(all bool) string {
	keys, rest, ended := strings.Cut(w.keys, "#")
	if !ended && !all {
		return ""
	}
	w.keys = rest
	if keys == "" && ended {
		keys = "#"
	}
	if keys == "" {
		return ""
	}
	return "(pressed " + keys + " on the keypad)"
}

// all takes out everything that was pressed.
func (w *words) all() string {
	var entries []string
	for w.keys != "" {
		entries = append(entries, w.entry(true))
	}
	return strings.Join(entries, " ")
}

// heard takes what the caller said, and with it what was pressed before. It is kept while Sona must be heard.
func (s *Session) heard(ctx context.Context, text string) {
	text = strings.TrimSpace(s.words.all() + " " + text)
	if text == "" {
		return
	}
	s.silence.present()
	if len(s.words.kept) < mostKept {
		s.words.kept = append(s.words.kept, text)
	}
	s.answer(ctx)
}

// answer takes what was kept, once Sona was heard. It reports whether there was anything.
func (s *Session) answer(ctx context.Context) bool {
	if len(s.words.kept) == 0 || s.playing.whole(s.e.rt.limits.PlayOut) > 0 {
		return false
	}
	texts := s.words.kept
	s.words.kept = nil
	s.cut(0, -1)
	s.e.hear(ctx, texts...)
	return true
}

// remember writes down, when the call ends, what the caller said and nobody will answer.
func (s *Session) remember() {
	if text := s.words.all(); text != "" {
		s.words.kept = append(s.words.kept, text)
	}
	for _, text := range s.words.kept {
		s.e.interrupt()
		s.e.rec.Turns = append(s.e.rec.Turns, call.Turn{By: call.ByCaller, Text: beginning(strings.ToValidUTF8(text, "\uFFFD"), mostSaid), At: time.Now()})
		s.e.spoken = append(s.e.spoken, spoken{entry: -1})
	}
	s.words.kept = nil
}

// bargeIn stops Sona, who must not be heard to her end, because the caller makes themselves heard.
func (s *Session) bargeIn(id UtteranceID, heard int) {
	s.silence.present()
	if s.playing.whole(s.e.rt.limits.PlayOut) > 0 {
		return
	}
	if s.cut(id, heard) {
		s.e.interrupt()
		s.e.hushed = true
	}
}
