package runtime

import (
	"time"

	"github.com/sonajobs/sona/runtime/prompt"
)

// Limits bound one call. Zero fields mean their defaults.
//
// A call stays bounded whatever happens, beyond what is set here: of what a caller says at once 16 KiB are taken,
// of a reply 64 KiB and 16 calls, and 1,000 actions are carried out. A reply that the model's own limit of tokens cut
// in the middle of a sentence is gone on with once; the record notes it, as it does a reply that a filter withheld. The model is told 8 KiB of what an action
// answers, and that it is the beginning; the record keeps 256 KiB of it, and of all answers 4 MiB, then 8 KiB of
// each. It has at most 201 notes.
type Limits struct {
	Reply     time.Duration // longest time of one reply of the model; 30 s
	FirstWord time.Duration // of that, until its first word or call; 10 s. The first model of a [model.Fallback] needs a shorter one of its own
	Action    time.Duration // longest time of one action; 20 s
	Rounds    int           // most replies of the model to one thing that the caller says, actions included; 8
	PlayOut   time.Duration // longest wait for the last words to be heard, once they were handed over, before the line is left; 1 min

	// Silence is how long a caller may say nothing to Sona, who listens and was heard, until she asks whether they
	// are there; 10 s, negative: for ever. She asks Nudges times, 2 when 0 and never when negative; a caller who
	// stays silent leads to a goodbye and the outcome call.NoInput. Only on a Session: a Chat has no clock. Not for a
	// caller who writes, see Incoming.Written.
	Silence time.Duration
	Nudges  int

	Filler time.Duration // of silence while an action is under way, until Sona says once that it takes a moment; 2 s, negative: never
	Digits time.Duration // longest pause between two keys of one entry; 2 s. A # ends an entry, too

	// Call is how long a call may last, 1 h, negative: for ever. From Warning before its end on, 2 min or a quarter
	// of Call, the model is told so at the end of each request. Then no further reply is asked for: what is under way
	// is finished, Sona says goodbye, and the outcome is call.TimeLimit. A Chat notices it when the caller says
	// something.
	Call    time.Duration
	Warning time.Duration

	// History is how many tokens of the conversation the model is sent, ⌈bytes/3⌉ each: three quarters of what the
	// Profile keeps free, at most 32,000. What is longer loses its oldest exchanges, an exchange being the caller's
	// words with all that came until their next, until half is left: so the beginning of the requests stays the
	// same for long, and no call is parted from its answer. The newest exchange is never left out; where it is too
	// long by itself, the answers of its oldest actions are. The record keeps all.
	History int
}

func (l Limits) withDefaults(p prompt.Profile) Limits {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&l.Reply, 30 * time.Second}, {&l.FirstWord, 10 * time.Second}, {&l.Action, 20 * time.Second}, {&l.PlayOut, time.Minute}, {&l.Digits, 2 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if l.Rounds <= 0 {
		l.Rounds = 8
	}
	if l.Silence == 0 {
		l.Silence = 10 * time.Second
	}
	if l.Nudges == 0 {
		l.Nudges = 2
	}
	if l.Filler == 0 {
		l.Filler = 2 * time.Second
	}
	if l.Call == 0 {
		l.Call = time.Hour
	}
	if l.Warning <= 0 {
		l.Warning = min(2*time.Minute, l.Call/4)
	}
	if l.History <= 0 {
		l.History = min(conversation(p), mostHistory)
	}
	return l
}

const mostHistory = 32_000 // tokens

// conversation returns how many tokens the model's profile leaves for the conversation; a quarter of what it
// keeps free is for the reply.
func conversation(p prompt.Profile) int {
	const most, part = 128_000, 8 // as the profile has them
	reserve := p.Reserve
	if reserve == 0 {
		size := p.ContextTokens
		if size == 0 {
			size = most
		}
		reserve = size / part
	}
	return max(1, reserve-reserve/4)
}
