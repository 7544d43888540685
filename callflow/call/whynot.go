package call

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/job"
)

// ReasonKind is why a job, or an action of it, did not run.
type ReasonKind string

// The reasons, in the order in which an author should look at them. Seed 56.
const (
	StepNotReached      ReasonKind = "step_not_reached"      // the call never came to a Sona step that has the job
	NotAttached         ReasonKind = "not_attached"          // no published step has the job
	AttachedInDraftOnly ReasonKind = "attached_in_draft"     // a step has it in the draft, which is not published
	AttachedSince       ReasonKind = "attached_since"        // it was published after the call
	JobMissing          ReasonKind = "job_missing"           // it was attached, but deleted when the call began
	NoIntent            ReasonKind = "no_intent"             // nothing in the job says when it applies
	AnotherJobFits      ReasonKind = "another_job_fits"      // the call used another job that fits what the caller said as well
	NothingFitted       ReasonKind = "nothing_fitted"        // what the caller said has no word in common with the job
	ActionNotConfigured ReasonKind = "action_not_configured" // the job's action could not be offered
	CallerDeclined      ReasonKind = "caller_declined"       // the caller said no to what the action needed
	TargetUnreachable   ReasonKind = "target_unreachable"    // the action was tried and failed
	ActionNotReached    ReasonKind = "action_not_reached"    // the call ended before the job came to its action
)

// Reason is one answer to the question why something did not run.
type Reason struct {
	Kind   ReasonKind
	Job    job.ID          // the job that was asked about, or of AnotherJobFits the other one
	Step   callflow.StepID // where it matters
	Action job.ActionName  // of reasons about actions
	Text   string          // one sentence for an author, with what to do
}

// WhyNot says why a job, or actions of it, did not run on a call: it compares the record, what happened then,
// with the snapshot and the job, how things stand now. The most telling reason comes first; there is none
// when the job was used and every action of it was done. It is pure: it looks at nothing else. Seed 56.
func WhyNot(r Record, now callflow.Snapshot, j job.Job) []Reason {
	if j.IsZero() {
		return nil
	}
	w := whyNot{r: r, now: now, j: j}
	if slices.Contains(r.Used, j.ID()) {
		w.actions()
		return w.reasons
	}
	w.attachment()
	if _, had := r.Jobs[j.ID()]; had {
		w.choice()
	}
	w.actions()
	return w.reasons
}

type whyNot struct {
	r       Record
	now     callflow.Snapshot
	j       job.Job
	reasons []Reason
}

func (w *whyNot) addf(kind ReasonKind, step callflow.StepID, action job.ActionName, format string, args ...any) {
	w.reasons = append(w.reasons, Reason{Kind: kind, Job: w.j.ID(), Step: step, Action: action, Text: fmt.Sprintf(format, args...)})
}

// attachment looks for reasons in the flow: which steps have the job, then and now.
func (w *whyNot) attachment() {
	_, had := w.r.Jobs[w.j.ID()]
	missing := slices.ContainsFunc(w.r.Notes, func(n Note) bool { return n.Kind == NoteMissingJob && n.Job == w.j.ID() })
	published, _ := w.now.Flow().Published()
	live, draft := stepsWith(published, w.j.ID()), stepsWith(w.now.Flow().Draft(), w.j.ID())
	switch {
	case had:
	case missing:
		w.addf(JobMissing, w.r.Step, "", "the job was attached but deleted when the call began: restore it, or detach it")
	case w.r.Step == "" && len(live) > 0:
		w.addf(StepNotReached, live[0], "", "the call reached no Sona step: look at the steps before %q, such as business hours and ringing people", live[0])
	case len(live) > 0 && !slices.Contains(live, w.r.Step):
		w.addf(StepNotReached, live[0], "", "the call ran on the step %q; the job is attached to %q", w.r.Step, live)
	case len(live) > 0:
		w.addf(AttachedSince, w.r.Step, "", "the job is attached now, and was not in version %d, which the call ran on", w.r.Version)
	case len(draft) > 0:
		w.addf(AttachedInDraftOnly, draft[0], "", "the job is attached to %q in the draft only: publish the flow", draft)
	default:
		w.addf(NotAttached, w.r.Step, "", "no step of the flow has the job: attach it and publish")
	}
}

