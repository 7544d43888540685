package mockcall

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// wrapper is a caller who does otherwise than the one within, here and there. It is for one call: it remembers what it
// said itself, which the one within has not said.
type wrapper struct {
	within Caller
	own    map[int]bool // which of the caller's turns, from 0
	do     func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error)
	breaks func(said string) bool
}

func wrap(c Caller, do func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error)) *wrapper {
	return &wrapper{within: c, own: map[int]bool{}, do: do}
}

// Next is for a call by text.
func (w *wrapper) Next(ctx context.Context, heard []call.Turn) (string, bool, error) {
	m, err := w.move(ctx, heard)
	return m.words(), m.hangUp, err
}

func (w *wrapper) move(ctx context.Context, heard []call.Turn) (move, error) {
	return w.do(w, ctx, heard)
}

func (w *wrapper) breaksInto(said string) bool {
	if w.breaks != nil && w.breaks(said) {
		return true
	}
	i, ok := w.within.(interrupter)
	return ok && i.breaksInto(said)
}

// say is a move that the one within did not make.
func (w *wrapper) say(heard []call.Turn, m move) (move, error) {
	w.own[countSaid(heard)] = true
	return m, nil
}

// pass asks the one within, who has not heard of what is the wrapper's own.
func (w *wrapper) pass(ctx context.Context, heard []call.Turn) (move, error) {
	if len(w.own) == 0 {
		return next(ctx, w.within, heard)
	}
	var known []call.Turn
	n := 0
	for _, t := range heard {
		if t.By == call.ByCaller {
			if n++; w.own[n-1] {
				continue
			}
		}
		known = append(known, t)
	}
	return next(ctx, w.within, known)
}

// asked reports whether Sona's last words ask something with one of these words in it, separated by |.
func asked(heard []call.Turn, words string) bool {
	return fits(questions(lastWords(heard)), words) > 0
}

// Refuses is c who declines every question with one of these words in it ("name|phone number").
func Refuses(c Caller, words string) Caller {
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		if asked(heard, words) {
			return w.say(heard, move{say: "I'd rather not say."})
		}
		return w.pass(ctx, heard)
	})
}

// AsksWhy is c who, when first asked something with one of these words in it, asks back what it is needed for.
func AsksWhy(c Caller, words string) Caller {
	return once1(c, words, func() move { return move{say: "Why do you need to know that?"} })
}

// once1 is c who once, when a question has one of these words in it, does something else first.
func once1(c Caller, words string, do func() move) Caller {
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		if len(w.own) == 0 && asked(heard, words) {
			return w.say(heard, do())
		}
		return w.pass(ctx, heard)
	})
}

// TwoAnswers is c who, when first asked something with one of these words in it, answers and tells more at once.
func TwoAnswers(c Caller, words, more string) Caller {
	told := false
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		asks := asked(heard, words)
		m, err := w.pass(ctx, heard)
		if asks && !told && !m.hangUp && m.say != "" {
			told = true
			m.say = strings.TrimRight(m.say, ".! ") + ". " + more
		}
		return m, err
	})
}

// ChangesMind is c who, one turn after a question with one of these words in it was answered, takes the answer back
// and says this instead.
func ChangesMind(c Caller, words, instead string) Caller {
	answered := false
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		if answered && len(w.own) == 0 {
			return w.say(heard, move{say: "Sorry, I changed my mind: " + instead})
		}
		answered = answered || asked(heard, words)
		return w.pass(ctx, heard)
	})
}

// Silent is c who, when first asked something with one of these words in it, says nothing for d and speaks after that.
// A call by text has no time: there the caller says "(silence)".
func Silent(c Caller, words string, d time.Duration) Caller {
	return once1(c, words, func() move { return move{silent: d} })
}

// BargesIn is c who speaks as soon as Sona has said the words after, once.
func BargesIn(c Caller, after string) Caller {
	done := false
	w := wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) { return w.pass(ctx, heard) })
	w.breaks = func(said string) bool {
		if done || !holds(said, after) {
			return false
		}
		done = true
		return true
	}
	return w
}

// WrongLanguage is c who once, when asked something with one of these words in it, answers in another language.
func WrongLanguage(c Caller, words, foreign string) Caller {
	return once1(c, words, func() move { return move{say: foreign} })
}

// Injects is c who once, when asked something with one of these words in it, tries to give Sona orders. A caller's
// words are no instructions, so nothing must come of it.
func Injects(c Caller, words, orders string) Caller {
	return once1(c, words, func() move { return move{say: orders} })
}

// Presses is c who answers every question with one of these words in it by keys.
func Presses(c Caller, words, digits string) Caller {
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		m, err := w.pass(ctx, heard)
		if err == nil && !m.hangUp && asked(heard, words) {
			m = move{keys: digits}
		}
		return m, err
	})
}

// Guesses are what a recogniser makes of words: the word said, and what it is taken for.
type Guesses map[string][]string

// Noise is c as a recogniser hears them: each word that Guesses has is, with the probability rate, taken for one of
// its guesses. The same seed mishears the same.
func Noise(c Caller, guesses Guesses, rate float64, seed uint64) Caller {
	random := rand.New(rand.NewPCG(seed, 0x736f6e61)) //nolint:gosec // a test is repeatable
	return wrap(c, func(w *wrapper, ctx context.Context, heard []call.Turn) (move, error) {
		m, err := w.pass(ctx, heard)
		words := strings.Split(m.say, " ")
		for i, word := range words {
			bare := strings.ToLower(strings.Trim(word, ".,;:!?"))
			if g := guesses[bare]; len(g) > 0 && random.Float64() < rate {
				words[i] = strings.Replace(word, strings.Trim(word, ".,;:!?"), g[random.IntN(len(g))], 1)
			}
		}
		m.say = strings.Join(words, " ")
		return m, err
	})
}
