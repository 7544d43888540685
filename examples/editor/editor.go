// Package editor is the back end of a job editor: HTTP handlers of the standard library over a
// [storage.Workspace]. It shows what an editor has to do so that two authors never overwrite each other: hand
// out the revision with the text, take it back with the save, and offer the merge of a conflict.
//
//	GET  /jobs?text=…&after=…                one page of the library
//	GET  /jobs/{id}                          one job
//	PUT  /jobs/{id}                          {base, spec, note} → the job, or 409 with theirs, merged and clashes
//	GET  /jobs/{id}/impact                   every step that an edit reaches, to be shown before saving
//	POST /flows/{flow}/steps/{step}/attach   {job} → the flow: its draft has the job, callers do not meet it yet
//	POST /flows/{flow}/publish               {base} → the flow: callers meet it
//
// IDs may hold slashes: clients escape them (%2F).
package editor

import (
	"encoding/json"
	"net/http"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// maxBody is more than any job needs: 10,000 characters of four bytes, escaped, and twenty results.
const maxBody = 1 << 20

// Editor serves one workspace.
type Editor struct {
	workspace *storage.Workspace
	author    func(*http.Request) string
}

// New returns the handler. author tells who is logged in; the name goes into every revision.
func New(w *storage.Workspace, author func(*http.Request) string) http.Handler {
	e := &Editor{workspace: w, author: author}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /jobs", e.jobs)
	mux.HandleFunc("GET /jobs/{id}", e.job)
	mux.HandleFunc("PUT /jobs/{id}", e.save)
	mux.HandleFunc("GET /jobs/{id}/impact", e.impact)
	mux.HandleFunc("POST /flows/{flow}/steps/{step}/attach", e.attach)
	mux.HandleFunc("POST /flows/{flow}/publish", e.publish)
	return mux
}

func (e *Editor) jobs(w http.ResponseWriter, r *http.Request) {
	after, err := readPlace(r.FormValue("after"))
	if err != nil {
		writeError(w, err)
		return
	}
	page, err := e.workspace.Jobs(r.Context(), storage.JobQuery{Text: r.FormValue("text"), After: after})
	if err != nil {
		writeError(w, err)
		return
	}
	library := Library{Jobs: page.Jobs, Next: placeOf(page.Next)}
	for _, b := range page.Broken {
		library.Broken = append(library.Broken, b.Error())
	}
	write(w, http.StatusOK, library)
}

// Library is one page of the job library.
type Library struct {
	Jobs   []job.Job `json:"jobs"`
	Next   string    `json:"next,omitempty"`   // for ?after=
	Broken []string  `json:"broken,omitempty"` // jobs of this page that cannot be read; they must not vanish
}

func (e *Editor) job(w http.ResponseWriter, r *http.Request) {
	j, err := e.workspace.Job(r.Context(), job.ID(r.PathValue("id")))
	respond(w, j, err)
}

// Save is the body of PUT /jobs/{id}.
type Save struct {
	Base int      `json:"base"` // the revision that the text was made from
	Spec job.Spec `json:"spec"`
	Note string   `json:"note,omitempty"`
}

func (e *Editor) save(w http.ResponseWriter, r *http.Request) {
	in, ok := read[Save](w, r)
	if !ok {
		return
	}
	j, err := e.workspace.By(e.author(r)).SaveJob(r.Context(), job.ID(r.PathValue("id")), in.Base, in.Spec, in.Note)
	respond(w, j, err)
}

// Use is a step that an edit reaches.
type Use struct {
	Flow    callflow.ID     `json:"flow"`
	Name    string          `json:"name"`
	Step    callflow.StepID `json:"step"`
	Numbers []callflow.Line `json:"numbers"`
	Draft   bool            `json:"draft"` // after the next publish
	Live    bool            `json:"live"`  // at once
}

func (e *Editor) impact(w http.ResponseWriter, r *http.Request) {
	found, err := e.workspace.Impact(r.Context(), job.ID(r.PathValue("id")))
	uses := make([]Use, len(found))
	for i, u := range found {
		uses[i] = Use(u)
	}
	respond(w, uses, err)
}

func (e *Editor) attach(w http.ResponseWriter, r *http.Request) {
	in, ok := read[struct{ Job job.ID }](w, r)
	if !ok {
		return
	}
	f, err := e.workspace.By(e.author(r)).Attach(r.Context(), callflow.ID(r.PathValue("flow")), callflow.StepID(r.PathValue("step")), in.Job)
	respond(w, flowOf(f), err)
}

func (e *Editor) publish(w http.ResponseWriter, r *http.Request) {
	in, ok := read[struct{ Base int }](w, r)
	if !ok {
		return
	}
	f, err := e.workspace.By(e.author(r)).Publish(r.Context(), callflow.ID(r.PathValue("flow")), in.Base)
	respond(w, flowOf(f), err)
}

// Flow is what the editor shows of a flow.
type Flow struct {
	ID          callflow.ID `json:"id"`
	Revision    int         `json:"revision"` // the base of the next publish
	Version     int         `json:"version"`  // the published one; 0 = none yet
	Unpublished []string    `json:"unpublished,omitempty"`
}

func flowOf(f callflow.Flow) Flow {
	live, _ := f.Published()
	shown := Flow{ID: f.ID(), Revision: f.Revision(), Version: live.Number()}
	for _, c := range f.Changes() {
		shown.Unpublished = append(shown.Unpublished, c.String())
	}
	return shown
}

// read decodes the body; when it cannot, the answer is written.
func read[T any](w http.ResponseWriter, r *http.Request) (in T, ok bool) {
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	body.DisallowUnknownFields()
	if err := body.Decode(&in); err != nil {
		write(w, http.StatusBadRequest, Problem{Error: "bad_request", Message: err.Error()})
		return in, false
	}
	return in, true
}

func respond(w http.ResponseWriter, v any, err error) {
	if err != nil {
		writeError(w, err)
		return
	}
	write(w, http.StatusOK, v)
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"internal","message":"something went wrong"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // when the client has gone there is nobody to tell
}
