package mockcall_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

var info runtime.CallInfo

// A call survives what a model does once, and leaves by the fallback exit when it goes on.
func TestACallSurvivesAModelThatMisbehavesOnce(t *testing.T) {
	for name, kind := range map[string]mockcall.FaultKind{
		"slow": mockcall.ModelSlow, "cut": mockcall.ModelCut, "broken": mockcall.ModelBroken, "empty": mockcall.ModelEmpty,
		"malformed": mockcall.ModelMalformed, "looping": mockcall.ModelLooping,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				c := s.call(t, mockcall.Config{Model: mockcall.Faulty(rehearsal.New(), mockcall.ModelFault{Kind: kind, At: 1, For: 3 * time.Second})})
				c.Talk(ann)
				mockcall.Assert(t, c.Result(), mockcall.Ends(call.Ended), mockcall.Turns(20))
				if kind != mockcall.ModelMalformed && kind != mockcall.ModelLooping { // which put the rehearsal's own place off
					mockcall.Assert(t, c.Result(), mockcall.Once(job.SendSMS))
				}

				c = s.call(t, mockcall.Config{Model: mockcall.Faulty(rehearsal.New(), mockcall.ModelFault{Kind: kind, For: time.Minute})})
				c.Talk(ann)
				mockcall.Assert(t, c.Result(), mockcall.Never(job.SendSMS))
				require.NotEqual(t, call.Ended, c.Result().Record.Outcome.Kind)
			})
		})
	}
}

func TestACassetteThatAnEditHasOvertakenIsRefused(t *testing.T) {
	s := newShop(t)
	path := filepath.Join(t.TempDir(), "call.json")
	tape, err := cassette.Open(path, cassette.Record, rehearsal.New())
	require.NoError(t, err)
	want := s.run(t, mockcall.Config{Model: tape}).Transcript()
	require.NoError(t, tape.Close())

	tape, err = cassette.Open(path, cassette.Replay, nil)
	require.NoError(t, err)
	require.Equal(t, want, s.run(t, mockcall.Config{Model: tape}).Transcript(), "no model is asked")

	spec := s.link.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "Thank the caller", "Thank everybody", 1)
	candidate, err := s.link.With(spec)
	require.NoError(t, err)
	_, err = mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Model: tape, Caller: ann, Candidates: []job.Job{candidate}})
	require.ErrorIs(t, err, mockcall.ErrStale)
	r := record(t, func(tb testing.TB) { s.call(tb, mockcall.Config{Model: tape, Candidates: []job.Job{candidate}}) })
	require.Len(t, r.errors, 1)
	require.Contains(t, r.errors[0], "the cassette is stale")
}
