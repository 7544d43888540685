package runtime

import (
	"context"
	"time"
)

// speed is how fast speech is heard, for estimates: about 150 words a minute.
const speed = 14 // characters a second

// playing follows what of an utterance was heard. A host that tells (PlayedOut, Interrupted) is believed;
// else it is estimated from the time that passed.
type playing struct {
	ctx        context.Context // of Run
	turn       int
	characters int       // handed to the port
	from       time.Time // when the first piece was handed over
	done       bool      // heard to its end, or cut
}

func (p *playing) say(s Said) {
	if p.done || p.from.IsZero() || s.Turn != p.turn {
		p.turn, p.characters, p.from, p.done = s.Turn, 0, time.Now(), false
	}
	p.characters += count(s.Text)
}

func (p *playing) heard(in PlayedOut) {
	if in.Utterance == 0 || int(in.Utterance) == p.turn+1 {
		p.done = in.Upto == 0 || in.Upto >= p.characters
	}
}

// rest returns how long to wait until the last words were heard; never longer than ceiling after they were
// handed over.
func (p *playing) rest(ceiling time.Duration) time.Duration {
	if p.done || p.from.IsZero() {
		return 0
	}
	const grace = time.Second // for the line's own delay
	estimate := time.Duration(p.characters)*time.Second/speed + grace
	return time.Until(p.from.Add(min(estimate, ceiling)))
}

// stop ends the utterance under way, and returns its turn and how many characters of it were heard.
func (p *playing) stop(heard *string) (turn, characters int, playing bool) {
	if p.done || p.from.IsZero() {
		return 0, 0, false
	}
	p.done = true
	n := int(time.Since(p.from).Seconds() * speed)
	if heard != nil {
		n = count(*heard)
	}
	return p.turn, min(n, p.characters), n < p.characters
}
