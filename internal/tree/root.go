package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Root returns the directory of the root module: the nearest one upwards from the working directory
// whose go.mod names it. A nested module's tests find it, too.
func Root() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := here; ; {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if first, _, _ := bytes.Cut(mod, []byte("\n")); string(bytes.TrimSpace(first)) == "module "+Module {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("%s: no go.mod of %s here or above", here, Module)
		}
		dir = up
	}
}
