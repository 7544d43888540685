package mockcall

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Cursor looks through what happened on a [Call], forwards. It begins behind what the last Cursor found, and not before
// the caller's last act. A verb (Says, Asks, Does, Fails, Chooses, Reaches, Ends) says what is looked for; in front of
// it Next, Within, Never, Once, Before or After say where. What is not found fails the test with the line of the test,
// the job and step in hand and the events around; the verbs behind it in the same chain say nothing then.
type Cursor struct {
	k    *Call
	how  how
	n    int  // turns, of Within
	last int  // of the timeline: what was found last; -1 for nothing
	dead bool // something was not found
}

type how int

const (
	next1 how = iota
	within
	never
	once
	before
	after
)

// Expect returns a cursor.
func (k *Call) Expect() *Cursor {
	k.looked = true
	return &Cursor{k: k, last: -1}
}

// Next looks at the very next thing of the verb's kind: the next that Sona says, does, takes in hand. It is what
// a verb does with nothing in front.
func (c *Cursor) Next() *Cursor { return c.by(next1, 0) }

// Within looks among the next so many turns of Sona's. What is not there yet may still come: it is judged when the
// turns are over, or the call.
func (c *Cursor) Within(turns int) *Cursor { return c.by(within, turns) }

// Never expects that the thing does not happen, from here to the end of the call.
func (c *Cursor) Never() *Cursor { return c.by(never, 0) }

// Once expects that the thing happens just once, from here to the end of the call.
func (c *Cursor) Once() *Cursor { return c.by(once, 0) }

// Before expects that what was found last came before the first of what the verb says, and that both did.
func (c *Cursor) Before() *Cursor { return c.by(before, 0) }

// After expects that what was found last came after the first of what the verb says, and that both did.
func (c *Cursor) After() *Cursor { return c.by(after, 0) }

func (c *Cursor) by(h how, n int) *Cursor {
	c.how, c.n = h, n
	return c
}

// want is what a verb looks for.
type want struct {
	kind kind
	text string
	is   func(moment) bool
	args []Arg // of an action
}

// instead says what happened in the place of what is wanted, and what is wrong with it.
func (w want) instead(k *Call, m moment) string {
	parts := []string{k.show(m)}
	for _, a := range w.args {
		if err := a(m.effect); err != nil {
			parts = append(parts, err.Error())
		}
	}
	return strings.Join(parts, "; ")
}

// Says looks for words in what Sona says, without regard to case and accents.
func (c *Cursor) Says(words string) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isSaid, text: fmt.Sprintf("Sona says %q", words), is: func(m moment) bool { return holds(m.text, words) }})
}

// Asks looks for a question with these words in it.
func (c *Cursor) Asks(words string) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isSaid, text: fmt.Sprintf("Sona asks %q", words), is: func(m moment) bool { return holds(questions(m.text), words) }})
}

// Does looks for an action that was carried out without an error, with these arguments.
func (c *Cursor) Does(action job.ActionName, args ...Arg) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isActed, text: fmt.Sprintf("%s is done%s", action, with(args)), is: func(m moment) bool {
		return m.effect.Action == action && m.effect.Done && m.effect.Err == "" && accepted(m.effect, args)
	}, args: args})
}

// Fails looks for an action that came back with an error, or not at all.
func (c *Cursor) Fails(action job.ActionName) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isActed, text: fmt.Sprintf("%s fails", action), is: func(m moment) bool {
		return m.effect.Action == action && m.effect.Err != ""
	}})
}

// Chooses looks for a job that is taken in hand, by its name.
func (c *Cursor) Chooses(name string) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isChosen, text: fmt.Sprintf("job %q is taken in hand", name), is: func(m moment) bool {
		return m.job != "" && c.k.name(string(m.job)) == name
	}})
}

// Reaches looks for something said at a step of a job, both declared by the model. What is not known is
// not reached.
func (c *Cursor) Reaches(name, step string) *Cursor {
	c.k.t.Helper()
	return c.look(want{kind: isSaid, text: fmt.Sprintf("step %s of job %q is reached", step, name), is: func(m moment) bool {
		return m.job != "" && m.source != call.SourceUnknown && m.step == step && c.k.name(string(m.job)) == name
	}})
}

// Ends looks for the end of the call. It lets Sona finish what she is saying.
func (c *Cursor) Ends(kind call.OutcomeKind) *Cursor {
	c.k.t.Helper()
	if c.how != never && c.how != once {
		c.k.settle()
		c.k.finished()
	}
	return c.look(want{kind: isOver, text: fmt.Sprintf("the call ends %q", kind), is: func(m moment) bool { return m.outcome.Kind == kind }})
}

