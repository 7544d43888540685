package memory_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// Two authors save the same revision: one wins, and the other is told.
func Example() {
	ctx := context.Background()
	s := memory.New()
	ref := storage.Ref{Kind: storage.KindJob, ID: "book-a-table"}
	save := func(revision int, by, text string) error {
		return s.Put(ctx, "acme", []storage.Doc{{
			Ref: ref, Revision: revision, By: by, Sort: "book a table", Value: []byte(text),
		}})
	}

	fmt.Println(save(1, "ann", `"Ask for the date."`))
	fmt.Println(save(2, "ann", `"Ask for date and time."`))
	err := save(2, "ben", `"Ask for the day."`)
	fmt.Println(err)
	fmt.Println(errors.Is(err, storage.ErrConflict))

	docs, _ := s.Get(ctx, "acme", []storage.Want{{Ref: ref}})
	for _, d := range docs {
		fmt.Printf("revision %d by %s: %s\n", d.Revision, d.By, d.Value)
	}
	// Output:
	// <nil>
	// <nil>
	// job "book-a-table": changed by somebody else: load the newest revision and save again
	// true
	// revision 2 by ann: "Ask for date and time."
}

// A list is read page by page: each starts after the key of the last document of the one before.
func Example_paging() {
	ctx := context.Background()
	s := memory.New()
	for _, name := range []string{"take a message", "book a table", "talk to a person", "qualify a lead"} {
		_ = s.Put(ctx, "acme", []storage.Doc{{
			Ref: storage.Ref{Kind: storage.KindJob, ID: name[:4]}, Revision: 1, Sort: name,
		}})
	}

	q := storage.Query{Kind: storage.KindJob, Limit: 3}
	for {
		docs, _ := s.List(ctx, "acme", q)
		for _, d := range docs {
			fmt.Println(d.Sort)
			q.After = d.Key()
		}
		fmt.Println("--")
		if len(docs) < q.Limit {
			break
		}
	}
	// Output:
	// book a table
	// qualify a lead
	// take a message
	// --
	// talk to a person
	// --
}
