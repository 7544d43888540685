package optimize_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

var seeds = []string{
	"", "Ask.", "1. Ask for 2 names\n2) Tell three", "Goal: take a message.\n\n- Ask for the name of {{caller}}\n- Don't transfer unless they agree {{action transfer_call to=\"inbox:x\"}}",
	"Say \"Hi, I'm Ann.\" at 9:00 a.m. or 5pm, at least $5.00 or five dollars, at most 20 %.", "| a | b |\n|---|---|\n<tag>\n```\nx\n```", "<|im_start|>x", "\xff\xfe", "a\r\nb\u2028c",
	"Never ask before 24/12/2026, call (555) 010-2000 or desk@example.com, see https://example.com/a.", "No puede antes de las 9:30 del 5 de marzo", "twenty-one hundred thousand and one one one",
	"«a» “b” 'c' \"\" \"@\"", "don't can't won't shan't it's", strings.Repeat("a b ", 50),
}

func FuzzFacts(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := job.Clean(s)
		last := 0
		for _, fact := range optimize.Facts(s) {
			require.NotEmpty(t, fact.Kind)
			require.NotEmpty(t, fact.Value)
			require.Equal(t, fact.Text, fact.Span.In(clean))
			require.GreaterOrEqual(t, fact.Span.Start, last)
			last = fact.Span.Start
		}
	})
}

func FuzzCheck(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, seeds[(i+1)%len(seeds)])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		require.Empty(t, optimize.Check(spec(a), spec(a), lint.Context{}))
		cleanA, cleanB := job.Clean(a), job.Clean(b)
		for _, v := range optimize.Check(spec(a), spec(b), lint.Context{}) {
			require.NotEmpty(t, v.Guard)
			require.NotEmpty(t, v.Message)
			inside(t, v.Was, cleanA)
			inside(t, v.Span, cleanB)
		}
	})
}

func inside(t *testing.T, sp job.Span, s string) {
	t.Helper()
	require.True(t, 0 <= sp.Start && sp.Start <= sp.End && sp.End <= len(s), "%v of %d", sp, len(s))
}

// FuzzEditor plays random sessions beside a model of an editor: a list of texts and a place in it.
func FuzzEditor(f *testing.F) {
	f.Add([]byte("otourur"), "Ask.")
	f.Add([]byte("ooouuurrr"), "1. Ask.\r\n2. Tell.")
	f.Add([]byte("totRrRuosuu"), "Ask for it")
	f.Fuzz(func(t *testing.T, moves []byte, text string) {
		if len(moves) > 200 {
			return
		}
		n := 0
		upper := optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
			n++
			if n%5 == 0 {
				return optimize.Suggestion{}, errors.New("down")
			}
			return optimize.Suggestion{Instructions: strings.Repeat("\n", n) + r.Spec.Instructions}, nil
		})
		e := optimize.NewEditor(upper, job.Job{})
		e.Type(spec(text))
		m := model{text: text}
		for _, move := range moves {
			before := e.Spec().Instructions
			switch move {
			case 'o':
				p, err := e.Optimize(t.Context(), optimize.Request{})
				if err == nil && !p.NoChange() {
					m.optimized(e.Spec().Instructions)
				} else {
					require.Equal(t, before, e.Spec().Instructions)
				}
			case 'u':
				m.undo(t, e.Undo())
			case 'r':
				m.redo(t, e.Redo())
			case 'R':
				m.restore(t, e.Restore())
			case 's':
				if j, err := e.Candidate(); err == nil {
					e.Saved(j)
					require.False(t, e.Dirty())
				}
			default:
				e.Type(spec(text + string(rune(move))))
				m.text = text + string(rune(move))
			}
			require.Equal(t, m.text, e.Spec().Instructions)
		}
	})
}

// model is what an editor should do, in the plainest way.
type model struct {
	text         string
	done, undone [][2]string
}

func (m *model) optimized(to string) {
	m.done = append(m.done, [2]string{m.text, to})
	if len(m.done) > 100 {
		m.done = m.done[1:]
	}
	m.undone, m.text = nil, to
}

func (m *model) undo(t *testing.T, err error) {
	switch n := len(m.done); {
	case n == 0:
		require.ErrorIs(t, err, optimize.ErrNothingToUndo)
	case m.done[n-1][1] != m.text:
		require.ErrorIs(t, err, optimize.ErrEditedSince)
	default:
		require.NoError(t, err)
		m.undone, m.text = append(m.undone, m.done[n-1]), m.done[n-1][0]
		m.done = m.done[:n-1]
	}
}

func (m *model) restore(t *testing.T, err error) {
	n := len(m.done)
	if n == 0 {
		require.ErrorIs(t, err, optimize.ErrNothingToUndo)
		return
	}
	require.NoError(t, err)
	m.undone, m.text = append(m.undone, [2]string{m.done[n-1][0], m.text}), m.done[n-1][0]
	m.done = m.done[:n-1]
}

func (m *model) redo(t *testing.T, err error) {
	switch n := len(m.undone); {
	case n == 0:
		require.ErrorIs(t, err, optimize.ErrNothingToRedo)
	case m.undone[n-1][0] != m.text:
		require.ErrorIs(t, err, optimize.ErrEditedSince)
	default:
		require.NoError(t, err)
		m.done, m.text = append(m.done, m.undone[n-1]), m.undone[n-1][1]
		m.undone = m.undone[:n-1]
	}
}
