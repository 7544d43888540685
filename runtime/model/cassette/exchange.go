package cassette

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/digest"
)

// exchange is a request over HTTP and the answer to it. Response and Error may both be missing: then whoever
// asked cancelled before there was an answer.
type exchange struct {
	Request  httpRequest   `json:"request"`
	Response *httpResponse `json:"response,omitempty"`
	Error    text          `json:"error,omitempty"` // of the transport: there was no answer

	nonces []string // that stood in a new one
}

type httpRequest struct {
	Method  string              `json:"method"`
	URL     string              `json:"url"`
	Headers map[string][]string `json:"headers,omitempty"`
	JSON    json.RawMessage     `json:"json,omitempty"` // the body, when it is JSON: canonical
	Body    text                `json:"body,omitempty"` // another one
}

type httpResponse struct {
	Status  int                 `json:"status"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    text                `json:"body,omitempty"`
	End     string              `json:"end,omitempty"`   // endCut or endLeft when the body did not come to its end
	Error   text                `json:"error,omitempty"` // what cut it
}

const (
	endCut  = "cut"
	endLeft = "left" // whoever asked closed the body or cancelled: what would have come is not known
)

// headers that are written: what a client needs to read a body, and what it does about limits.
var headers = []string{"Accept", "Content-Type", "Retry-After", "Retry-After-Ms"}

const limits = "X-Ratelimit-" // the beginning of headers that are written too

// keepHeaders takes what may be written.
func (c Config) keepHeaders(h http.Header) map[string][]string {
	kept := map[string][]string{}
	for name, values := range h {
		if !slices.Contains(headers, name) && !strings.HasPrefix(name, limits) &&
			!slices.ContainsFunc(c.Headers, func(own string) bool { return http.CanonicalHeaderKey(own) == name }) {
			continue
		}
		for _, v := range values {
			kept[name] = append(kept[name], c.wash(v))
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// keepURL is an address without who asks, and with the names only of parameters that are not listed.
func (c Config) keepURL(u *url.URL) string {
	kept := *u
	kept.User, kept.Fragment, kept.RawFragment = nil, "", ""
	query := kept.Query()
	for name := range query {
		if !slices.Contains(c.Query, name) {
			query[name] = []string{""}
		}
	}
	kept.RawQuery = query.Encode()
	return c.wash(kept.String())
}

func (c Config) wash(s string) string {
	if c.Redact != nil {
		s = c.Redact(s)
	}
	return s
}

// fence finds the workspace's nonce in a prompt: below a client nobody says what it is. Blanks and angle
// brackets may be escaped, as JSON allows.
var fence = regexp.MustCompile(`(?i)(?:<<|\\u003c\\u003c)(?:end )?(?:job|page|call|history)(?: [^\s<>\\]{1,64})? ([0-9A-Z]{12})(?:>>|\\u003e\\u003e)`)

// noNonce stands where a nonce stood; prompts shown to people have it too.
const noNonce = "NONCE"

// nonces finds the nonces of a body.
func nonces(body []byte) []string {
	var all []string
	if !bytes.Contains(body, []byte("<<")) && !bytes.Contains(bytes.ToLower(body), []byte(`\u003c`)) {
		return nil
	}
	for _, hit := range fence.FindAllSubmatch(body, -1) {
		if n := string(hit[1]); !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// ask is a request as it is compared and written, and the nonces that stood in it.
func (c Config) ask(r *http.Request, body []byte) (httpRequest, []string) {
	secret := nonces(body)
	q := httpRequest{Method: r.Method, URL: c.keepURL(r.URL), Headers: c.keepHeaders(r.Header)}
	washed := c.wash(without(secret, string(body)))
	if raw, ok := canonical([]byte(washed)); ok {
		q.JSON = raw
	} else {
		q.Body = text(washed)
	}
	return q, secret
}

func without(nonces []string, s string) string {
	for _, n := range nonces {
		s = strings.ReplaceAll(s, n, noNonce)
	}
	return s
}

// key does not hold the headers: what a request asks stands in its address and body.
func (q httpRequest) key() string {
	body, ok := canonical(q.JSON)
	if !ok {
		body = []byte(q.Body)
	}
	return digest.Of(rendered([]string{q.Method, q.URL, string(body)}))
}

func (e exchange) key(map[string]storedPrompt) string { return e.Request.key() }

func (e exchange) check(map[string]storedPrompt) error {
	switch {
	case e.Request.Method == "" || e.Request.URL == "":
		return errors.New("its request has no method or no url")
	case e.Response != nil && e.Error != "":
		return errors.New("it has both a response and an error")
	case e.Response == nil:
		return nil
	case e.Response.Status < 100 || e.Response.Status > 999:
		return fmt.Errorf("%d is no status", e.Response.Status)
	}
	switch e.Response.End {
	case "", endCut, endLeft:
		return nil
	}
	return fmt.Errorf("the response's end is %.20q: it is %q, %q or nothing", e.Response.End, endCut, endLeft)
}

func (e exchange) named(i int) Recording {
	return Recording{i + 1, shorten(e.Request.Method+" "+e.Request.URL, 80)}
}

// lines shows a request to people.
func (q httpRequest) lines() []string {
	all := []string{q.Method + " " + q.URL}
	if len(q.JSON) == 0 {
		return append(all, strings.Split(string(q.Body), "\n")...)
	}
	var b bytes.Buffer
	if raw, ok := canonical(q.JSON); !ok || json.Indent(&b, raw, "", " ") != nil {
		return all
	}
	for l := range strings.SplitSeq(b.String(), "\n") {
		// a prompt is one string of JSON: its lines are shown as such
		all = append(all, strings.Split(l, `\n`)...)
	}
	return all
}

// textsOfHTTP visits every text of a file.
func textsOfHTTP(d document[exchange], s *scanner) {
	for i, e := range d.Recordings {
		s.recording = i + 1
		s.look("request.url", e.Request.URL)
		s.look("request.json", string(e.Request.JSON))
		s.look("request.body", string(e.Request.Body))
		s.headers("request", e.Request.Headers)
		s.look("error", string(e.Error))
		if r := e.Response; r != nil {
			s.headers("response", r.Headers)
			s.look("response.body", string(r.Body))
			s.look("response.error", string(r.Error))
			for _, n := range e.nonces { // spoken in pieces it is not seen before
				own := scanner{patterns: []pattern{{"the workspace's nonce", regexp.MustCompile(n), false, nil}}, recording: i + 1}
				if own.inside("response.body", string(r.Body)); s.found == nil {
					s.found = own.found
				}
			}
		}
	}
}

func (s *scanner) headers(where string, h map[string][]string) {
	for name, values := range h {
		for _, v := range values {
			if named.MatchString(name) && v != "" && s.found == nil {
				s.report(where+".headers", "the value of "+name)
			}
			s.look(where+".headers."+name, v)
		}
	}
}
