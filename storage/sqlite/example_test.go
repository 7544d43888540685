package sqlite_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

// A job is saved, the file is closed and opened again, and the job is still there, with its history.
func Example() {
	dir, err := os.MkdirTemp("", "sona")
	if err != nil {
		log.Fatal(err)
	}
	if err := saveAndLoad(filepath.Join(dir, "sona.db")); err != nil {
		log.Print(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		log.Print(err)
	}
	// Output:
	// 2 ann numbers, too 1. Ask for name and number.
	// <nil>
}

func saveAndLoad(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		return err
	}
	ws := storage.Open(s, "acme").By("ann")
	j, err := ws.CreateJob(ctx, job.Spec{Name: "Take a message", Instructions: "1. Ask for the name."})
	if err != nil {
		return err
	}
	if _, err := ws.SaveJob(ctx, j.ID(), j.Revision(), job.Spec{Name: "Take a message", Instructions: "1. Ask for name and number."}, "numbers, too"); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}

	s, err = sqlite.Open(path, sqlite.Options{})
	if err != nil {
		return err
	}
	ws = storage.Open(s, "acme")
	found, err := ws.Job(ctx, j.ID())
	if err != nil {
		return err
	}
	fmt.Println(found.Revision(), found.Stamp().By, found.Stamp().Note, found.Spec().Instructions)
	fmt.Println(s.Check(ctx))
	return s.Close()
}
