package editor

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// Problem is the body of every answer that is no success. Only what belongs to its Error is filled.
type Problem struct {
	Error   string `json:"error"`
	Message string `json:"message"` // for people

	// invalid: what is wrong, field by field.
	Fields []job.FieldError `json:"fields,omitempty"`

	// conflict of a job: theirs is the newest revision. Without clashes merged can be saved as it is, with
	// theirs.revision as the base; with clashes the author reads it first.
	Theirs  *job.Job        `json:"theirs,omitempty"`
	Merged  *job.Spec       `json:"merged,omitempty"`
	Clashes []storage.Clash `json:"clashes,omitempty"`

	// conflict of a flow: the newest one.
	Flow *Flow `json:"flow,omitempty"`

	// too_many_jobs: the step that is full.
	Step callflow.StepID `json:"step,omitempty"`
	Max  int             `json:"max,omitempty"`
}

func writeError(w http.ResponseWriter, err error) {
	status, p := problemOf(err)
	write(w, status, p)
}

// problemOf is the one table from the library's errors to HTTP.
func problemOf(err error) (status int, p Problem) {
	p.Message = err.Error()
	if e, ok := errors.AsType[*job.ValidationError](err); ok {
		p.Error, p.Fields = "invalid", e.Fields
		return http.StatusUnprocessableEntity, p
	}
	if e, ok := errors.AsType[*storage.JobConflictError](err); ok {
		merged, clashes := e.Merge()
		p.Error, p.Theirs, p.Merged, p.Clashes = "conflict", &e.Theirs, &merged, clashes
		return http.StatusConflict, p
	}
	if e, ok := errors.AsType[*storage.FlowConflictError](err); ok {
		theirs := flowOf(e.Theirs)
		p.Error, p.Flow = "conflict", &theirs
		return http.StatusConflict, p
	}
	if e, ok := errors.AsType[*callflow.TooManyJobsError](err); ok {
		p.Error, p.Step, p.Max = "too_many_jobs", e.Step, e.Max
		return http.StatusConflict, p
	}
	if e, ok := errors.AsType[*callflow.StepError](err); ok {
		p.Error, p.Step = e.Rule, e.Step
		return http.StatusNotFound, p
	}
	switch {
	case errors.Is(err, storage.ErrNotFound):
		p.Error = "not_found"
		return http.StatusNotFound, p
	case errors.Is(err, storage.ErrTaken): // the number of a flow
		p.Error = "taken"
		return http.StatusConflict, p
	}
	return http.StatusInternalServerError, Problem{Error: "internal", Message: "something went wrong"} // what did is for the host's log
}

// placeOf gives the place where the next page begins as a text for URLs, empty behind the last page. No key
// of the library holds a zero byte.
func placeOf(k storage.Key) string {
	if k == (storage.Key{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(k.Sort + "\x00" + k.ID))
}

func readPlace(text string) (storage.Key, error) {
	if text == "" {
		return storage.Key{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	sort, id, ok := strings.Cut(string(raw), "\x00")
	if err != nil || !ok {
		return storage.Key{}, &job.ValidationError{Fields: []job.FieldError{{Field: "after", Rule: job.RuleFormat, Message: "after: take next of the page before"}}}
	}
	return storage.Key{Sort: sort, ID: id}, nil
}
