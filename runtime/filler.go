package runtime

import "time"

// fillLater says after a while that the action takes a moment, once for each thing that the caller said. Silence
// counts from when Sona's last words were heard. The model does not learn of it.
func (e *engine) fillLater(a *acting, after time.Duration) {
	if e.rt.limits.Filler < 0 || e.filled {
		return
	}
	if a.filler != nil {
		a.filler.Stop()
	}
	a.filler = time.AfterFunc(after, func() { e.mail.post(func() { e.fillSilence(a) }) })
}

func (e *engine) fillSilence(a *acting) {
	if e.acting != a || a.id == "" && len(e.todo.calls) == 0 || e.filled || e.over || e.ended || e.ending != nil {
		return // it came back, or the caller went on speaking
	}
	if e.speaking != nil {
		if wait := e.speaking() + e.rt.limits.Filler; wait > 0 {
			e.fillLater(a, wait)
			return
		}
	}
	e.filled = true
	e.fillers++
	e.speak(variant(e.sona, fillers, e.fillers-1))
}
