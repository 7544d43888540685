package storagetest

import (
	"fmt"
	"github.com/sonajobs/sona/storage/memory"
	"strings"
	"testing"
)

func TestMatrix(t *testing.T) {
	caughtAny := map[string][]string{}
	for _, b := range bugs() {
		var by []string
		for _, c := range suite() {
			if strings.HasPrefix(c.says, "Model") || strings.Contains(c.says, "10,000") {
				continue
			}
			n := 0
			for range 3 {
				f := newFault(memory.New())
				b.plant(f)
				if len(judge(t, c, f)) > 0 {
					n++
				}
			}
			if n > 0 {
				s := c.says
				if n < 3 {
					s = fmt.Sprintf("[%d/3] ", n) + s
				}
				by = append(by, s)
				if n == 3 {
					caughtAny[c.says] = append(caughtAny[c.says], b.name)
				}
			}
		}
		fmt.Printf("== %s\n", b.name)
		for _, s := range by {
			fmt.Println("     ", s)
		}
	}
	fmt.Println("#### never caught anything:")
	for _, c := range suite() {
		if len(caughtAny[c.says]) == 0 {
			fmt.Println("   ", c.says)
		}
	}
}
