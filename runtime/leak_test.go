package runtime_test

import (
	"fmt"
	"os"
	goruntime "runtime"
	"strings"
	"testing"
	"time"
)

// TestMain runs all tests and fails when one of them leaves a goroutine behind that runs the library's code. In bubbles
// of fake time synctest sees to it, here everything else.
func TestMain(m *testing.M) {
	code := m.Run()
	var left string
	for range 50 {
		if left = ours(); left == "" {
			os.Exit(code)
		}
		<-time.After(100 * time.Millisecond)
	}
	fmt.Fprintf(os.Stderr, "goroutines stay behind:\n\n%s\n", left)
	os.Exit(1)
}

// ours returns the stacks of all goroutines but this one that come from the library or its tests.
func ours() string {
	buf := make([]byte, 16<<20)
	stacks := strings.Split(string(buf[:goruntime.Stack(buf, true)]), "\n\n")
	var left []string
	for _, s := range stacks[1:] {
		if strings.Contains(s, "github.com/sonajobs/sona/") {
			left = append(left, s)
		}
	}
	return strings.Join(left, "\n\n")
}