// finished waits for the last event of a call that is over.
func (k *Call) finished() {
	if k.over() {
		k.line.collect()
	}
}

func (c *Cursor) look(w want) *Cursor {
	c.k.t.Helper()
	if c.dead {
		return c
	}
	all := c.k.line.timeline()
	switch c.how {
	case next1:
		for i := c.k.from; i < len(all); i++ {
			if all[i].kind != w.kind {
				continue
			}
			if !w.is(all[i]) {
				return c.fail(fmt.Sprintf("expected next: %s; instead: %s", w.text, w.instead(c.k, all[i])), all, i)
			}
			return c.found(i)
		}
		return c.fail(fmt.Sprintf("expected next: %s; nothing of the kind happened", w.text), all, len(all)-1)
	case within, never, once:
		return c.promise(w, all)
	case before, after:
		return c.order(w, all)
	}
	return c
}

func (c *Cursor) found(i int) *Cursor {
	c.last, c.how = i, next1
	c.k.from = max(c.k.from, i+1)
	return c
}

func (c *Cursor) order(w want, all []moment) *Cursor {
	c.k.t.Helper()
	word := map[how]string{before: "before", after: "after"}[c.how]
	if c.last < 0 {
		return c.fail("nothing was found that could stand "+word+": "+w.text, all, len(all)-1)
	}
	for i, m := range all {
		if m.kind != w.kind || !w.is(m) {
			continue
		}
		if (c.how == before) != (c.last < i) || i == c.last {
			return c.fail(fmt.Sprintf("expected: %s, %s: %s", c.k.show(all[c.last]), word, w.text), all, i)
		}
		c.how = next1
		return c
	}
	return c.fail(fmt.Sprintf("expected %s %s, but that did not happen", word, w.text), all, len(all)-1)
}

// promise leaves what is expected to be judged as the call goes on.
func (c *Cursor) promise(w want, all []moment) *Cursor {
	c.k.t.Helper()
	p := &pledge{want: w, how: c.how, n: c.n, from: c.k.from, where: place()}
	if c.how == within {
		if i, ok := p.find(all); ok {
			return c.found(i)
		}
	}
	c.how, c.last = next1, -1
	c.k.pledges = append(c.k.pledges, p)
	c.k.judge(false)
	return c
}

func (c *Cursor) fail(problem string, all []moment, at int) *Cursor {
	c.k.t.Helper()
	c.dead = true
	c.k.t.Errorf("mockcall: %s: %s\n%s", place(), problem, c.k.around(all, at))
	return c
}

// pledge is something expected of the rest of the call.
type pledge struct {
	want  want
	how   how
	n     int
	from  int
	where string
}

// find returns the first that is wanted among the next n turns.
func (p *pledge) find(all []moment) (int, bool) {
	turns := 0
	for i := p.from; i < len(all); i++ {
		if all[i].kind == isSaid {
			turns++
		}
		if turns > p.n {
			return i, false
		}
		if all[i].kind == p.want.kind && p.want.is(all[i]) {
			return i, true
		}
	}
	return len(all), false
}

// verdict says whether a pledge is settled, and what is wrong then.
func (p *pledge) verdict(all []moment, end bool) (settled bool, problem string, at int) {
	if p.how == within {
		i, ok := p.find(all)
		switch {
		case ok:
			return true, "", i
		case i < len(all) || end:
			return true, fmt.Sprintf("expected within %d turns: %s", p.n, p.want.text), min(i, len(all)-1)
		}
		return false, "", 0
	}
	n := 0
	for i := min(p.from, len(all)); i < len(all); i++ {
		if all[i].kind != p.want.kind || !p.want.is(all[i]) {
			continue
		}
		if n++; p.how == never {
			return true, "expected never: " + p.want.text, i
		}
		if n > 1 {
			return true, "expected once: " + p.want.text + "; it happened twice", i
		}
	}
	if end && p.how == once && n == 0 {
		return true, "expected once: " + p.want.text + "; it did not happen", len(all) - 1
	}
	return end, "", 0
}

// judge settles the pledges that can be settled by now.
func (k *Call) judge(end bool) {
	k.t.Helper()
	all := k.line.timeline()
	open := k.pledges[:0]
	for _, p := range k.pledges {
		settled, problem, at := p.verdict(all, end)
		if problem != "" {
			k.t.Errorf("mockcall: %s: %s\n%s", p.where, problem, k.around(all, at))
		}
		if !settled {
			open = append(open, p)
		}
	}
	k.pledges = open
}
