package prompt_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

const (
	nonce = "K7Q2M4X6B3ZA"
	desk  = callflow.Line("+15551230000")
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// scene is what a prompt is built from. Its jobs are job-1, job-2 and so on, its pages page-1, page-2.
type scene struct {
	step     callflow.SonaStep
	settings callflow.SettingsSpec
	jobs     []job.Spec
	pages    []knowledge.Spec
	options  prompt.Options
	nonce    string
}

func (s scene) snapshot(t testing.TB) callflow.Snapshot {
	t.Helper()
	var jobs []job.Job
	for i, spec := range s.jobs {
		id := job.ID(fmt.Sprintf("job-%d", i+1))
		j, err := job.Restore(id, job.Stamp{Revision: 1}, spec)
		require.NoError(t, err)
		jobs, s.step.Jobs = append(jobs, j), append(s.step.Jobs[:i:i], id)
	}
	var pages []knowledge.Page
	for i, spec := range s.pages {
		id := knowledge.ID(fmt.Sprintf("page-%d", i+1))
		p, err := knowledge.Restore(id, job.Stamp{Revision: 1}, spec)
		require.NoError(t, err)
		pages, s.step.Pages = append(pages, p), append(s.step.Pages[:i:i], id)
	}
	settings, err := callflow.NewSettings(s.settings)
	require.NoError(t, err)
	if s.nonce == "" {
		s.nonce = nonce
	}
	return join(t, s.step, jobs, pages, settings.Stamped("ws-1", s.nonce, job.Stamp{Revision: 1}))
}

// join publishes a flow with one Sona step and joins it with its texts.
func join(t testing.TB, step callflow.SonaStep, jobs []job.Job, pages []knowledge.Page, settings callflow.Settings) callflow.Snapshot {
	t.Helper()
	f, err := callflow.New(callflow.Simple("Desk", desk, step))
	require.NoError(t, err)
	f, err = f.Publish(noon, "ana")
	require.NoError(t, err)
	v, _ := f.Published()
	return callflow.NewSnapshot(f, v, jobs, pages, settings)
}

func (s scene) build(t testing.TB) prompt.Prompt {
	t.Helper()
	p, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	require.NoError(t, err)
	return p
}

// salon is the scene that most tests begin with: two jobs, two pages, two guardrails.
func salon() scene {
	return scene{
		step: callflow.SonaStep{Greeting: "Thank you for calling Lumen Hair. I am Sona, an AI assistant, and this call is recorded. How can I help?",
			Persona: callflow.Persona{Tone: "warm and brisk", Languages: []callflow.Language{callflow.English, callflow.Spanish}}},
		settings: callflow.SettingsSpec{Guardrails: []string{"Never quote a price that is not in Knowledge.", "Give no medical advice."}},
		jobs: []job.Spec{
			{Name: "Change a booking", Description: "Move or cancel an appointment.",
				CallerIntent: "The caller wants to move or cancel an appointment.",
				Instructions: `Goal: the booking is moved or cancelled, and the caller has it in writing.

# Steps
1. Ask for the name on the booking.
2. Ask which day they had.
3. Offer to move it before you cancel it.
4. Read the new day and time back.
5. {{action send_sms text="Your booking at {{salon_name | default: \"Lumen Hair\"}} is changed. See you soon!"}}

If the caller will not give a name, ask once more, then go on.
`,
				Results: []job.Field{
					{Name: "Name on the booking", Required: true, Ask: "What name is the booking under?"},
					{Name: "Wish", Type: job.ChoiceField, Choices: []string{"move", "cancel"}},
				}},
			{Name: "Take a message", Description: "For whoever is not in.",
				Instructions: `This job takes a message for the person who is not in.
1. Ask who the message is for.
2. Ask for a number to call back.
3. Offer the voicemail for longer messages: {{action voicemail}}
4. Say goodbye. {{action end_call}}`,
				Results: []job.Field{{Name: "Callback number", Type: job.PhoneField, Required: true}}},
		},
		pages: []knowledge.Spec{
			{Title: "Opening hours", Text: "Tuesday to Friday 9:00 to 18:00.\nSaturday 9:00 to 14:00.\n\nSunday and Monday closed."},
			{Title: "Prices", Text: "# Prices\n- Cut: 45 dollars\n- Colour: from 80 dollars"},
		},
	}
}

// part returns the text from one mark up to, and without, the next one.
func part(t testing.TB, text, from, to string) string {
	t.Helper()
	start := strings.Index(text, from)
	require.GreaterOrEqual(t, start, 0, "there is no %q", from)
	end := strings.Index(text[start:], to)
	require.GreaterOrEqual(t, end, 0, "there is no %q behind %q", to, from)
	return text[start : start+end]
}

// body returns what stands between the fences of a job or page, without the fence lines.
func body(t testing.TB, text, what string) string {
	t.Helper()
	open, end := "\n<<"+what+" "+nonce+">>\n", "\n<<end "+what+" "+nonce+">>\n"
	require.Equal(t, 1, strings.Count(text, open), open)
	require.Equal(t, 1, strings.Count(text, end), end)
	return strings.TrimPrefix(part(t, text, open, end), open) + "\n"
}

// ours are the headings of the stable part; nothing else may look like one.
var ours = []string{"# 1. Your role", "# 2. How to read this", "# 3. Rules", "# 4. Actions", "# 5. Knowledge",
	"# 6. Jobs at a glance", "# 7. Jobs", "# 8. How jobs are used", "# 9. Remember"}

var (
	fenceLine = regexp.MustCompile(`(?m)^<<(?:end )?(?:job|page|call|history)\b[^\n]*>>$`) // <<first name>> is what people write
	heading   = regexp.MustCompile(`^[\s>]*(?:(?:[-*+•]|\d+[.)])\s+)*[#＃﹟]{1,2}(?:\s|\d+[.)]|$)`)
	ruler     = regexp.MustCompile(`^[\s>]*(?:=+|-+)\s*$`)
)

// checkStructure holds a stable part against what it must look like whatever the texts in it say: its
// fences and headings are the assembler's, in order, even where a text knows the nonce; page lines are
// prefixed; nothing else reads as a fence, a control token or a marker of an action.
func checkStructure(t testing.TB, p prompt.Prompt) {
	t.Helper()
	var fences []string
	for i := range p.Plan.Pages {
		fences = append(fences, fmt.Sprintf("<<page P%d %s>>", i+1, nonce), fmt.Sprintf("<<end page P%d %s>>", i+1, nonce))
	}
	for _, j := range p.Plan.Jobs {
		if j.Open {
			fences = append(fences, fmt.Sprintf("<<job %s %s>>", j.Handle, nonce), fmt.Sprintf("<<end job %s %s>>", j.Handle, nonce))
		}
	}
	got := fenceLine.FindAllString(p.Stable, -1)
	require.Equal(t, strings.Join(fences, "\n"), strings.Join(got, "\n"))

	var headings []string
	above, inPage := "", false
	for l := range strings.SplitSeq(strings.TrimSuffix(p.Stable, "\n"), "\n") {
		fence := fenceLine.MatchString(l)
		if fence {
			inPage = strings.HasPrefix(l, "<<page ")
		}
		if inPage && !fence && !strings.HasPrefix(l, "| ") { // there are many lines: one that is right costs no call of require
			require.Fail(t, "a line of a page without its bar", "%q", l)
		}
		if heading.MatchString(l) {
			headings = append(headings, l)
		}
		if strings.TrimSpace(above) != "" && ruler.MatchString(l) {
			require.Fail(t, "a line makes a heading of the one above", "%q makes a heading of %q", l, above)
		}
		above = l
	}
	require.Equal(t, ours, headings)
	checkTokens(t, p)
}
