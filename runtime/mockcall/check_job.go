package mockcall

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/internal/spoken"
	"github.com/sonajobs/sona/job"
)

// The checks of this file rest on which job and step a turn belongs to. That is declared by the model or proved by an
// action, and never guessed: what is unknown passes none of them.

// Chose checks which job was taken in hand first, by its name.
func Chose(name string) Check {
	return func(r *Result) error {
		if len(r.Record.Used) == 0 {
			return fmt.Errorf("no job is known to have been used; expected %q", name)
		}
		if got := r.name(r.Record.Used[0]); got != name {
			return fmt.Errorf("job %q was chosen, not %q", got, name)
		}
		return nil
	}
}

// Reached checks that Sona said something at a step of a job, the step as its author numbered it.
func Reached(name, step string) Check {
	return func(r *Result) error {
		var steps []string
		for _, t := range r.known() {
			if r.name(t.Job) != name || t.Step == "" {
				continue
			}
			if t.Step == step {
				return nil
			}
			if !slices.Contains(steps, t.Step) {
				steps = append(steps, t.Step)
			}
		}
		return fmt.Errorf("step %s of job %q is not known to have been reached; reached: %q", step, name, steps)
	}
}

// known returns Sona's turns of which it is known which job they belong to.
func (r *Result) known() []call.Turn {
	var all []call.Turn
	for _, t := range r.Record.Turns {
		if t.By == call.ByAgent && t.Job != "" && t.Source != "" && t.Source != call.SourceUnknown {
			all = append(all, t)
		}
	}
	return all
}

// CollectedAs checks that a result has a value of a type: a number, true or false, or a text.
func CollectedAs(name, field string, want job.FieldType) Check {
	return func(r *Result) error {
		got, ok := r.Record.Summary.Get(name, field)
		if !ok {
			return fmt.Errorf("the summary has no result %q of job %q", field, name)
		}
		switch got.(type) {
		case float64:
			ok = want == job.NumberField
		case bool:
			ok = want == job.YesNoField
		case string:
			ok = want != job.NumberField && want != job.YesNoField
		default:
			ok = false
		}
		if !ok {
			return fmt.Errorf("result %q of job %q is %#v, not of type %s", field, name, got, want)
		}
		return nil
	}
}

// Skipped checks that a job's result has no value because the caller declined: Sona asked with these words while the
// job was in hand, and what the caller answered last was a refusal. Asking more often than twice is an error.
func Skipped(name, field, words string) Check {
	return func(r *Result) error {
		if got, ok := r.Record.Summary.Get(name, field); !ok || got != nil {
			return fmt.Errorf("result %q of job %q was not skipped: %#v", field, name, got)
		}
		asked, declined := 0, false
		for i, t := range r.Record.Turns {
			ours := t.By == call.ByAgent && t.Source != call.SourceUnknown && t.Job != "" && r.name(t.Job) == name
			if !ours || !holds(questions(t.Heard()), words) {
				continue
			}
			asked++
			if i+1 < len(r.Record.Turns) && r.Record.Turns[i+1].By == call.ByCaller {
				answer := r.Record.Turns[i+1].Text
				declined = assent.Refuses(answer) || assent.Declines(answer)
			}
		}
		switch {
		case asked == 0:
			return fmt.Errorf("job %q is not known to have asked %q: nothing was declined", name, words)
		case !declined:
			return fmt.Errorf("result %q of job %q is missing, and the caller did not decline it", field, name)
		case asked > 2:
			return fmt.Errorf("job %q asked %q %d times; a declined question is asked once more at most", name, words, asked)
		}
		return nil
	}
}

// EndedIn checks how the call ended while a job was in hand: what the job says about callers who go off its script, such
// as voicemail, came about.
func EndedIn(name string, kind call.OutcomeKind) Check {
	return func(r *Result) error {
		if err := Ends(kind)(r); err != nil {
			return err
		}
		known := r.known()
		if len(known) == 0 {
			return fmt.Errorf("it is not known which job was in hand at the end; expected %q", name)
		}
		if got := r.name(known[len(known)-1].Job); got != name {
			return fmt.Errorf("job %q was in hand at the end, not %q", got, name)
		}
		return nil
	}
}

