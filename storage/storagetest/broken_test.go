package storagetest

import (
	"slices"
	"testing"

	"github.com/sonajobs/sona/storage/memory"
)

// bug is one way to break a good storage, and the cases that catch it.
type bug struct {
	name   string
	caught []string
	plant  func(*fault)
}

func bugs() []bug {
	return slices.Concat(putBugs, uniqueBugs, getBugs, historyBugs, listBugs, changesBugs, shareBugs)
}

func TestABrokenStorageFails(t *testing.T) {
	for _, b := range bugs() {
		t.Run(b.name, func(t *testing.T) {
			for _, says := range b.caught {
				f := newFault(memory.New())
				b.plant(f)
				if len(judge(t, caseOf(t, says), f)) == 0 {
					t.Errorf("the case %q does not catch it", says)
				}
			}
		})
	}
}

func TestAGoodStoragePasses(t *testing.T) {
	for _, c := range suite() {
		for _, failure := range judge(t, c, newFault(memory.New())) {
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
	for _, c := range suite() {
		if !catches[c.says] {
			t.Errorf("no bug shows that the case %q can fail", c.says)
		}
	}
}
