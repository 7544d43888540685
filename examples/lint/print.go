package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/sonajobs/sona/job/lint"
)

func write(out io.Writer, r lint.Report, format string) error {
	var err error
	switch format {
	case "json":
		_, err = out.Write(r.JSON())
	case "github":
		for _, e := range r.Entries {
			if _, err = fmt.Fprintln(out, annotation(e)); err != nil {
				return err
			}
		}
	default:
		_, err = io.WriteString(out, r.Text())
	}
	return err
}

// annotation is a workflow command of GitHub: it shows the finding beside the line in a pull request.
func annotation(e lint.Entry) string {
	kind := map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning"}[e.Severity]
	if kind == "" {
		kind = "notice"
	}
	at := "file=" + property.Replace(e.Where.Source)
	if e.Where.Line > 0 {
		at += fmt.Sprintf(",line=%d,col=%d,endColumn=%d", e.Where.Line, e.Where.Column, e.Where.To)
	}
	say := e.Message + " " + e.Why
	switch {
	case e.Question != "":
		say += " " + e.Question
	case e.Offer != nil:
		say += "\n" + strings.TrimSpace(e.Offer.Text)
	}
	return fmt.Sprintf("::%s %s,title=%s::%s", kind, at, property.Replace(string(e.Rule)), data.Replace(say))
}

// What a workflow command may not hold as it is.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
