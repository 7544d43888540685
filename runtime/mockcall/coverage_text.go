package mockcall

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Count returns how many parts of a kind there are in all jobs, and how many were reached by calls that passed.
func (c *Coverage) Count(k PartKind) (reached, all int) {
	for _, j := range c.Jobs {
		for _, p := range j.Parts {
			if p.Kind != k {
				continue
			}
			all++
			if p.Passed > 0 {
				reached++
			}
		}
	}
	return reached, all
}

// Text returns a table: for each job and kind how many parts calls that passed came to, and which they did not.
func (c *Coverage) Text() string {
	var b strings.Builder
	c.head(&b)
	for _, j := range c.Jobs {
		fmt.Fprintf(&b, "\n%s (revision %d)\n", j.Name, j.Revision)
		for _, k := range []PartKind{StepPart, BranchPart, RulePart, ActionPart, ResultPart, FaultPart} {
			reached, all := (&Coverage{Jobs: []JobCoverage{j}}).Count(k)
			if all == 0 {
				continue
			}
			fmt.Fprintf(&b, "  %-10s %3d of %3d", k, reached, all)
			var not []string
			for _, p := range j.Parts {
				if p.Kind == k && p.Passed == 0 {
					name := p.Name
					if p.Failed > 0 {
						name += " (by failed calls only)"
					}
					not = append(not, name)
				}
			}
			if not != nil {
				b.WriteString("   not: " + strings.Join(not, " · "))
			}
			b.WriteByte('\n')
		}
	}
	c.foot(&b)
	return b.String()
}

// Listing returns the text of each job, a line a line, with the calls that came to the parts of a line: how many passed,
// how many failed. A line with a part that no call came to has a !; one without parts has a dot. Where a line has several
// parts the numbers are those of the least reached.
func (c *Coverage) Listing() string {
	var b strings.Builder
	c.head(&b)
	for _, j := range c.Jobs {
		fmt.Fprintf(&b, "\n%s (revision %d)\npass  fail\n", j.Name, j.Revision)
		at := 0
		for line := range strings.Lines(j.Text) {
			end := at + len(line)
			least, found := Part{}, false
			for _, p := range j.Parts {
				if p.Kind == ResultPart || p.Span.Start < at || p.Span.Start >= end {
					continue
				}
				if !found || p.Passed < least.Passed || p.Passed == least.Passed && p.Failed < least.Failed {
					least, found = p, true
				}
			}
			switch {
			case !found:
				fmt.Fprintf(&b, "   .     .   %s\n", strings.TrimRight(line, "\n"))
			case !least.Reached():
				fmt.Fprintf(&b, "%4d  %4d ! %s\n", least.Passed, least.Failed, strings.TrimRight(line, "\n"))
			default:
				fmt.Fprintf(&b, "%4d  %4d   %s\n", least.Passed, least.Failed, strings.TrimRight(line, "\n"))
			}
			at = end
		}
		for _, p := range j.Parts {
			if p.Kind == ResultPart {
				mark := " "
				if !p.Reached() {
					mark = "!"
				}
				fmt.Fprintf(&b, "%4d  %4d %s result: %s\n", p.Passed, p.Failed, mark, p.Name)
			}
		}
	}
	c.foot(&b)
	return b.String()
}

// JSON returns the coverage as indented JSON, with the texts of the jobs.
func (c *Coverage) JSON() ([]byte, error) { return json.MarshalIndent(c, "", "  ") }

func (c *Coverage) head(b *strings.Builder) {
	fmt.Fprintf(b, "engine: %s\ncalls: %d passed, %d failed\n", c.Engine, c.Passed, c.Failed)
	if c.Unknown > 0 {
		fmt.Fprintf(b, "%d turns of Sona are of no known job: they cover nothing\n", c.Unknown)
	}
}

func (c *Coverage) foot(b *strings.Builder) {
	if c.Rehearsed {
		b.WriteString("\n" + notProved + "\n")
	}
}
