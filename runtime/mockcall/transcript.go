package mockcall

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Transcript returns what was said, a line a turn, with the speaker, and behind Sona's name the job and step
// in hand as far as they are known. Of an interrupted turn it shows what was heard, and a dash. A nil Result has
// an empty transcript.
func (r *Result) Transcript() string {
	if r == nil {
		return ""
	}
	var b strings.Builder
	for _, t := range r.Record.Turns {
		who := "Caller"
		if t.By == call.ByAgent {
			who = "Sona" + r.inHand(t)
		}
		fmt.Fprintf(&b, "%s: %s", who, strings.ReplaceAll(t.Heard(), "\n", " "))
		if t.Interrupted {
			b.WriteString(" —")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (r *Result) inHand(t call.Turn) string {
	if t.Job == "" {
		return ""
	}
	text := " (" + r.name(t.Job)
	if t.Step != "" {
		text += ", step " + t.Step
	}
	return text + ")"
}

func (r *Result) name(id job.ID) string {
	for _, j := range r.Prompt.Plan.Jobs {
		if j.Job.ID() == id {
			return j.Job.Name()
		}
	}
	return string(id)
}

// notes returns what went otherwise than the jobs say, a line a note; empty when there is none. What a scripted
// model was told wrongly stands here, too.
func (r *Result) notes() string {
	var b strings.Builder
	for _, n := range r.Record.Notes {
		b.WriteString("note: " + string(n.Kind))
		if n.Job != "" {
			fmt.Fprintf(&b, ", job %q", r.name(n.Job))
		}
		if n.Action != "" {
			fmt.Fprintf(&b, ", %s", n.Action)
		}
		fmt.Fprintf(&b, ": %s\n", strings.ReplaceAll(n.Text, "\n", " "))
	}
	return b.String()
}
