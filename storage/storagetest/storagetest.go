// Package storagetest holds the conformance suite for drivers: each sentence of the contract in
// storage.Storage has a case here, and its name says the sentence. A driver's test is its setup and one
// call:
//
//	func TestStorage(t *testing.T) {
//		storagetest.Run(t, func(t *testing.T) storage.Storage { return open(t) })
//	}
//
// The suite knows no driver and has no switches: what the contract leaves open it does not ask, and what
// the contract says it asks of everyone. It measures no time. With go test -short all cases run as well, the
// heavy ones with less: 1,000 documents are paged through in the place of 10,000, and the random sequences are
// shorter. So a driver that passes with -short alone has not passed. Its own tests show that it can fail: they
// run it against drivers that are broken in one way each.
//
// It imports package storage, testify and go-cmp.
package storagetest

import (
	"context"
	"slices"
	"testing"

	"github.com/sonajobs/sona/storage"
)

// Run checks that a driver keeps the contract of storage.Storage. It calls open once for each case; open
// cleans up by t.Cleanup. It may hand out the same Storage every time, and one that is in use: each case
// works in workspaces of its own, whose names nobody else has.
func Run(t *testing.T, open func(*testing.T) storage.Storage) {
	for _, c := range suite() {
		t.Run(c.says, func(t *testing.T) {
			c.run(newProbe(t, open(t)))
		})
	}
}

// heavy returns how many there are of something: all of it, or less with -short.
func heavy(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// testCase is one sentence of the contract and what shows that it holds.
type testCase struct {
	says string
	run  func(*probe)
}

// suite returns all cases, the plain ones first, so that the first failure says the most.
func suite() []testCase {
	return slices.Concat(
		putCases, getCases, uniqueCases, tombstoneCases, listCases, orderCases, pagingCases, historyCases,
		changesCases, textCases, tenantCases, aliasCases, cancelCases, raceCases, modelCases,
	)
}

// reporter is what a case needs of *testing.T. The suite's own tests hand in one that expects failure.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	FailNow()
	Context() context.Context
}
