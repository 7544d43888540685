package sqlite_test

import (
	"testing"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/storagetest"
)

func TestStorage(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Storage { return open(t, newPath(t), fast) })
}