// Returned checks that Sona left a job for another one and came back to it.
func Returned(from, other string) Check {
	return func(r *Result) error {
		var jobs []string
		for _, t := range r.known() {
			if name := r.name(t.Job); len(jobs) == 0 || jobs[len(jobs)-1] != name {
				jobs = append(jobs, name)
			}
		}
		for i := 2; i < len(jobs); i++ {
			a := slices.Index(jobs, from)
			if a >= 0 && slices.Contains(jobs[a:i], other) && jobs[i] == from {
				return nil
			}
		}
		return fmt.Errorf("there was no way from job %q to %q and back; known: %q", from, other, jobs)
	}
}

// UsesPage checks that Sona told what a Knowledge page says, by its title: a run of four of its words, or a number that
// neither the caller nor a job named.
func UsesPage(title string) Check {
	return func(r *Result) error {
		pages := slices.Concat(r.Prompt.Plan.Pages, r.Prompt.Plan.Found)
		i := slices.IndexFunc(pages, func(p knowledge.Page) bool { return p.Spec().Title == title })
		if i < 0 {
			return fmt.Errorf("the step has no page %q", title)
		}
		elsewhere := map[string]bool{}
		for _, j := range r.Prompt.Plan.Jobs {
			for _, w := range wordsOf(j.Job.Spec().Instructions) {
				elsewhere[w] = true
			}
		}
		page := wordsOf(pages[i].Spec().Text)
		numbers := map[string]bool{}
		for _, w := range page {
			if strings.ContainsFunc(w, unicode.IsDigit) {
				numbers[w] = true
			}
		}
		for _, t := range r.Record.Turns {
			said := wordsOf(t.Heard())
			if t.By == call.ByCaller {
				for _, w := range said {
					elsewhere[w] = true
				}
				continue
			}
			if _, n := longestRun(said, page); n >= 4 {
				return nil
			}
			for _, w := range said {
				if numbers[w] && !elsewhere[w] {
					return nil
				}
			}
		}
		return fmt.Errorf("nothing that Sona said is known to come from page %q", title)
	}
}

// numbering is what an author puts in front of steps, and nobody says.
var numbering = regexp.MustCompile(`(?m)^\s*\d+[.)]\s+`)

const mostAloud = 12 // words of instructions in a row

// NotReadAloud checks that Sona did not read instructions to the caller: no more than twelve words in a row of any job,
// but for what stands in quotation marks there.
func NotReadAloud() Check {
	return func(r *Result) error {
		for _, j := range r.Prompt.Plan.Jobs {
			for _, part := range unquoted(numbering.ReplaceAllString(j.Job.Spec().Instructions, "")) {
				text := wordsOf(part)
				for _, t := range r.Record.Turns {
					if t.By != call.ByAgent {
						continue
					}
					if at, n := longestRun(wordsOf(t.Heard()), text); n > mostAloud {
						return fmt.Errorf("%d words of the instructions of job %q were read aloud: %q", n, j.Job.Name(), strings.Join(text[at:at+n], " "))
					}
				}
			}
		}
		return nil
	}
}

// NoSecret checks that Sona neither says these nor hands them to an action, whatever the case, and of numbers however
// they are grouped.
func NoSecret(secrets ...string) Check {
	return func(r *Result) error {
		if len(secrets) == 0 {
			return errors.New("no secret to look for: that checks nothing")
		}
		for n, secret := range secrets {
			for _, t := range r.Record.Turns {
				if t.By == call.ByAgent && tells(t.Text, secret) {
					return fmt.Errorf("secret %d was said", n+1)
				}
			}
			for _, f := range r.Record.Effects {
				if tells(string(f.Args), secret) {
					return fmt.Errorf("secret %d was handed to %s", n+1, f.Action)
				}
			}
		}
		return nil
	}
}

func tells(text, secret string) bool {
	if holds(text, secret) {
		return true
	}
	d := digits(secret)
	return len(d) >= 4 && strings.Contains(digits(text), d)
}

