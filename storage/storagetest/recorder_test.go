package storagetest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// recorder is a reporter that notes failures instead of failing the test.
type recorder struct {
	ctx    context.Context //nolint:containedctx // one case of a test, which lives as long as it
	failed []string
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.ctx }
func (r *recorder) FailNow()                 { runtime.Goexit() }

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

// judge runs one case against a storage, in a goroutine that FailNow may end, and returns what failed.
func judge(t *testing.T, c testCase, s storage.Storage) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := &recorder{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.run(newProbe(r, s))
	}()
	<-done
	return r.failed
}

// caseOf returns the case of the suite that says so.
func caseOf(t *testing.T, says string) testCase {
	t.Helper()
	for _, c := range suite() {
		if c.says == says {
			return c
		}
	}
	t.Fatalf("the suite has no case %q", says)
	return testCase{}
}

func TestRecorderEndsACaseThatFails(t *testing.T) {
	went := ""
	failed := judge(t, testCase{"fails", func(p *probe) {
		p.Errorf("first %d", 1)
		went += "on"
		p.FailNow()
		went += " and on"
	}}, memory.New())
	if went != "on" || strings.Join(failed, "|") != "first 1" {
		t.Errorf("went %q, failed %q", went, failed)
	}
}

func TestNoTwoCasesSayTheSame(t *testing.T) {
	says := map[string]bool{}
	for _, c := range suite() {
		if says[c.says] {
			t.Errorf("two cases say %q", c.says)
		}
		says[c.says] = true
	}
}
