package runtime_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// informed is an office with a long page on parking, and the profile of a model that has no room for it.
func informed(t testing.TB) (office, knowledge.Page, prompt.Profile) {
	t.Helper()
	o := newOffice(t)
	page, err := o.ws.CreatePage(t.Context(), knowledge.Spec{Title: "House", Text: "Guests park behind the house.\n\n" + strings.Repeat("The garden has roses.\n\n", 400)})
	require.NoError(t, err)
	f, err := o.ws.AttachPage(t.Context(), o.flow.ID(), callflow.Sona, page.ID())
	require.NoError(t, err)
	o.flow, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return o, page, prompt.Profile{Name: "small", InstructionCap: 3000}
}

// tail returns the heading 12 of a request's prompt.
func tail(p prompt.Prompt) string {
	_, tail, _ := strings.Cut(p.Context, "# 12.")
	return tail
}

func TestRule_WhatTheCallerAsksIsLookedUpBeforeTheReply(t *testing.T) {
	o, page, profile := informed(t)
	m := scripted.New(scripted.Say("Behind it."), scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Roses."), scripted.Say("Well."))
	c := o.chat(t, runtime.Config{Model: m, Profile: profile}, runtime.Incoming{})
	require.Equal(t, []knowledge.Page{page}, c.Prompt().Plan.Found)
	hear(t, c, "Where do I park?")
	hear(t, c, "Are there roses?")
	hear(t, c, "Xyzzy")
	requests := m.Requests()
	require.Contains(t, tail(requests[0].Prompt), "| Guests park behind the house.")
	require.Contains(t, tail(requests[1].Prompt), "| The garden has roses.")
	require.Equal(t, tail(requests[1].Prompt), tail(requests[2].Prompt), "the same until the caller speaks again")
	require.Empty(t, tail(requests[3].Prompt))
	for _, r := range requests {
		require.Equal(t, c.Prompt().Stable, r.Prompt.Stable)
		require.True(t, strings.HasPrefix(r.Prompt.Context, c.Prompt().Context))
	}
	require.Empty(t, end(t, c).Notes)
}

// finder is a Retriever that is a function.
type finder func(context.Context, []knowledge.Page, string) ([]knowledge.Passage, error)

func (f finder) Find(ctx context.Context, _ storage.WorkspaceID, pages []knowledge.Page, question string) ([]knowledge.Passage, error) {
	return f(ctx, pages, question)
}

func TestAHostsSearchReachesTheStepsPagesOnly(t *testing.T) {
	o, page, profile := informed(t)
	asked := 0
	search := finder(func(_ context.Context, pages []knowledge.Page, question string) ([]knowledge.Passage, error) {
		asked++
		require.Equal(t, []knowledge.Page{page}, pages)
		require.Equal(t, "Where?", question)
		pages[0] = knowledge.Page{}
		found := []knowledge.Passage{{Page: "page_other", Text: "Secret."}, {Page: page.ID(), Text: " "}, {Page: page.ID(), Title: "House", Text: strings.Repeat("é", 3000)}}
		for range 20 {
			found = append(found, knowledge.Passage{Page: page.ID(), Title: "House", Text: "More."})
		}
		return found, nil
	})
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Here."))
	c := o.chat(t, runtime.Config{Model: m, Profile: profile, Retriever: search}, runtime.Incoming{})
	hear(t, c, "Where?")
	require.Equal(t, 1, asked, "once for each thing that the caller says")
	for _, r := range m.Requests() {
		require.NotContains(t, r.Prompt.Context, "Secret.")
		require.Equal(t, 2000, strings.Count(tail(r.Prompt), "é"))
		require.Equal(t, 7, strings.Count(tail(r.Prompt), "| More."))
	}
}

func TestRule_ASearchThatFailsIsNotedAndTheCallGoesOn(t *testing.T) {
	for name, tt := range map[string]struct {
		search finder
		takes  time.Duration
	}{
		"it fails":  {func(context.Context, []knowledge.Page, string) ([]knowledge.Passage, error) { return nil, errDisk }, 0},
		"it panics": {func(context.Context, []knowledge.Page, string) ([]knowledge.Passage, error) { panic("the host's own") }, 0},
		"it hangs": {func(ctx context.Context, _ []knowledge.Page, _ string) ([]knowledge.Passage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, _, profile := informed(t)
				c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Well."), scripted.Say("Well.")), Profile: profile, Retriever: tt.search}, runtime.Incoming{})
				began := time.Now()
				require.Equal(t, "Well.", hear(t, c, "Hi"))
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, "Well.", hear(t, c, "Hi"))
				r := end(t, c)
				require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r), "said once")
				require.Contains(t, r.Notes[0].Text, "could not be searched")
			})
		})
	}
}

// What is being looked up for words that are not the newest any more is dropped with their reply.
func TestAnOldSearchTellsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, page, profile := informed(t)
		var asked atomic.Int32
		search := finder(func(ctx context.Context, _ []knowledge.Page, question string) ([]knowledge.Passage, error) {
			if asked.Add(1) == 1 {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return []knowledge.Passage{{Page: page.ID(), Title: "House", Text: "On " + question}}, nil
		})
		m := scripted.New(scripted.Say("Well."))
		c := o.chat(t, runtime.Config{Model: m, Profile: profile, Retriever: search}, runtime.Incoming{})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := tryHear(ctx, c, "old")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		hear(t, c, "new")
		require.Contains(t, tail(m.Requests()[0].Prompt), "| On new")
		require.Empty(t, end(t, c).Notes)
	})
}