// wordsOf cuts a text into words in small letters, without marks.
func wordsOf(s string) []string {
	return strings.FieldsFunc(spoken.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
}

// longestRun returns where in b the longest run of words is that a has, too, and how long it is.
func longestRun(a, b []string) (at, n int) {
	row := make([]int, len(b)+1)
	for i := range a {
		for k, word := range slices.Backward(b) {
			if a[i] != word {
				row[k+1] = 0
				continue
			}
			if row[k+1] = row[k] + 1; row[k+1] > n {
				at, n = k+1-row[k+1], row[k+1]
			}
		}
	}
	return at, n
}

// unquoted returns the parts of a text that stand in no quotation marks.
func unquoted(s string) []string {
	var parts []string
	in := false
	for part := range strings.FieldsFuncSeq(strings.NewReplacer("“", "\x00\"", "”", "\x00\"", "\"", "\x00\"").Replace(s), func(r rune) bool { return r == 0 }) {
		if strings.HasPrefix(part, `"`) {
			in = !in
		}
		if !in {
			parts = append(parts, part)
		}
	}
	return parts
}

// Deed is an action that [Wrote] expects.
type Deed struct {
	Action job.ActionName
	Args   []Arg
}

// Wrote checks that the call had just these effects, in any order: each deed was done once without an error, and
// nothing else was. Reads do not count, see Config.Reads, nor do the ends of a call (end_call, voicemail): [Ends] checks
// those. Without a deed nothing may have been done.
func Wrote(deeds ...Deed) Check {
	return func(r *Result) error {
		var done []call.Effect
		for _, f := range r.Record.Effects {
			if f.Done && f.Err == "" && f.Action != job.EndCall && f.Action != job.Voicemail && !slices.Contains(r.Reads, f.Action) {
				done = append(done, f)
			}
		}
		taken := make([]int, len(done)) // the deed that an effect is, from 1
		for i := range deeds {
			if !assign(i, deeds, done, taken, make([]bool, len(done))) {
				return fmt.Errorf("%s was not done as expected; done: %s", deeds[i].Action, list(done))
			}
		}
		if i := slices.Index(taken, 0); i >= 0 {
			return fmt.Errorf("%s was done, with %s, and not expected", done[i].Action, done[i].Args)
		}
		return nil
	}
}

// assign finds an effect for a deed; one that is taken is left to it when its deed finds another.
func assign(i int, deeds []Deed, done []call.Effect, taken []int, seen []bool) bool {
	for k, f := range done {
		if seen[k] || f.Action != deeds[i].Action || !accepted(f, deeds[i].Args) {
			continue
		}
		seen[k] = true
		if taken[k] == 0 || assign(taken[k]-1, deeds, done, taken, seen) {
			taken[k] = i + 1
			return true
		}
	}
	return false
}

func list(done []call.Effect) string {
	all := make([]string, len(done))
	for i, f := range done {
		all[i] = fmt.Sprintf("%s %s", f.Action, f.Args)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// AtLeast checks how often an action was carried out without an error, with these arguments, at the least.
func AtLeast(n int, action job.ActionName, args ...Arg) Check {
	return times(action, args, func(got int) bool { return got >= n }, fmt.Sprintf("at least %d times", n))
}

// None checks that an action was not carried out with these arguments; tries that failed do not count, as they do for
// [Never].
func None(action job.ActionName, args ...Arg) Check { return Exactly(0, action, args...) }

// Left checks a row of a [World] after the call: its fields compared as JSON, those alone that want has. A nil want
// expects that there is no such row.
func Left(w *World, table, key string, want map[string]any) Check {
	return func(*Result) error {
		row, ok := w.Row(table, key)
		switch {
		case want == nil && ok:
			return fmt.Errorf("row %q of %q is there: %v", key, table, row)
		case want == nil:
			return nil
		case !ok:
			return fmt.Errorf("row %q of %q is not there", key, table)
		}
		for name, v := range want {
			a, _ := json.Marshal(row[name])
			b, _ := json.Marshal(v)
			if string(a) != string(b) {
				return fmt.Errorf("row %q of %q has %s = %s, not %s", key, table, name, a, b)
			}
		}
		return nil
	}
}