func stepsWith(v callflow.Version, id job.ID) []callflow.StepID {
	var ids []callflow.StepID
	for _, s := range v.Steps() {
		if k, ok := s.Is.(callflow.SonaStep); ok && slices.Contains(k.Jobs, id) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// choice looks for reasons why a job that the call had was not chosen.
func (w *whyNot) choice() {
	if w.r.Step == "" {
		w.addf(StepNotReached, "", "", "the call reached no Sona step")
		return
	}
	spec := w.j.Spec()
	if strings.TrimSpace(spec.CallerIntent) == "" && w.j.Outline().Goal == "" {
		w.addf(NoIntent, w.r.Step, "", "the job does not say when it applies: fill in the caller intent, or open the instructions with the goal")
	}
	said := w.callerWords()
	if said == "" {
		w.addf(NothingFitted, w.r.Step, "", "the caller said nothing that a job could be chosen by")
		return
	}
	w.rivals(said)
}

// rivals compares how well the job and the jobs that were used fit the caller's words.
func (w *whyNot) rivals(said string) {
	jobs := []job.Job{w.j}
	for _, id := range w.r.Used {
		for _, j := range w.now.Jobs(w.r.Step) {
			if j.ID() == id {
				jobs = append(jobs, j)
			}
		}
	}
	score := make([]float64, len(jobs))
	index := bm25.New(func(yield func(bm25.Doc) bool) {
		for _, j := range jobs {
			s := j.Spec()
			if !yield(bm25.Doc{Text: s.Name + "\n" + s.Description + "\n" + s.CallerIntent + "\n" + j.Outline().Goal}) {
				return
			}
		}
	})
	for _, hit := range index.Rank(said, len(jobs)) {
		score[hit.Doc] = hit.Score
	}
	if score[0] == 0 {
		w.addf(NothingFitted, w.r.Step, "", "the caller's words have nothing in common with the job's name, description, intent and goal: say there when it applies, in callers' words")
	}
	for i, j := range jobs[1:] {
		if score[i+1] > 0 || score[0] > 0 {
			w.reasons = append(w.reasons, Reason{Kind: AnotherJobFits, Job: j.ID(), Step: w.r.Step, Text: fmt.Sprintf(
				"the call used %q, which fits what the caller said as well (%.1f against %.1f): make the two caller intents tell them apart", j.Name(), score[i+1], score[0])})
		}
	}
}

func (w *whyNot) callerWords() string {
	var said []string
	for _, t := range w.r.Turns {
		if t.By == ByCaller {
			said = append(said, t.Heard())
		}
	}
	return strings.TrimSpace(strings.Join(said, "\n"))
}

// actions looks for reasons why actions of the job did not run: what the notes and effects say, and for the
// rest of a used job that it did not come so far.
func (w *whyNot) actions() {
	tried := map[job.ActionName]bool{}
	for _, n := range w.r.Notes {
		if n.Job != w.j.ID() {
			continue
		}
		switch n.Kind {
		case NoteActionUnavailable:
			tried[n.Action] = true
			w.addf(ActionNotConfigured, w.r.Step, n.Action, "%s could not be offered: %s", n.Action, n.Text)
		case NoteDeclined:
			tried[n.Action] = true
			w.addf(CallerDeclined, w.r.Step, n.Action, "%s: %s", n.Action, n.Text)
		default: // the others are not about this action
		}
	}
	for _, f := range w.r.Effects {
		if f.Job != w.j.ID() {
			continue
		}
		tried[f.Action] = true
		if f.Err != "" {
			w.addf(TargetUnreachable, w.r.Step, f.Action, "%s was tried and failed: %s", f.Action, f.Err)
		}
	}
	if !slices.Contains(w.r.Used, w.j.ID()) {
		return
	}
	for _, u := range w.j.Outline().Actions {
		if !tried[u.Name] {
			tried[u.Name] = true
			w.addf(ActionNotReached, w.r.Step, u.Name, "the job was used, but the call ended (%s) before it came to %s", w.r.Outcome.Kind, u.Name)
		}
	}
}
