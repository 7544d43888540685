package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage/memory"
)

const goodSummary = `{"summary":["Ann wants a table."],"nextSteps":["Reserve it."],"results":{"r1":"Ann Lee","r2":4,"r3":null}}`

// summarized holds a call in which Ann gives her name, with a summarizer that gives these replies, and returns the
// record that the call ended with, and the one that OnRecord got.
func summarized(t *testing.T, o office, c runtime.Config, replies ...scripted.Reply) (ended, handed call.Record, m *scripted.Model) {
	t.Helper()
	m = scripted.New(replies...)
	c.Summarizer = m
	return summarizedBy(t, o, c, m)
}

func summarizedBy(t *testing.T, o office, c runtime.Config, _ *scripted.Model) (ended, handed call.Record, m *scripted.Model) {
	t.Helper()
	m, _ = c.Summarizer.(*scripted.Model)
	c.Model = scripted.New(scripted.Follow(o.front.ID(), "1", "What is your name?"), scripted.Say("Thank you.").And(scripted.Count(model.Usage{In: 10, Out: 1})))
	c.OnRecord = func(_ context.Context, r call.Record) error {
		handed = r
		return nil
	}
	rt := o.runtime(t, c)
	chat, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
	require.NoError(t, err)
	hear(t, chat, "A table for four, please")
	hear(t, chat, "Ann")
	ctx, cancel := context.WithCancel(t.Context())
	ended, err = chat.End(ctx)
	require.NoError(t, err)
	cancel() // the line is gone
	require.NoError(t, rt.Flush(t.Context()))
	return ended, handed, m
}

func data(values ...any) []call.Datum {
	return []call.Datum{{Name: "Name", Value: values[0]}, {Name: "Guests", Value: values[1]}, {Name: "Member", Value: values[2]}}
}

