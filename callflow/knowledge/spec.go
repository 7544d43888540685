package knowledge

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// Limits of a page. The source names the 20,000 characters and the 10 MB; the rest is ours.
const (
	MaxTitle      = 200      // characters of a page's title; required
	MaxText       = 20_000   // characters of a page's text; required. Seed 9.
	MaxUpload     = 10 << 20 // bytes of an uploaded file: 10 MB as the larger of the two readings, so that no file shown as 10 MB is refused
	MaxSourceName = 255      // characters of the name of an uploaded file
	MaxSourceURL  = 2_000    // characters of a website's address
)

// SourceKind says how a page's text came about.
type SourceKind string

// The ways a text comes into a page.
const (
	Typed    SourceKind = "typed"
	Uploaded SourceKind = "uploaded" // from a file: Source.Name
	Website  SourceKind = "website"  // from Source.URL
)

// Source says where a page's text was taken from. It is information for authors; nothing is fetched
// or opened because of it. When it was taken is the page's [job.Stamp].
type Source struct {
	Kind SourceKind `json:"kind"`           // empty means Typed
	Name string     `json:"name,omitempty"` // the uploaded file's name; required for Uploaded
	URL  string     `json:"url,omitempty"`  // http or https; required for Website
}

// Spec is what an author gives as a page. Any Spec may exist, also one that breaks the rules; only
// one that passes [Spec.Check] becomes a [Page].
type Spec struct {
	// Title is required: at most [MaxTitle] characters, one line.
	Title string `json:"title"`
	// Text is required and not blank: at most [MaxText] characters.
	Text string `json:"text"`
	// Source is where Text was taken from; the zero Source means that it was typed.
	Source Source `json:"source"`
}

// Clean returns s with every text cleaned as [job.Clean] does it; title, file name and address become
// one line; an empty kind of source becomes [Typed]. Cleaning is idempotent and trims nothing.
func (s Spec) Clean() Spec {
	s.Title = job.CleanLine(s.Title)
	s.Text = job.Clean(s.Text)
	s.Source.Name = job.CleanLine(s.Source.Name)
	s.Source.URL = job.CleanLine(s.Source.URL)
	if s.Source.Kind == "" {
		s.Source.Kind = Typed
	}
	return s
}

// Check returns nil when the cleaned s may become a page, else an error that holds every broken rule
// at once: a *[job.ValidationError] with the fields title, text, source.kind, source.name, source.url.
func (s Spec) Check() error {
	src := s.Source
	fields := job.CheckText("title", s.Title, true, MaxTitle)
	fields = append(fields, job.CheckText("text", s.Text, true, MaxText)...)
	fields = append(fields, job.CheckText("source.name", src.Name, src.Kind == Uploaded, MaxSourceName)...)
	fields = append(fields, job.CheckText("source.url", src.URL, src.Kind == Website, MaxSourceURL)...)
	switch src.Kind {
	case "", Typed, Uploaded, Website:
	default:
		fields = append(fields, job.FieldError{Field: "source.kind", Rule: job.RuleOneOf,
			Message: "source.kind: " + quote(string(src.Kind)) + " is no source of a page: use typed, uploaded or website"})
	}
	if url := job.CleanLine(src.URL); url != "" && !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		fields = append(fields, job.FieldError{Field: "source.url", Rule: job.RuleFormat,
			Message: "source.url: " + quote(url) + " must begin with http:// or https://"})
	}
	return invalid(fields...)
}

// Equal reports whether s and t hold the same title, text and source.
func (s Spec) Equal(t Spec) bool { return s == t }
