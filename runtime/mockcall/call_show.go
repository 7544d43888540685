package mockcall

import (
	"fmt"
	"path/filepath"
	goruntime "runtime"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/spoken"
)

const mostAround = 4 // events before and behind a place

// around shows the job and step in hand at a place of the timeline, and the events around it.
func (k *Call) around(all []moment, at int) string {
	var b strings.Builder
	hand := "no job is known to be in hand"
	for i := min(at, len(all)-1); i >= 0; i-- {
		m := all[i]
		if m.kind == isSaid && m.job != "" && m.source != call.SourceUnknown || m.kind == isChosen {
			if m.job != "" {
				hand = fmt.Sprintf("in hand: job %q", k.name(string(m.job)))
				if m.step != "" {
					hand += ", step " + m.step
				}
			}
			break
		}
	}
	b.WriteString(hand + "\n")
	for i := max(0, at-mostAround); i < min(len(all), at+mostAround+1); i++ {
		sign := "  "
		if i == at {
			sign = "> "
		}
		b.WriteString(sign + k.show(all[i]) + "\n")
	}
	return b.String()
}

// show is a moment as a line.
func (k *Call) show(m moment) string {
	text := strings.Join(strings.Fields(m.text), " ")
	switch m.kind {
	case isCaller:
		if m.cut {
			return "caller, into it: " + text
		}
		return "caller: " + text
	case isSaid:
		who := "Sona"
		if m.job != "" {
			who += " (" + k.name(string(m.job))
			if m.step != "" {
				who += ", step " + m.step
			}
			who += ")"
		}
		if m.cut {
			text += " —"
		}
		return who + ": " + text
	case isChosen:
		if m.job == "" {
			return "no job in hand"
		}
		return fmt.Sprintf("job %q in hand", k.name(string(m.job)))
	case isActed:
		text = fmt.Sprintf("%s %s", m.effect.Action, m.effect.Args)
		if m.effect.Err != "" {
			text += " failed: " + m.effect.Err
		}
		return text
	case isTrouble:
		return "note: " + text
	case isOver:
		return fmt.Sprintf("over: %s %s", m.outcome.Kind, m.outcome.Reason)
	}
	return text
}

// place returns file and line of the test: the first caller outside of this package.
func place() string {
	var pcs [32]uintptr
	frames := goruntime.CallersFrames(pcs[:goruntime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "github.com/sonajobs/sona/runtime/mockcall.") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "?"
		}
	}
}

func accepted(f call.Effect, args []Arg) bool {
	for _, a := range args {
		if a(f) != nil {
			return false
		}
	}
	return true
}

func with(args []Arg) string {
	if len(args) == 0 {
		return ""
	}
	return " with the arguments that are expected"
}

// holds reports whether words stand in a text, without regard to case, accents and blanks.
func holds(text, words string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(spoken.Fold(s)), " ") }
	return text != "" && strings.Contains(fold(text), fold(words))
}

// questions returns the sentences of a text that ask.
func questions(text string) string {
	var asked []string
	for rest := text; ; {
		end := strings.IndexAny(rest, "?？")
		if end < 0 {
			return strings.Join(asked, " ")
		}
		begin := strings.LastIndexAny(rest[:end], ".!\n") + 1
		asked = append(asked, strings.TrimSpace(rest[begin:end+1]))
		rest = strings.TrimLeft(rest[end:], "?？")
	}
}
