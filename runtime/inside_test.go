package runtime

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// snapshot is a published step with a job and a page, all of which can be varied.
type parts struct {
	job      job.Spec
	page     knowledge.Spec
	sona     callflow.SonaStep
	settings callflow.SettingsSpec
	versions int
	revision int
}

func (p parts) snapshot(t *testing.T) callflow.Snapshot {
	t.Helper()
	j, err := job.Restore("job_a", job.Stamp{Revision: p.revision}, p.job)
	require.NoError(t, err)
	page, err := knowledge.Restore("page_a", job.Stamp{Revision: p.revision}, p.page)
	require.NoError(t, err)
	settings, err := callflow.NewSettings(p.settings)
	require.NoError(t, err)
	p.sona.Jobs, p.sona.Pages = append(p.sona.Jobs, j.ID()), append(p.sona.Pages, page.ID())
	f, err := callflow.New(callflow.Simple("desk", "+15550100", p.sona))
	require.NoError(t, err)
	for i := range p.versions {
		if i > 0 { // there and back again
			f = publish(t, f, "Something else.")
		}
		f = publish(t, f, p.sona.Greeting)
	}
	v, _ := f.Published()
	return callflow.NewSnapshot(f, v, []job.Job{j}, []knowledge.Page{page}, settings)
}

func publish(t *testing.T, f callflow.Flow, greeting string) callflow.Flow {
	t.Helper()
	f, err := f.EditDraft(func(d *callflow.Draft) error {
		return d.EditSona(callflow.Sona, func(s *callflow.SonaStep) { s.Greeting = greeting })
	})
	require.NoError(t, err)
	f, err = f.Publish(time.Time{}, "ann")
	require.NoError(t, err)
	return f
}

func base() parts {
	return parts{job: job.Spec{Name: "Job", Instructions: "1. Wait."}, page: knowledge.Spec{Title: "Page", Text: "Text."},
		sona: callflow.SonaStep{Greeting: "Hello."}, versions: 1, revision: 1}
}

// A prompt is shared by calls, and never by calls that differ in anything it is made of.
func TestPromptsAreSharedByEqualCallsOnly(t *testing.T) {
	key := func(p parts) string { return inputs(p.snapshot(t), callflow.Sona) }
	seen := map[string]string{key(base()): "the same"}
	require.NotEmpty(t, seen[key(base())])
	for name, change := range map[string]func(*parts){
		"job text":     func(p *parts) { p.job.Instructions = "1. Go." },
		"job name":     func(p *parts) { p.job.Name = "Other" },
		"job results":  func(p *parts) { p.job.Results = []job.Field{{Name: "x"}} },
		"revision":     func(p *parts) { p.revision = 2 },
		"page":         func(p *parts) { p.page.Text = "Other." },
		"page title":   func(p *parts) { p.page.Title = "Other" },
		"greeting":     func(p *parts) { p.sona.Greeting = "Hi." },
		"tone":         func(p *parts) { p.sona.Persona.Tone = "calm" },
		"missing job":  func(p *parts) { p.sona.Jobs = []job.ID{"job_gone"} },
		"missing page": func(p *parts) { p.sona.Pages = []knowledge.ID{"page_gone"} },
		"version":      func(p *parts) { p.versions = 2 },
		"guardrails":   func(p *parts) { p.settings.Guardrails = []string{"Be kind."} },
		"targets":      func(p *parts) { p.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "a"}} },
		"room":         func(p *parts) { p.settings.MaxTokens = 1000 },
	} {
		p := base()
		change(&p)
		k := key(p)
		require.Empty(t, seen[k], "%s", name)
		seen[k] = name
	}
}

func TestPromptsAreKeptAndBounded(t *testing.T) {
	c := newPrompts()
	s := base().snapshot(t)
	first, err := c.build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	again, err := c.build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	require.Equal(t, first.Stable, again.Stable)
	require.Len(t, c.built, 1)
	for i := range mostPrompts + 10 {
		p := base()
		p.revision = i + 2
		_, err := c.build(p.snapshot(t), callflow.Sona, prompt.Options{})
		require.NoError(t, err)
	}
	require.Len(t, c.built, mostPrompts)
	_, err = c.build(s, callflow.Sona, prompt.Options{Profile: prompt.Profile{ContextTokens: 10}})
	if _, kept := c.built[inputs(s, callflow.Sona)]; !kept {
		require.Error(t, err, "what does not fit is kept nowhere")
	}
}

