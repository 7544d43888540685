// Package modeltest holds the conformance suite for language models: each sentence of the contract in
// model.Model has a case here, and its name says the sentence. A client's test is a far side that answers
// as it is told, and one call:
//
//	func TestModel(t *testing.T) {
//		modeltest.Run(t, func(t *testing.T, far *modeltest.Far) model.Model {
//			server := httptest.NewServer(answers(far)) // plays far.Next() for each request
//			t.Cleanup(server.Close)
//			return client(server.URL)
//		})
//	}
//
// The suite knows no model and has no switches: what the contract leaves open it does not ask. What a model
// cannot do it declares as a [Cannot] with its reason, and the case is skipped with these words. A model
// without a far side that could be told what to answer runs [Check]. The suite's own tests show that it can
// fail: they run it against models that are broken in one way each.
//
// It imports runtime/model, runtime/prompt, testify and go-cmp.
package modeltest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// Cannot is a case that a model does not pass, and why that is all right.
type Cannot struct {
	Case string // its name, to the letter
	Why  string
}

// Run checks that a model keeps the contract of model.Model. It calls open once for each case, with the far
// side that the case needs; open cleans up by t.Cleanup. A case of a name that the suite does not know, or
// without a reason, is a failure.
//
// Nothing is measured. What does not come within ten seconds is taken for lost.
func Run(t *testing.T, open func(t *testing.T, far *Far) model.Model, cannot ...Cannot) {
	all := suite()
	runs(t, all, cannot, func(t *testing.T, c testCase) {
		far := newFar(c.far)
		t.Cleanup(far.release)
		c.run(newProbe(t, open(t, far), far))
	})
}

// Check checks what can be asked of any model, with a request of the caller's choice: that its streams end as
// they must, can be left and cancelled, share nothing, and leave the request alone. It is for models that
// answer by rules of their own. The model must answer r at any time, in at least two parts, without an error.
func Check(t *testing.T, m model.Model, r model.Request, cannot ...Cannot) {
	runs(t, checks(), cannot, func(t *testing.T, c testCase) {
		far := newFar(nil)
		far.request = func() model.Request { return copyOf(r) }
		c.run(newProbe(t, m, far))
	})
}

func runs(t *testing.T, all []testCase, cannot []Cannot, run func(*testing.T, testCase)) {
	t.Helper()
	for _, wrong := range undeclared(all, cannot) {
		t.Error(wrong)
	}
	for _, c := range all {
		t.Run(c.says, func(t *testing.T) {
			for _, not := range cannot {
				if not.Case == c.says {
					t.Skip(not.Why)
				}
			}
			run(t, c)
		})
	}
}

// undeclared returns what is wrong with the declarations.
func undeclared(all []testCase, cannot []Cannot) []string {
	var wrong []string
	for _, not := range cannot {
		switch {
		case !slices.ContainsFunc(all, func(c testCase) bool { return c.says == not.Case }):
			wrong = append(wrong, fmt.Sprintf("modeltest: there is no case %q", not.Case))
		case not.Why == "":
			wrong = append(wrong, fmt.Sprintf("modeltest: the case %q is left out without a reason", not.Case))
		}
	}
	return wrong
}

// testCase is one sentence of the contract and what shows that it holds.
type testCase struct {
	says string
	far  []Reply // what the far side answers, one for each request
	run  func(*probe)
}

// suite returns all cases, the plain ones first, so that the first failure says the most.
func suite() []testCase {
	return slices.Concat(textCases, callCases, endCases, faultCases, leaveCases, cancelCases, requestCases, shareCases)
}

// checks returns the cases that need no far side.
func checks() []testCase { return ruleCases }

// reporter is what a case needs of *testing.T. The suite's own tests hand in one that expects failure.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	FailNow()
	Context() context.Context
}

// patience is how long the suite waits for what must come. It is no measure: a model that needs as long as
// this is taken for one that hangs.
const patience = 10 * time.Second
