package compilecheck

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const mark = "// want error: "

// MustFail returns nil when src does not compile for exactly the reason that it states: every problem
// is on the one line that ends in "// want error: <regexp>", one of them matches, and without that
// line the rest compiles. So a program cannot fail for a wrong reason, a renamed method for example.
func MustFail(src []byte) error {
	bad, want, err := marked(src)
	if err != nil {
		return err
	}
	problems, err := Compile(src)
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		return fmt.Errorf("line %d compiles and must not", bad)
	}
	matched := false
	for _, p := range problems {
		if p.Line != bad {
			return fmt.Errorf("only line %d may be refused: %s", bad, p)
		}
		matched = matched || want.MatchString(p.Text)
	}
	if !matched {
		return fmt.Errorf("line %d is refused for another reason than %q: %s", bad, want, problems[0])
	}
	rest, err := Compile(without(src, bad))
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("without line %d the rest must compile: %s", bad, rest[0])
	}
	return nil
}

// marked finds the one bad line and what its error must match.
func marked(src []byte) (line int, want *regexp.Regexp, err error) {
	number := 0
	for text := range strings.Lines(string(src)) {
		number++
		_, pattern, ok := strings.Cut(strings.TrimSpace(text), mark)
		if !ok {
			continue
		}
		if line != 0 {
			return 0, nil, fmt.Errorf("lines %d and %d are marked: one program shows one thing", line, number)
		}
		line = number
		if want, err = regexp.Compile(pattern); err != nil {
			return 0, nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if line == 0 {
		return 0, nil, errors.New("no line is marked with " + strings.TrimSpace(mark))
	}
	return line, want, nil
}

// without empties a line, so that the others keep their numbers.
func without(src []byte, line int) []byte {
	lines := bytes.SplitAfter(src, []byte("\n"))
	lines[line-1] = []byte("\n")
	return bytes.Join(lines, nil)
}
