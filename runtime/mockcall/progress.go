package mockcall

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// Progress says how far a suite is.
type Progress struct {
	Done, All int
	Failed    int           // of those done, invalid runs too
	Rest      time.Duration // an estimate: the time that a run took so far, times the runs that are left
}

// String returns the line that SONA_PROGRESS=1 prints.
func (p Progress) String() string {
	return fmt.Sprintf("%d of %d mock calls, %d not passed, about %s left", p.Done, p.All, p.Failed, p.Rest.Round(time.Second))
}

type progress struct {
	mu    sync.Mutex
	began time.Time
	state Progress
	tell  func(Progress)
}

// newProgress tells a callback, and standard error once a second where the environment asks for it.
func newProgress(tell func(Progress), all int) *progress {
	p := &progress{began: time.Now(), state: Progress{All: all}, tell: tell}
	if on := os.Getenv("SONA_PROGRESS"); on != "" && on != "0" && tell == nil {
		var last time.Time
		p.tell = func(s Progress) {
			if now := time.Now(); now.Sub(last) >= time.Second || s.Done == s.All {
				last = now
				fmt.Fprintln(os.Stderr, s)
			}
		}
	}
	return p
}

func (p *progress) done(r SuiteRun) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Done++
	if r.Outcome != RunPassed {
		p.state.Failed++
	}
	p.state.Rest = time.Since(p.began) / time.Duration(p.state.Done) * time.Duration(p.state.All-p.state.Done)
	if p.tell != nil {
		p.tell(p.state)
	}
}