func TestWhatWasHeardIsEstimatedFromTheTimeThatPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p playing
		require.Zero(t, p.rest(time.Minute))
		cut, ok := p.stop(0, -1)
		require.Empty(t, cut)
		require.True(t, ok)

		p.say(1, 0, 28, false) // two seconds
		p.say(2, 2, 14, false) // waits behind it for one more
		require.Equal(t, 4*time.Second, p.rest(time.Minute), "with a second for the line")
		require.Equal(t, 3*time.Second, p.rest(3*time.Second))
		time.Sleep(2500 * time.Millisecond)
		cut, _ = p.stop(0, -1)
		require.Equal(t, []silence{{2, 7}}, cut)
		require.Empty(t, p.queue)

		p.say(3, 4, 14, false)
		time.Sleep(10 * time.Second)
		p.say(3, 4, 14, false) // the model was slower than the voice
		time.Sleep(500 * time.Millisecond)
		cut, _ = p.stop(3, -1)
		require.Equal(t, []silence{{4, 21}}, cut)

		p.say(4, 6, 14, false)
		p.say(5, 8, 14, false)
		p.heard(PlayedOut{Utterance: 4})
		time.Sleep(500 * time.Millisecond)
		p.heard(PlayedOut{Utterance: 9})
		cut, _ = p.stop(0, -1)
		require.Equal(t, []silence{{8, 7}}, cut, "the next begins when the one before it was heard")

		p.say(6, 10, 14, false)
		p.say(7, 12, 14, false)
		cut, _ = p.stop(6, 3)
		require.Equal(t, []silence{{10, 3}, {12, 0}}, cut)
		p.say(8, 14, 14, false)
		p.say(9, 16, 14, false)
		cut, _ = p.stop(9, 3)
		require.Equal(t, []silence{{16, 3}}, cut, "they are heard in order")

		p.say(10, 18, 14, false)
		p.heard(PlayedOut{})
		require.Zero(t, p.rest(time.Minute))
		p.say(10, 18, 0, false) // the piece that only says that it was the last
		cut, ok = p.stop(0, 0)
		require.Empty(t, cut, "what the host said was heard stays heard")
		require.True(t, ok)
	})
}

func TestWhatIsToldToTheModelFits(t *testing.T) {
	require.Equal(t, "abc", clip("abc", 10))
	require.Equal(t, "a", clip("a\xff", 10))
	require.Equal(t, `"\"\"…"`, string(encode(clip(`""""""`, 9))))
	require.LessOrEqual(t, len(encode(clip("你好你好你好", 12))), 12)
	require.Equal(t, "null", string(encode(func() {})))
	_, err := decode([]byte("{"))
	require.ErrorIs(t, err, errNoJSON)
	require.Nil(t, redactJSON([]byte("{"), nil))
	require.Nil(t, redactJSON(nil, nil))
}

func TestTheHistoryIsValidWhateverIsCut(t *testing.T) {
	var h history
	require.Nil(t, h.named(nil))
	require.Nil(t, h.named([]model.ToolCall{}), "a reply without calls is kept as one that never had any")
	h.caller("Hi")
	one := h.agent("One.", nil)
	h.cut(one, "")
	h.cut(-1, "x")
	two := h.agent("Two.", h.named([]model.ToolCall{{ID: "a", Name: "x"}, {ID: "a", Name: "x"}}))
	h.forget(two)
	three := h.agent("", h.named([]model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}))
	h.result(h.entries[three].Calls[0].ID, "ok")
	h.revise(h.entries[three].Calls[0].ID, "not any more")
	require.Equal(t, []model.Message{
		{Role: model.User, Text: "Hi"}, {Role: model.Assistant, Text: "Two."},
		{Role: model.Assistant, Calls: []model.ToolCall{{ID: "call_3_0_0", Name: "x", Arguments: []byte(`{"n":1}`)}}}, {Role: model.Tool, CallID: "call_3_0_0", Text: "not any more"},
	}, h.messages(1000))
}

func TestAQuestionAboutATransferIsFoundInItsSentence(t *testing.T) {
	ask := func(text string, heard int) bool {
		return asksTransfer(call.Turn{By: call.ByAgent, Text: text, Interrupted: heard >= 0, Spoken: heard})
	}
	require.True(t, ask("Fine. Shall I transfer you to Dr. Smith at 3 p.m. today?", -1))
	require.True(t, ask("我可以转接。Shall I transfer you？", -1))
	require.False(t, ask("I transfer you now. Is that your name?", -1))
	require.False(t, ask("I transfer you now! Is that your name?", -1))
	require.False(t, ask("Shall I transfer you", -1))
	require.False(t, ask("Shall I transfer you?", 7))
	require.True(t, ask("Shall I transfer you now?", 21), "the question mark may be among what was not heard")
	require.False(t, ask("What is your name? Shall I transfer you?", 18))
	require.False(t, ask("", -1))
	require.False(t, ask("?", -1))
}
