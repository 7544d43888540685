package storagetest

import (
	"flag"
	"testing"
)

func TestShortTestsDoLess(t *testing.T) {
	short := flag.Lookup("test.short")
	before := short.Value.String()
	defer func() { _ = short.Value.Set(before) }()
	for value, want := range map[string]int{"false": 10_000, "true": 1_000} {
		if err := short.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		if got := heavy(10_000, 1_000); got != want {
			t.Errorf("-short=%s: %d, not %d", value, got, want)
		}
	}
}
