// Package cassette records what a language model answered and plays it back: a test of jobs against a real
// model needs the network and the key once, and gives the same replies ever after. A [Cassette] stands before
// any model.Model; an [HTTP] stands below a client of a provider, as its http.RoundTripper.
//
//	c, err := cassette.Open("testdata/booking.json", cassette.RecordMissing, client)
//	defer c.Close() // writes what was recorded
//	runtime.New(runtime.Config{Model: c})
//
// # Matching
//
// A request is looked up by all that it says: the prompt, the conversation, the tools, the limits. JSON is
// compared by its value. The n-th equal request gets the n-th answer; one that was not recorded fails with a
// [*MismatchError], which shows what differs from the nearest one. Neither the time of a call, as the prompt
// tells it, nor the workspace's nonce counts. What [Config.Redact] takes out counts neither.
//
// # What a file holds
//
// A file is indented JSON, made to be read and to be compared line by line, and written as a whole on Close:
// a recording that is killed leaves the old file as it was. It holds the prompt, that is the texts of jobs and
// pages, and everything that the caller said: the recording of a real call is personal data. Redact takes out
// what must not stay. A Cassette shows it the text of a reply as a whole; an HTTP shows it bodies as they are on
// the wire, where a streamed name stands in pieces: record personal data with a Cassette.
//
// Keys are never written: of headers and of a URL's query only what is listed in [Config], and a text that
// looks like a key makes Close fail with a [*SecretError] and write nothing. The scan knows the forms of common
// keys; it is a net below the host's own care. The workspace's nonce is replaced.
//
// # Stale recordings
//
// Each recording names the jobs that its prompt held, with revision and hash. [Cassette.Stale] tells which
// recordings an edit of a job has overtaken.
//
// The package is experimental until v0.3: names and the format of the file may change. It imports job,
// runtime/model, runtime/prompt and net/http; hosts and tests import it, the library does not.
package cassette
