package sqlite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// BenchmarkCallStartColdDecoded is the first call start of a process: 10 jobs and 2 pages, 40 kB in all, read and decoded into a
// snapshot. The floor is the Gets that it makes: the flow and the settings, then everything. What lies between is
// decoding.
func BenchmarkCallStartColdDecoded(b *testing.B) {
	s := open(b, newPath(b), fast)
	ctx, ws := b.Context(), storage.Open(s, office)
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Desk", "+15550100", callflow.SonaStep{Greeting: "Hello."}))
	require.NoError(b, err)
	first := []storage.Want{
		{Ref: storage.Ref{Kind: storage.KindFlow, ID: string(flow.ID())}}, {Ref: storage.Ref{Kind: storage.KindSettings, ID: "settings"}},
	}
	all := first
	text := strings.Repeat("1. Ask for the day and repeat it.\n", 100)
	for i := range 10 {
		j, err := ws.CreateJobAs(ctx, job.ID(fmt.Sprint("job-", i)), job.Spec{Name: fmt.Sprint("Job ", i), Instructions: text})
		require.NoError(b, err)
		flow, err = ws.Attach(ctx, flow.ID(), callflow.Sona, j.ID())
		require.NoError(b, err)
		all = append(all, storage.Want{Ref: storage.Ref{Kind: storage.KindJob, ID: string(j.ID())}})
	}
	for i := range 2 {
		p, err := ws.CreatePageAs(ctx, knowledge.ID(fmt.Sprint("page-", i)), knowledge.Spec{Title: fmt.Sprint("Page ", i), Text: text})
		require.NoError(b, err)
		flow, err = ws.AttachPage(ctx, flow.ID(), callflow.Sona, p.ID())
		require.NoError(b, err)
		all = append(all, storage.Want{Ref: storage.Ref{Kind: storage.KindPage, ID: string(p.ID())}})
	}
	_, err = ws.Publish(ctx, flow.ID(), flow.Revision())
	require.NoError(b, err)
	times(b, func() error {
		c, err := storage.Open(s, office).Snapshot(ctx, flow.ID())
		if err == nil && len(c.Jobs(callflow.Sona)) != 10 {
			err = fmt.Errorf("%d jobs", len(c.Jobs(callflow.Sona)))
		}
		return err
	}, func() error {
		for _, want := range [][]storage.Want{first, all} {
			docs, err := s.Get(ctx, office, want)
			if err != nil || len(docs) != len(want) {
				return fmt.Errorf("%d documents: %w", len(docs), err)
			}
		}
		return nil
	})
}