func TestRule_ASummaryByAModelSurvivesTheHangUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		began := time.Now()
		slow := scripted.Wait(20 * time.Second).And(scripted.Say("```json\n" + goodSummary + "\n```").And(scripted.Count(model.Usage{In: 100, Cached: 50, Out: 7})))
		ended, handed, m := summarized(t, o, runtime.Config{}, slow)
		require.Equal(t, 20*time.Second, time.Since(began))
		require.Equal(t, call.Summary{Status: call.SummaryInProgress, Summary: []string{}, NextSteps: []string{}, Jobs: []call.JobResult{}}, ended.Summary, "the call does not wait")
		want := call.Summary{Status: call.SummaryCompleted, Summary: []string{"Ann wants a table."}, NextSteps: []string{"Reserve it."},
			Jobs: []call.JobResult{{Name: "Front desk", Result: call.Result{Data: data("Ann Lee", 4.0, nil)}}}}
		require.Empty(t, cmp.Diff(want, handed.Summary))
		require.Equal(t, call.Usage{In: 110, Cached: 50, Out: 8}, handed.Usage)
		stored, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(want, stored.Summary))
		require.Equal(t, call.Completed, stored.Status)

		asked := m.Requests()[0]
		require.Contains(t, asked.Messages[0].Text, `{"by":"caller","text":"A table for four, please"}`)
		require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["summary","nextSteps","results"],"properties":{
			"summary":{"type":"array","items":{"type":"string"}},"nextSteps":{"type":"array","items":{"type":"string"}},
			"results":{"type":"object","additionalProperties":false,"required":["r1","r2","r3"],"properties":{"r1":{"type":["string","null"]},"r2":{"type":["number","null"]},"r3":{"type":["boolean","null"]}}}}}`, string(asked.Schema))
	})
}

func TestASummaryThatIsNoneIsAskedForAgain(t *testing.T) {
	for _, bad := range []string{"Sure!", `{"summary":["x"]}`, `{"summary":[],"nextSteps":[],"results":{"r1":null,"r2":null,"r3":null}}`,
		`{"summary":["x"],"nextSteps":[],"results":{"r1":null,"r2":"four","r3":null}}`, `{"summary":["x"],"nextSteps":[],"results":{"r1":null,"r2":null,"r3":null},"more":1}`} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, handed, m := summarized(t, newOffice(t), runtime.Config{}, scripted.Say(bad), scripted.Say(goodSummary))
			require.Equal(t, call.SummaryCompleted, handed.Summary.Status, bad)
			require.Equal(t, []string{"Ann wants a table."}, handed.Summary.Summary)
			require.Len(t, m.Requests(), 2)
			require.Equal(t, time.Second, time.Since(began))
		})
	}
}

func TestRule_AFailedSummaryIsAStateAndHoldsWhatTheCallTells(t *testing.T) {
	panics := model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] { panic("the host's own") })
	hangs := model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			<-ctx.Done()
			yield(nil, ctx.Err())
		}
	})
	busy := scripted.Fail(&model.Error{Kind: model.RateLimited, RetryAfter: 5 * time.Second})
	for name, tt := range map[string]struct {
		m     model.Model
		takes time.Duration
	}{
		"it is no summary":      {scripted.New(scripted.Say("a"), scripted.Say("b"), scripted.Say("c")), 3 * time.Second},
		"it is busy":            {scripted.New(busy, busy, busy), 10 * time.Second},
		"it says no":            {scripted.New(scripted.Fail(&model.Error{Kind: model.BadRequest})), 0},
		"it panics":             {panics, 3 * time.Second},
		"it hangs three times":  {hangs, 3*time.Minute + 3*time.Second},
		"its stream never ends": {scripted.New(scripted.Cut(), scripted.Cut(), scripted.Cut()), 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				began := time.Now()
				_, handed, _ := summarizedBy(t, o, runtime.Config{Summarizer: tt.m}, nil)
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, call.SummaryFailed, handed.Summary.Status)
				require.Equal(t, []string{"The caller said: “A table for four, please”", "Job used: Front desk.", "The caller hung up."}, handed.Summary.Summary)
				require.Equal(t, data("Ann", nil, nil), handed.Summary.Jobs[0].Result.Data)
				require.Equal(t, []call.NoteKind{call.NoteModel}, kinds(handed))
				stored, err := o.ws.Call(t.Context(), "call-1")
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(handed.Summary, stored.Summary))
			})
		})
	}
}

func TestResultsOfASummaryAreTypedByTheirFields(t *testing.T) {
	o := newOffice(t)
	spec := o.front.Spec()
	spec.Results = []job.Field{{Name: "Name", Required: true, Ask: "What is your name?"}, {Name: "Phone", Type: job.PhoneField}, {Name: "Room", Type: job.ChoiceField, Choices: []string{"Hall", "Terrace"}}, {Name: "Day", Type: job.DateField, Required: true}}
	j, err := o.ws.SaveJob(t.Context(), o.front.ID(), 1, spec, "")
	require.NoError(t, err)
	o.front = j
	_, handed, _ := summarized(t, o, runtime.Config{}, scripted.Say(`{"summary":["  A  \n call. ",""],"nextSteps":[],"results":{"r1":"`+strings.Repeat("a", 600)+`","r2":"call me maybe","r3":"the terrace","r4":" "}}`))
	require.Equal(t, []string{"A call."}, []string{strings.Join(strings.Fields(handed.Summary.Summary[0]), " ")})
	require.Len(t, handed.Summary.Summary, 1)
	require.Equal(t, []call.Datum{{Name: "Name", Value: strings.Repeat("a", 500)}, {Name: "Phone"}, {Name: "Room", Value: "Terrace"}, {Name: "Day"}}, handed.Summary.Jobs[0].Result.Data)
	require.Equal(t, []string{"Ask the caller for Day (Front desk)."}, handed.Summary.NextSteps, "what is left to do is not left to the model")
}

func TestASummarysLinesAreBounded(t *testing.T) {
	many, err := json.Marshal(map[string]any{"summary": strings.Split(strings.Repeat("x,", 50)+strings.Repeat("é", 900), ","), "nextSteps": []string{},
		"results": map[string]any{"r1": nil, "r2": nil, "r3": nil}})
	require.NoError(t, err)
	_, handed, _ := summarized(t, newOffice(t), runtime.Config{}, scripted.Say(string(many)))
	require.Len(t, handed.Summary.Summary, 10)
}

func TestASummarizerReadsAndWritesWhatIsRedacted(t *testing.T) {
	hide := strings.NewReplacer("Ann", "•", "four", "4", "table", "•")
	_, handed, m := summarized(t, newOffice(t), runtime.Config{Redact: hide.Replace}, scripted.Say(goodSummary))
	require.NotContains(t, m.Requests()[0].Messages[0].Text, "Ann")
	require.Equal(t, []string{"• wants a •."}, handed.Summary.Summary)
	require.Equal(t, "• Lee", handed.Summary.Jobs[0].Result.Data[0].Value)
	require.Equal(t, "A • for 4, please", handed.Turns[0].Text, "and nothing is redacted twice")
}

func TestACallInWhichNobodySpokeNeedsNoModel(t *testing.T) {
	o := newOffice(t)
	m := scripted.New()
	r := end(t, o.chat(t, runtime.Config{Model: scripted.New(), Summarizer: m}, runtime.Incoming{}))
	require.Equal(t, call.SummaryCompleted, r.Summary.Status)
	require.Empty(t, m.Requests())
}

func TestALateSummaryBringsNoWordsBack(t *testing.T) {
	o := newOffice(t)
	handed := 0
	erase := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		require.NoError(t, o.ws.EraseCall(ctx, "call-1"))
		return scripted.New(scripted.Say(goodSummary)).Generate(ctx, r)
	})
	rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Follow(o.front.ID(), "1", "Hi.")), Summarizer: erase, OnRecord: func(context.Context, call.Record) error {
		handed++
		return nil
	}})
	c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
	require.NoError(t, err)
	hear(t, c, "Hi")
	end(t, c)
	require.NoError(t, rt.Flush(t.Context()))
	require.Zero(t, handed)
	require.Error(t, second(o.ws.Call(t.Context(), "call-1")))
}

func TestASummaryIsStoredAgainWhenStorageFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flaky{Storage: memory.New()}
		o := newOfficeIn(t, store, callflow.Persona{})
		var failed atomic.Bool
		m := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
			if !failed.Swap(true) {
				store.fails.Store(true)
				time.AfterFunc(1500*time.Millisecond, func() { store.fails.Store(false) })
			}
			return scripted.New(scripted.Say(goodSummary)).Generate(ctx, r)
		})
		_, handed, _ := summarizedBy(t, o, runtime.Config{Summarizer: m}, nil)
		stored, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Equal(t, call.SummaryCompleted, stored.Summary.Status)
		require.Equal(t, call.SummaryCompleted, handed.Summary.Status)
	})
}

func TestAnActionOfUnknownEndStaysOnTheList(t *testing.T) {
	o := newOffice(t)
	rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("It failed.")), SMS: sms(new(int), errors.New("no")),
		Summarizer: scripted.New(scripted.Say(goodSummary))})
	c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
	require.NoError(t, err)
	hear(t, c, "Text me")
	end(t, c)
	require.NoError(t, rt.Flush(t.Context()))
	stored, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err)
	require.Equal(t, []string{"Reserve it.", "See to what failed: send sms."}, stored.Summary.NextSteps)
}
