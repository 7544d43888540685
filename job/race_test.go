//go:build race

package job_test

// raced says that the race detector is on.
const raced = true
