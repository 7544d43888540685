package modeltest

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sonajobs/sona/runtime/model"
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

// judge runs one case against a model, in a goroutine that FailNow may end, and returns what failed.
func judge(t *testing.T, c testCase, open func(*Far) model.Model, patience time.Duration) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if c.far == nil { // of a Check
		c.far = slices.Repeat([]Reply{{Text("a "), Text("b "), call("call_1", "look_up", `{}`), Finish(model.ToolCalls)}}, 30)
	}
	far := newFar(c.far)
	defer far.release()
	r := &recorder{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p := newProbe(r, open(far), far)
		p.patience = patience
		c.run(p)
	}()
	<-done
	return r.failed
}

// every is all cases, those of Check under their own heading.
func every() []testCase {
	all := suite()
	for _, c := range checks() {
		c.says = "Check: " + c.says
		all = append(all, c)
	}
	return all
}

// caseOf returns the case that says so.
func caseOf(t *testing.T, says string) testCase {
	t.Helper()
	for _, c := range every() {
		if c.says == says {
			return c
		}
	}
	t.Fatalf("there is no case %q", says)
	return testCase{}
}

type loop = func(model.Part, error) bool

// bug is one way to break a good model, and the cases that catch it.
type bug struct {
	name   string
	caught []string
	plant  func(*Far) model.Model
}

func bugs() []bug {
	return slices.Concat(textBugs, callBugs, endBugs, leaveBugs, shareBugs)
}

// short is long enough for a good model on a busy machine to be rare, and it is only ever waited for by what
// is broken anyway.
const short = 100 * time.Millisecond

func TestABrokenModelFails(t *testing.T) {
	for _, b := range bugs() {
		t.Run(b.name, func(t *testing.T) {
			for _, says := range b.caught {
				if len(judge(t, caseOf(t, says), b.plant, short)) == 0 {
					t.Errorf("the case %q does not catch it", says)
				}
			}
		})
	}
}

func TestAGoodModelPasses(t *testing.T) {
	for _, c := range every() {
		for _, failure := range judge(t, c, (*Far).Model, patience) {
			t.Errorf("%s: %s", c.says, failure)
		}
	}
}

func TestEachCaseCatchesABug(t *testing.T) {
	catches := map[string]bool{}
	for _, b := range bugs() {
		for _, says := range b.caught {
			catches[says] = true
		}
	}
	seen := map[string]bool{}
	for _, c := range every() {
		if !catches[c.says] {
			t.Errorf("no bug shows that the case %q can fail", c.says)
		}
		if seen[c.says] {
			t.Errorf("two cases say %q", c.says)
		}
		seen[c.says] = true
	}
}

func TestNothingIsLeftOutSilently(t *testing.T) {
	known := suite()[0].says
	for _, tt := range []struct {
		not  Cannot
		want string
	}{
		{Cannot{known, "a reason"}, ""},
		{Cannot{known, ""}, "without a reason"},
		{Cannot{"some other case", "a reason"}, "there is no case"},
	} {
		if got := strings.Join(undeclared(suite(), []Cannot{tt.not}), ""); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%v: %q", tt.not, got)
		}
	}
}

func TestAFailureSaysWhatIsWrong(t *testing.T) {
	failed := judge(t, caseOf(t, "A reply ends with one Done and its reason"), func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool {
			for range 2 {
				yield(part, nil)
			}
			return true
		})
	}, patience)
	if !strings.Contains(strings.Join(failed, "|"), "something comes after the end: model.Done") {
		t.Errorf("failed %q", failed)
	}
}

// broken models are made from a good one in three ways.

// asking is a model that does as it likes with the good one.
func asking(f *Far, do func(ctx context.Context, good model.Model, r model.Request, yield loop)) model.Model {
	good := f.Model()
	return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) { do(ctx, good, r, yield) }
	})
}

// changed is a model each of whose parts passes through change, which returns false to leave.
func changed(f *Far, change func(part model.Part, yield loop) bool) model.Model {
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		good.Generate(ctx, r)(func(part model.Part, err error) bool {
			if err != nil {
				return yield(nil, err)
			}
			return change(part, yield)
		})
	})
}

// failing is a model each of whose errors passes through change.
func failing(f *Far, change func(err error, yield loop) bool) model.Model {
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		good.Generate(ctx, r)(func(part model.Part, err error) bool {
			if err != nil {
				return change(err, yield)
			}
			return yield(part, nil)
		})
	})
}

// hearing is a model that hears other steps than the far side sends.
func hearing(f *Far, change func(Reply) Reply) model.Model {
	return model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			reply := change(f.Next())
			reply[reply.play(ctx, yield):].tell()
		}
	})
}
