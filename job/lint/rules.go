package lint

import (
	"cmp"
	"slices"
)

// catalogue is every rule, in the order of practices and names. Each family lists its own.
var catalogue = func() []*rule {
	all := slices.Concat(structureRules, wordingRules, referenceRules, setRules)
	slices.SortFunc(all, func(a, b *rule) int {
		return cmp.Or(cmp.Compare(slices.Index(practices, a.Practice), slices.Index(practices, b.Practice)), cmp.Compare(a.ID, b.ID))
	})
	return all
}()
