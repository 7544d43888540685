package openai

import (
	"bytes"
	"io"
	"reflect"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// inPieces gives a body in reads of 1 to n bytes.
type inPieces struct {
	r    io.Reader
	n, i int
}

func (p *inPieces) Read(b []byte) (int, error) {
	p.i++
	return p.r.Read(b[:min(len(b), 1+p.i*7919%p.n)])
}

// Whatever a server sends: no panic, and the same result as encoding/json alone would give, however the bytes
// arrive.
func FuzzDecode(f *testing.F) {
	for _, s := range hostile {
		f.Add([]byte(s))
	}
	for _, s := range shapes {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		want := decoded(bytes.NewReader(body), false)
		for name, got := range map[string]result{
			"encoding/json alone": decoded(bytes.NewReader(body), true),
			"in pieces":           decoded(&inPieces{bytes.NewReader(body), 13, 0}, false),
			"with its end":        decoded(iotest.DataErrReader(bytes.NewReader(body)), false),
		} {
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %s", name, cmp.Diff(got, want))
			}
		}
		if want.Done == (want.Kind != "") {
			t.Fatalf("neither whole nor an error, or both: %+v", want)
		}
	})
}
