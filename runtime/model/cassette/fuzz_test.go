package cassette

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sonajobs/sona/runtime/model"
)

// Whatever stands in a file: it is refused with a FileError that names a line of it, or it plays, and what is
// written of it again is the same.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		`{"version":1,"kind":"model","prompts":{"a":{"stable":"x","tools":[{"name":"t","parameters":{}}]}},"recordings":[{"request":{"prompt":"a","messages":[{"role":"user","text":["a","b"],"calls":[{"id":"1","name":"n","arguments":{}}]}]},"receipt":"r","jobs":[{"id":"j","revision":1,"hash":"h"}],"reply":[{"text":["a",{"base64":"/w=="}]},{"call":{"id":"","name":"","argumentsText":"x"}},{"usage":{"in":1,"out":2}},{"done":"stop"}]}]}`,
		`{"version":1,"kind":"model","recordings":[{"request":{"schema":"x","maxTokens":7,"context":"a\nNow: b\nc"},"reply":[{"error":{"kind":"deadline","message":"m","retryAfter":"1s"}}]},{"reply":[{"left":true}]}]}`,
		`{"version":1,"kind":"http","recordings":[{"request":{"method":"POST","url":"https://a.b/c","json":{"a":1}},"response":{"status":200,"headers":{"content-Type":["text/event-stream"]},"body":["data: x","",""],"end":"cut"}},{"request":{"method":"GET","url":"/","body":"x"},"error":"e"}]}`,
		`{"version":1,"kind":"http"}`, `{"version":2}`, `{`, `[]`, `null`, "\xff", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if doc, ok := parsed[recording](t, kindModel, data); ok {
			for _, r := range doc.Recordings {
				_ = r.question(doc.Prompts).lines()
				_, _ = model.Collect(func(yield func(model.Part, error) bool) { r.play(t.Context(), yield) }, nil)
			}
			again(t, kindModel, doc)
		}
		if doc, ok := parsed[exchange](t, kindHTTP, data); ok {
			request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://a.b/", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range doc.Recordings {
				_ = e.Request.lines()
				response, err := e.play(request)
				if err != nil {
					continue
				}
				body, err := io.ReadAll(response.Body)
				if string(body) != string(e.Response.Body) || (err == nil) != (e.Response.End == "") {
					t.Errorf("%q, %v", body, err)
				}
				_ = response.Body.Close()
			}
			again(t, kindHTTP, doc)
		}
	})
}

func parsed[R any](t *testing.T, kind string, data []byte) (document[R], bool) {
	t.Helper()
	doc, err := parse[R]("a.json", kind, data)
	if err == nil {
		return doc, true
	}
	broken, ok := errors.AsType[*FileError](err)
	if !ok {
		t.Fatalf("%T: %v", err, err)
	}
	if lines := strings.Count(string(data), "\n") + 1; broken.Line < 0 || broken.Line > lines {
		t.Fatalf("line %d of %d: %v", broken.Line, lines, err)
	}
	return doc, false
}

// again writes a document and reads it: recordings answer the same requests, and look the same.
func again[R keyed](t *testing.T, kind string, doc document[R]) {
	t.Helper()
	text, err := encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	second, err := parse[R]("a.json", kind, text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(second.Recordings) != len(doc.Recordings) {
		t.Fatalf("%d recordings, then %d", len(doc.Recordings), len(second.Recordings))
	}
	for i, r := range doc.Recordings {
		if r.key(doc.Prompts) != second.Recordings[i].key(second.Prompts) {
			t.Errorf("recording %d answers another request", i+1)
		}
	}
	if more, err := encode(second); err != nil || string(more) != string(text) {
		t.Errorf("%s\nbecomes\n%s, %v", text, more, err)
	}
}
