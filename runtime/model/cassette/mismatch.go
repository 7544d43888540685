package cassette

import (
	"fmt"
	"strings"
)

const (
	mostDiff = 40  // lines of a difference
	mostLine = 160 // characters of one of them
)

// MismatchError says that a request is not recorded. It shows parts of both requests, redacted as the file is.
type MismatchError struct {
	Path    string
	Times   int    // how often this very request is recorded: it was made once more than that; 0 when it is not
	Nearest int    // the recording of the nearest other request, from 1; 0 when there is none
	Diff    string // what differs: lines of the nearest recording (-) and of this request (+); at most 40 lines
}

func (e *MismatchError) Error() string {
	switch {
	case e.Times > 0:
		return fmt.Sprintf("cassette %s: this request is recorded %d times and was made once more", e.Path, e.Times)
	case e.Nearest == 0:
		return fmt.Sprintf("cassette %s: this request is not recorded, nor is any other:\n%s", e.Path, e.Diff)
	}
	return fmt.Sprintf("cassette %s: this request is not recorded; from the nearest, recording %d (-), it (+) differs in:\n%s", e.Path, e.Nearest, e.Diff)
}

func (c *Cassette) mismatch(q question, times int) error {
	d := c.tape.doc
	return nearest(c.tape.config, times, q.lines(), len(d.Recordings), func(i int) []string { return d.Recordings[i].question(d.Prompts).lines() })
}

// nearest finds the recording that has most lines in common with a request.
func nearest(c Config, times int, asked []string, recordings int, recorded func(int) []string) error {
	e := &MismatchError{Path: c.Path, Times: times}
	if times > 0 {
		return e
	}
	have := map[string]int{}
	for _, l := range asked {
		have[l]++
	}
	var lines []string
	best := -1.0
	for i := range recordings {
		other := recorded(i)
		shared, left := 0, map[string]int{}
		for _, l := range other {
			if left[l]++; left[l] <= have[l] {
				shared++
			}
		}
		if score := float64(2*shared) / float64(max(1, len(asked)+len(other))); score > best {
			best, lines, e.Nearest = score, other, i+1
		}
	}
	e.Diff = scrub(c, diff(lines, asked))
	return e
}

// scrub takes out of a difference what looks like a key: it was never written, and stands in the request only.
func scrub(c Config, text string) string {
	for _, p := range c.patterns() {
		text = p.form.ReplaceAllString(text, "[secret]")
	}
	return text
}

// change is a line that only one of two texts has.
type change struct {
	sign byte // '-', '+', or ' ' where lines that both have were left out
	line string
}

// diff shows where two texts differ, line by line.
func diff(before, after []string) string {
	changes := compare(before, after)
	var b strings.Builder
	shown := 0
	for i := range changes {
		if shown == mostDiff-1 && len(changes)-i > 1 {
			fmt.Fprintf(&b, "  … and %d lines more\n", len(changes)-i)
			break
		}
		c := changes[i]
		other := ""
		switch {
		case c.sign == '-' && i+1 < len(changes) && changes[i+1].sign == '+':
			other = changes[i+1].line
		case c.sign == '+' && i > 0 && changes[i-1].sign == '-':
			other = changes[i-1].line
		}
		fmt.Fprintf(&b, "%c %s\n", c.sign, window(c.line, other))
		shown++
	}
	return b.String()
}

// mostCells bounds the table of a comparison. Texts that are longer differ from their first difference on.
const mostCells = 4 << 20

// compare returns the lines that only one text has, those of before in front where lines were replaced.
func compare(before, after []string) []change {
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	n, m := len(before), len(after)
	if n*m > mostCells {
		return replaced(before, after)
	}
	longest := make([]int32, (n+1)*(m+1)) // common to the texts from line i and k on
	at := func(i, k int) *int32 { return &longest[i*(m+1)+k] }
	for i := n - 1; i >= 0; i-- {
		for k := m - 1; k >= 0; k-- {
			if before[i] == after[k] {
				*at(i, k) = *at(i+1, k+1) + 1
			} else {
				*at(i, k) = max(*at(i+1, k), *at(i, k+1))
			}
		}
	}
	var all []change
	for i, k := 0, 0; i < n || k < m; {
		if i < n && k < m && before[i] == after[k] {
			if len(all) > 0 && all[len(all)-1].sign != ' ' {
				all = append(all, change{' ', "…"})
			}
			i, k = i+1, k+1
			continue
		}
		from, to := i, k
		for i < n && (k == m || before[i] != after[k]) && (k == m || *at(i+1, k) >= *at(i, k+1)) {
			i++
		}
		for k < m && (i == n || before[i] != after[k]) && (i == n || *at(i+1, k) < *at(i, k+1)) {
			k++
		}
		all = append(all, replaced(before[from:i], after[to:k])...)
	}
	return all
}

// replaced pairs the lines of two texts, one for one while it lasts.
func replaced(before, after []string) []change {
	var all []change
	for i := range max(len(before), len(after)) {
		if i < len(before) {
			all = append(all, change{'-', before[i]})
		}
		if i < len(after) {
			all = append(all, change{'+', after[i]})
		}
	}
	return all
}

// window is the part of a line where it begins to differ from the other one.
func window(line, other string) string {
	runes, others := []rune(line), []rune(other)
	same := 0
	for same < len(runes) && same < len(others) && runes[same] == others[same] {
		same++
	}
	if from := same - mostLine/2; other != "" && len(runes) > mostLine && from > 0 {
		return "…" + cut(runes[from:], mostLine)
	}
	return cut(runes, mostLine)
}

func cut(runes []rune, most int) string {
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

// shorten cuts a text to so many characters, in one line.
func shorten(s string, most int) string {
	return cut([]rune(strings.Join(strings.Fields(s[:min(len(s), 8*most)]), " ")), most)
}
