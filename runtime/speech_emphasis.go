package runtime

// emphasisStage takes out the stars and underscores that set a text off. They stay where they are part of it:
// 2*3, 5 * 4, "a 5* hotel", snake_case.
type emphasisStage struct {
	run    []rune // stars and underscores in a row, as many as matter
	before rune   // what came before them; 0 at the beginning
	open   int    // single stars that opened something
}

// emphasise is the second stage.
func (s *speech) emphasise(r rune) {
	e := &s.emphasis
	if r == '*' || r == '_' {
		const enough = 8 // no more stars mean anything
		if len(e.run) < enough || e.run[0] != r {
			e.run = append(e.run, r)
		}
		if len(e.run) > enough {
			e.run = append(e.run[:0], '*', '_', '*')
		}
		return
	}
	if len(e.run) > 0 {
		if e.keep(r) {
			for _, c := range e.run {
				s.word(c)
			}
		} else if blank(e.before) && blank(r) {
			s.word(gapHere)
		}
		e.run = e.run[:0]
	}
	e.before = r
	s.word(r)
}

// keep reports whether the run before r is part of the text.
func (e *emphasisStage) keep(r rune) bool {
	stars, unders := 0, 0
	for _, c := range e.run {
		if c == '*' {
			stars++
		} else {
			unders++
		}
	}
	before := e.before
	switch {
	case stars == 0:
		return wordly(before) && wordly(r)
	case unders > 0 || stars > 2:
		return false
	case digit(before) && digit(r):
		return true
	case stars == 2:
		return false
	case blank(before) && blank(r):
		return true
	case digit(before) && !wordly(r) && e.open == 0:
		return true
	case !blank(r) && !wordly(before):
		e.open++
	default:
		e.open = max(0, e.open-1)
	}
	return false
}
