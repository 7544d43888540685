//go:build race

package mockcall_test

// raced says that the race detector is on.
const raced = true
