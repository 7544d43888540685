package runtime

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// summarize makes the summary of a call from what was said and done, word for word: it invents nothing and
// asks no model. Values of results are what the caller answered when Sona asked for them.
func summarize(r call.Record, jobs attached) call.Summary {
	s := call.Summary{Status: call.SummaryCompleted, Summary: []string{}, NextSteps: []string{}, Jobs: []call.JobResult{}}
	if first := firstWords(r); first != "" {
		s.Summary = append(s.Summary, fmt.Sprintf("The caller said: “%s”", first))
	}
	for _, id := range r.Used {
		j, ok := jobs(id)
		if !ok {
			continue
		}
		s.Summary = append(s.Summary, "Job used: "+j.Name()+".")
		found := results(r, j)
		s.Jobs = append(s.Jobs, call.JobResult{Name: j.Name(), Result: call.Result{Data: found}})
		for i, f := range j.Spec().Results {
			if f.Required && found[i].Value == nil {
				s.NextSteps = append(s.NextSteps, askFor(f, j.Name()))
			}
		}
	}
	for _, f := range r.Effects {
		line, next := tell(f)
		s.Summary = append(s.Summary, line)
		if next != "" {
			s.NextSteps = append(s.NextSteps, next)
		}
	}
	s.Summary = append(s.Summary, endings[r.Outcome.Kind])
	if r.Outcome.Kind == call.Voicemail {
		s.NextSteps = append(s.NextSteps, "Listen to the voicemail.")
	}
	return s
}

// attached finds a job that was attached when the call began.
type attached func(job.ID) (job.Job, bool)

func planned(p prompt.Prompt) attached {
	jobs := make([]job.Job, len(p.Plan.Jobs))
	for i, j := range p.Plan.Jobs {
		jobs[i] = j.Job
	}
	return among(jobs)
}

func among(jobs []job.Job) attached {
	return func(id job.ID) (job.Job, bool) {
		i := slices.IndexFunc(jobs, func(j job.Job) bool { return j.ID() == id })
		if i < 0 {
			return job.Job{}, false
		}
		return jobs[i], true
	}
}

func firstWords(r call.Record) string {
	for _, t := range r.Turns {
		if t.By == call.ByCaller {
			return strings.Join(strings.Fields(t.Heard()), " ")
		}
	}
	return ""
}

var endings = map[call.OutcomeKind]string{
	call.Transferred: "The caller was transferred.",
	call.Voicemail:   "The caller went on to voicemail.",
	call.Ended:       "The conversation came to its end.",
	call.HungUp:      "The caller hung up.",
	call.NoInput:     "The caller said nothing any more.",
	call.TimeLimit:   "The call reached its longest duration.",
	call.Fallback:    "Sona could not go on.",
	call.Failed:      "The line failed.",
}

// tell says what came of an action, and what is left to do.
func tell(f call.Effect) (line, next string) {
	name := strings.ReplaceAll(string(f.Action), "_", " ")
	switch {
	case !f.Done:
		return "Begun, with an unknown end: " + name + ".", "Check whether it was done: " + name + "."
	case f.Err != "":
		return "Failed: " + name + " (" + f.Err + ").", "See to what failed: " + name + "."
	}
	return "Done: " + name + ".", ""
}

// results returns a value for each result of a job, nil where the call did not tell. A later answer to the
// same question corrects an earlier one.
func results(r call.Record, j job.Job) []call.Datum {
	fields := j.Spec().Results
	data := make([]call.Datum, len(fields))
	for i, f := range fields {
		data[i].Name = f.Name
	}
	for _, x := range exchanges(r, j.ID()) {
		i := asked(fields, x.question)
		if i < 0 {
			continue
		}
		if value, ok := answer(fields[i], x.answer, data[i].Value != nil); ok {
			data[i].Value = value
		}
	}
	return data
}

// answer reads the value of a field out of an answer. Where a value is whatever the caller said, words that
// decline are none; once there is a value, a plain yes confirms it and "No, it is Ann" corrects it.
func answer(f job.Field, said string, known bool) (value any, ok bool) {
	if !verbatim(f.Type) {
		return f.Parse(said)
	}
	if assent.Declines(said) || assent.Lacks(said) && !strings.ContainsAny(said, "0123456789") {
		return nil, false
	}
	if head, rest, ok := strings.Cut(said, ","); ok && len(assent.Words(head)) == 1 && assent.Declines(head) {
		if !known {
			return nil, false
		}
		said = rest
	}
	value, ok = f.Parse(said)
	if text, _ := value.(string); known && assent.Agrees(text) && len(assent.Words(text)) <= 3 {
		return nil, false
	}
	return value, ok
}

// verbatim reports whether a value of this type is whatever the caller said.
func verbatim(t job.FieldType) bool {
	return t == job.TextField || t == job.DateField || t == job.TimeField
}

// exchange is what Sona said and what the caller answered.
type exchange struct{ question, answer string }

// exchanges returns the exchanges that belong to a job: those under its mark, and, when the call used no
// other job, those of which nothing is known.
func exchanges(r call.Record, id job.ID) []exchange {
	var all []exchange
	question, ours := "", false
	for _, t := range r.Turns {
		if t.By == call.ByCaller {
			if ours && question != "" {
				all = append(all, exchange{question, t.Heard()})
			}
			question, ours = "", false
			continue
		}
		question = strings.TrimSpace(question + " " + t.Heard())
		ours = ours || t.Job == id || t.Source == call.SourceUnknown && len(r.Used) == 1
	}
	return all
}

// asked returns the field that a question asks for: the one whose name or own question it repeats best,
// and at least by half; -1 when there is none.
func asked(fields []job.Field, question string) int {
	said := map[string]bool{}
	for _, t := range bm25.Tokens(lastQuestion(question)) {
		said[t] = true
	}
	best, most := -1, 0.5
	for i, f := range fields {
		score := max(0.9*share(f.Name, said), share(f.Ask, said)) // its own question tells more than a name
		if score > most || score == most && best < 0 {
			best, most = i, score
		}
	}
	return best
}

// lastQuestion returns the last sentence of text that asks something; all of it when none does.
func lastQuestion(text string) string {
	end := strings.LastIndexAny(text, "?？")
	if end < 0 {
		return text
	}
	start := strings.LastIndexAny(text[:end], ".!?¿")
	return text[start+1 : end]
}

// share returns which part of the words of text was said.
func share(text string, said map[string]bool) float64 {
	words := bm25.Tokens(strings.ReplaceAll(text, "_", " "))
	if len(words) == 0 {
		return 0
	}
	n := 0
	for _, w := range words {
		if said[w] {
			n++
		}
	}
	return float64(n) / float64(len(words))
}
