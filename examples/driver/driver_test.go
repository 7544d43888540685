package driver_test

import (
	"testing"

	"github.com/sonajobs/sona/examples/driver"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/storagetest"
)

func TestStorage(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storage.Storage { return driver.New() })
}
