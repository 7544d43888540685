package mockcall

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type junitSuite struct {
	XMLName  xml.Name        `xml:"testsuite"`
	Name     string          `xml:"name,attr"`
	Tests    int             `xml:"tests,attr"`
	Failures int             `xml:"failures,attr"`
	Skipped  int             `xml:"skipped,attr"`
	Props    []junitProperty `xml:"properties>property"`
	Cases    []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report in the XML that build servers read: a test case for each run, an invalid run as
// skipped. A failure holds the problems and the transcript of the call, with what callers said.
func (r *Report) WriteJUnit(w io.Writer) error {
	s := junitSuite{Name: "mock calls", Tests: len(r.Runs), Props: []junitProperty{{"engine", r.Engine}, {"texts", r.Texts.Sum()}}}
	if r.Rehearsed {
		s.Props = append(s.Props, junitProperty{"note", notProved})
	}
	for _, run := range r.Runs {
		c := junitCase{Class: printable(run.Scenario), Name: fmt.Sprintf("seed %d", run.Seed)}
		message := printable(strings.Join(run.Problems, "; "))
		switch run.Outcome {
		case RunFailed:
			s.Failures++
			c.Failure = &junitMessage{message, printable(run.Result.Transcript())}
		case RunInvalid:
			s.Skipped++
			c.Skipped = &junitMessage{Message: "invalid: " + message}
		case RunPassed:
		}
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// printable leaves out what XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
