package runtime

import (
	"math"
	"slices"
	"time"
)

// speed is how fast speech is heard, for estimates: about 150 words a minute.
const speed = 14 // characters a second

// playing follows what of the utterances that were handed to the port was heard; they are heard one after the
// other. A host that tells (PlayedOut, Interrupted) is believed; else it is estimated from the time that
// passed.
type playing struct {
	queue []utterance // since the caller spoke last, oldest first
	last  time.Time   // when the last piece was handed over
}

// utterance is one turn on its way to the caller's ear.
type utterance struct {
	id         UtteranceID
	turn       int
	characters int       // handed over
	known      float64   // of these, heard at since
	since      time.Time // from then on it is being heard; may lie ahead
	sure       bool      // the host says that all of it was heard
	whole      bool      // must be heard to its end
}

// say takes a piece that was handed over.
func (p *playing) say(id UtteranceID, turn, characters int, whole bool) {
	now := time.Now()
	p.last = now
	if n := len(p.queue); n == 0 || p.queue[n-1].id != id {
		begin := now
		if n > 0 && p.queue[n-1].end().After(now) {
			begin = p.queue[n-1].end()
		}
		p.queue = append(p.queue, utterance{id: id, turn: turn, since: begin, whole: whole})
	}
	u := &p.queue[len(p.queue)-1]
	if u.since.Before(now) {
		u.known, u.since = u.by(now), now // what was handed over before may have run dry
	}
	u.characters += characters
	u.sure = u.sure && characters == 0
}

// heard takes what the host says was heard.
func (p *playing) heard(in PlayedOut) {
	last := len(p.queue) - 1
	if in.Utterance != 0 {
		last = p.find(in.Utterance)
	}
	if last < 0 {
		return
	}
	now := time.Now()
	for i := range p.queue[:last+1] {
		u := &p.queue[i]
		u.known, u.since, u.sure = float64(u.characters), now, true
	}
	if u := &p.queue[last]; in.Upto > 0 && in.Upto < u.characters {
		u.known, u.sure = float64(in.Upto), false
	}
	for i := last + 1; i < len(p.queue); i++ {
		p.queue[i].since = p.queue[i-1].end()
	}
}

func (p *playing) find(id UtteranceID) int {
	for i, u := range p.queue {
		if u.id == id {
			return i
		}
	}
	return -1
}

// rest returns how long to wait until the last words were heard; never longer than ceiling after they were
// handed over.
func (p *playing) rest(ceiling time.Duration) time.Duration {
	return p.until(len(p.queue)-1, ceiling)
}

// whole returns how long to wait until the last utterance was heard that must be heard to its end, as rest does.
func (p *playing) whole(ceiling time.Duration) time.Duration {
	for i, u := range slices.Backward(p.queue) {
		if u.whole {
			return p.until(i, ceiling)
		}
	}
	return 0
}

// end returns when all that was handed over will have been heard; the zero time when there is nothing.
func (p *playing) end() time.Time {
	if len(p.queue) == 0 {
		return time.Time{}
	}
	return p.queue[len(p.queue)-1].end()
}

func (p *playing) until(i int, ceiling time.Duration) time.Duration {
	if i < 0 {
		return 0
	}
	u := p.queue[i]
	if u.known >= float64(u.characters) {
		return 0
	}
	const grace = time.Second // for the line's own delay
	end := u.end().Add(grace)
	if most := p.last.Add(ceiling); most.Before(end) {
		end = most
	}
	return time.Until(end)
}

// silence is an utterance that was cut, and how many characters of it were heard.
type silence struct{ turn, characters int }

// stop ends what is being heard and what waits behind it, and returns what was cut. id names the utterance
// that was spoken over, 0 the one being heard; heard is how much of it was heard, -1 when that has to be
// estimated. ok is false when the utterance named is not on its way any more.
func (p *playing) stop(id UtteranceID, heard int) (cut []silence, ok bool) {
	now := time.Now()
	at := p.current(now)
	if id != 0 {
		if at = p.find(id); at < 0 {
			return nil, false
		}
	}
	for i, u := range p.queue {
		n := int(u.by(now))
		switch {
		case heard < 0 || u.sure:
		case i < at: // they are heard in order
			n = u.characters
		case i == at:
			n = heard
		default:
			n = 0
		}
		if n < u.characters {
			cut = append(cut, silence{u.turn, n})
		}
	}
	p.queue = nil
	return cut, true
}

// current returns the index of the utterance that is being heard: the first that was not heard to its end,
// else the last that the host has not told of; -1 when there is none.
func (p *playing) current(now time.Time) int {
	for i, u := range p.queue {
		if u.by(now) < float64(u.characters) {
			return i
		}
	}
	if last := len(p.queue) - 1; last >= 0 && !p.queue[last].sure {
		return last
	}
	return -1
}

// by returns how many characters were heard at a time, as far as can be told.
func (u utterance) by(now time.Time) float64 {
	const nearly = 1e-6 // of a character, for what floating point loses
	n := u.known + max(0, now.Sub(u.since).Seconds())*speed
	if all := float64(u.characters); n > all-nearly {
		return all
	}
	return n
}

// end returns when the utterance will have been heard.
func (u utterance) end() time.Time {
	seconds := (float64(u.characters) - u.known) / speed
	return u.since.Add(time.Duration(math.Ceil(seconds * float64(time.Second))))
}
