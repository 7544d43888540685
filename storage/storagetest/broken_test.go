package storagetest

import (
	"slices"
)

// bug is one way to break a good storage, and the cases that have to catch it.
type bug struct {
	name   string
	plant  func(*fault)
	caught []string
}

func bugs() []bug {
	return slices.Concat(putBugs, uniqueBugs, getBugs, historyBugs, listBugs, changesBugs, shareBugs)
}
