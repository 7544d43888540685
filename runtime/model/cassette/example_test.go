package cassette_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// A reply is recorded once and played from then on; the second time no model is there to be asked. A request
// that was not recorded shows how it differs.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "cassette")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "hours.json")

	recorded := scripted.New(scripted.Say("We are open until six."))
	for _, mode := range []cassette.Mode{cassette.Record, cassette.Replay} {
		c, err := cassette.Open(path, mode, recorded)
		if err != nil {
			fmt.Println(err)
			return
		}
		text, err := model.Complete(context.Background(), c, "You know the opening hours.", "When do you close?")
		fmt.Println(text, err)
		if err := c.Close(); err != nil {
			fmt.Println(err)
		}
	}

	c, err := cassette.Open(path, cassette.Replay, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = model.Complete(context.Background(), c, "You know the opening hours.", "And on Sundays?")
	if mismatch, ok := errors.AsType[*cassette.MismatchError](err); ok {
		fmt.Print(mismatch.Diff)
	}
	fmt.Println("not played:", c.Left()[0].Asked)
	// Output:
	// We are open until six. <nil>
	// We are open until six. <nil>
	// - user: When do you close?
	// + user: And on Sundays?
	// not played: user: When do you close?
}
