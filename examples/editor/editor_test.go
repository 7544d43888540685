package editor_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/examples/editor"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestTwoAuthorsMergeWhatTheyTyped(t *testing.T) {
	o := open(t)
	table := o.create(t, "bookings/table", job.Spec{
		Name:         "Book a table",
		CallerIntent: "The caller wants to book a table.",
		Instructions: "1. Ask for the day.\n2. Ask for the number of guests.\n3. Ask for the name.\n4. Thank the caller.",
	})
	path := "/jobs/" + url.PathEscape(string(table.ID()))

	// Both begin with revision 1.
	var anns, bens job.Job
	o.must(t, http.StatusOK, "ann", "GET", path, nil, &anns)
	o.must(t, http.StatusOK, "ben", "GET", path, nil, &bens)

	// Ann is quicker.
	spec := anns.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "the day", "the day and the time", 1)
	o.must(t, http.StatusOK, "ann", "PUT", path, editor.Save{Base: anns.Revision(), Spec: spec, Note: "asks for the time"}, &anns)

	// Ben changed another line: his save is refused, and the merge has both.
	spec = bens.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "the name", "the full name", 1)
	var p editor.Problem
	o.must(t, http.StatusConflict, "ben", "PUT", path, editor.Save{Base: bens.Revision(), Spec: spec}, &p)
	if p.Error != "conflict" || p.Theirs == nil || p.Theirs.Stamp().By != "ann" || p.Theirs.Stamp().Note != "asks for the time" || !p.Theirs.Equal(anns) {
		t.Fatalf("the conflict does not show Ann's revision: %+v", p)
	}
	const both = "1. Ask for the day and the time.\n2. Ask for the number of guests.\n3. Ask for the full name.\n4. Thank the caller."
	if p.Merged == nil || p.Merged.Instructions != both || len(p.Clashes) > 0 {
		t.Fatalf("the merge is not what both typed: %+v", p)
	}

	// The merge is saved from the revision that it was made with.
	o.must(t, http.StatusOK, "ben", "PUT", path, editor.Save{Base: p.Theirs.Revision(), Spec: *p.Merged, Note: "merged"}, &bens)
	if bens.Revision() != 3 || bens.Spec().Instructions != both || bens.Stamp().By != "ben" {
		t.Fatalf("saved: %v %+v", bens, bens.Spec())
	}
	var history []string
	for j, err := range o.workspace.JobHistory(t.Context(), table.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, j.Stamp().By)
	}
	if want := []string{"ben", "ann", "owner"}; !slices.Equal(history, want) {
		t.Errorf("the history is by %q, not %q", history, want)
	}
}

func TestTwoAuthorsOfOneLineAreShownBothTexts(t *testing.T) {
	o := open(t)
	table := o.create(t, "table", job.Spec{Name: "Book a table", Instructions: "1. Ask for the day.\n2. Ask for the name."})

	save := func(day string, base int) editor.Save {
		s := table.Spec()
		s.Instructions = strings.Replace(s.Instructions, "the day", day, 1)
		return editor.Save{Base: base, Spec: s}
	}
	var p editor.Problem
	o.must(t, http.StatusOK, "ann", "PUT", "/jobs/table", save("the date", 1), nil)
	o.must(t, http.StatusConflict, "ben", "PUT", "/jobs/table", save("the weekday", 1), &p)

	want := storage.Clash{Field: "instructions", Base: "1. Ask for the day.", Mine: "1. Ask for the weekday.", Theirs: "1. Ask for the date.", Line: 1}
	if len(p.Clashes) != 1 || p.Clashes[0] != want {
		t.Fatalf("clashes %+v, not %+v", p.Clashes, want)
	}
	if got := p.Merged.Instructions; got != "1. Ask for the date.\n1. Ask for the weekday.\n2. Ask for the name." {
		t.Errorf("the proposal lost something:\n%s", got)
	}
	var saved job.Job
	o.must(t, http.StatusOK, "ben", "PUT", "/jobs/table", save("the date or the weekday", p.Theirs.Revision()), &saved)
	if saved.Revision() != 3 {
		t.Errorf("saved as revision %d", saved.Revision())
	}
}

func TestATextThatBreaksARuleIsRefusedFieldByField(t *testing.T) {
	o := open(t)
	o.create(t, "table", job.Spec{Name: "Book a table", Instructions: "1. Ask for the day."})

	var p editor.Problem
	o.must(t, http.StatusUnprocessableEntity, "ann", "PUT", "/jobs/table",
		editor.Save{Base: 1, Spec: job.Spec{Name: strings.Repeat("é", job.MaxName+1), Instructions: " "}}, &p)
	if len(p.Fields) != 2 {
		t.Fatalf("%+v", p)
	}
	if f := p.Fields[0]; f.Field != "name" || f.Rule != job.RuleMaxLength || f.Limit != 100 || f.Got != 101 {
		t.Errorf("the name: %+v", f)
	}
	if f := p.Fields[1]; f.Field != "instructions" || f.Rule != job.RuleRequired {
		t.Errorf("the instructions: %+v", f)
	}
	var j job.Job
	o.must(t, http.StatusOK, "ann", "GET", "/jobs/table", nil, &j)
	if j.Revision() != 1 || j.Name() != "Book a table" {
		t.Errorf("the job changed: %v", j)
	}
}

func TestTheEleventhJobIsRefusedAndTheTenStay(t *testing.T) {
	o := open(t)
	attach := "/flows/" + string(o.flow.ID()) + "/steps/sona/attach"
	for i := range callflow.MaxJobsPerStep {
		j := o.create(t, job.ID(fmt.Sprint("job", i)), job.Spec{Name: fmt.Sprint("Job ", i), Instructions: "1. Ask for the name."})
		o.must(t, http.StatusOK, "ann", "POST", attach, map[string]any{"job": j.ID()}, nil)
	}
	o.create(t, "eleventh", job.Spec{Name: "One too many", Instructions: "1. Ask for the name."})
	var p editor.Problem
	o.must(t, http.StatusConflict, "ann", "POST", attach, map[string]any{"job": "eleventh"}, &p)
	if p.Error != "too_many_jobs" || p.Step != callflow.Sona || p.Max != 10 {
		t.Errorf("%+v", p)
	}
	f, err := o.workspace.Flow(t.Context(), o.flow.ID())
	if err != nil {
		t.Fatal(err)
	}
	if attached, _ := f.Draft().Names(); len(attached) != 10 {
		t.Errorf("%d jobs are attached", len(attached))
	}
}

func TestImpactTellsWhatIsLive(t *testing.T) {
	o := open(t)
	o.create(t, "table", job.Spec{Name: "Book a table", Instructions: "1. Ask for the day."})
	flow := "/flows/" + string(o.flow.ID())

	impact := func(want ...editor.Use) {
		t.Helper()
		var uses []editor.Use
		o.must(t, http.StatusOK, "ann", "GET", "/jobs/table/impact", nil, &uses)
		if fmt.Sprint(uses) != fmt.Sprint(want) {
			t.Errorf("impact %v, not %v", uses, want)
		}
	}
	use := editor.Use{Flow: o.flow.ID(), Name: "Front desk", Step: callflow.Sona, Numbers: []callflow.Line{"+15550100"}}
	impact()

	var f editor.Flow
	o.must(t, http.StatusOK, "ann", "POST", flow+"/steps/sona/attach", map[string]any{"job": "table"}, &f)
	if f.Version != 0 || len(f.Unpublished) == 0 {
		t.Errorf("after attaching: %+v", f)
	}
	use.Draft = true
	impact(use)

	var p editor.Problem
	o.must(t, http.StatusConflict, "ben", "POST", flow+"/publish", map[string]any{"base": f.Revision - 1}, &p)
	if p.Error != "conflict" || p.Flow == nil || p.Flow.Revision != f.Revision {
		t.Errorf("a stale publish: %+v", p)
	}
	var published editor.Flow
	o.must(t, http.StatusOK, "ann", "POST", flow+"/publish", map[string]any{"base": f.Revision}, &published)
	if published.Version != 1 || len(published.Unpublished) > 0 {
		t.Errorf("after publishing: %+v", published)
	}
	use.Live = true
	impact(use)
}

func TestTheLibraryIsReadPageByPage(t *testing.T) {
	o := open(t)
	const n = storage.DefaultLimit + 7
	for i := range n {
		o.create(t, job.ID(fmt.Sprint("job", i)), job.Spec{Name: fmt.Sprintf("Job %03d", i), Instructions: "1. Ask for the name."})
	}
	var names []string
	for next := ""; ; {
		var page editor.Library
		o.must(t, http.StatusOK, "ann", "GET", "/jobs?after="+url.QueryEscape(next), nil, &page)
		for _, j := range page.Jobs {
			names = append(names, j.Name())
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if len(names) != n || !slices.IsSorted(names) {
		t.Errorf("%d jobs: %q", len(names), names)
	}
	var found editor.Library
	o.must(t, http.StatusOK, "ann", "GET", "/jobs?text=JOB+041", nil, &found)
	if len(found.Jobs) != 1 || found.Jobs[0].ID() != "job41" {
		t.Errorf("found: %v", found.Jobs)
	}
	o.must(t, http.StatusUnprocessableEntity, "ann", "GET", "/jobs?after=made-up", nil, nil)
}

func TestWhatDoesNotExistIsNotFound(t *testing.T) {
	o := open(t)
	o.create(t, "table", job.Spec{Name: "Book a table", Instructions: "1. Ask for the day."})
	save := editor.Save{Base: 1, Spec: job.Spec{Name: "Name", Instructions: "1. Ask for the name."}}
	flow := "/flows/" + string(o.flow.ID())
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/jobs/nobody", nil},
		{"PUT", "/jobs/nobody", save},
		{"GET", "/jobs/nobody/impact", nil},
		{"POST", flow + "/steps/sona/attach", map[string]any{"job": "nobody"}},
		{"POST", flow + "/steps/nowhere/attach", map[string]any{"job": "table"}},
		{"POST", "/flows/nobody/steps/sona/attach", map[string]any{"job": "table"}},
		{"POST", "/flows/nobody/publish", map[string]any{"base": 1}},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			var p editor.Problem
			o.must(t, http.StatusNotFound, "ann", c.method, c.path, c.body, &p)
			if p.Error == "" || p.Message == "" {
				t.Errorf("%+v", p)
			}
		})
	}
	o.must(t, http.StatusBadRequest, "ann", "PUT", "/jobs/table", "no object", nil)
}

// office is a workspace with an editor in front of it.
type office struct {
	workspace *storage.Workspace
	server    *httptest.Server
	flow      callflow.Flow
}

func open(t *testing.T) office {
	t.Helper()
	w := storage.Open(memory.New(), "acme").By("owner")
	f, err := w.CreateFlow(t.Context(), callflow.Simple("Front desk", "+15550100", callflow.SonaStep{}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(editor.New(w, func(r *http.Request) string { return r.Header.Get("Author") }))
	t.Cleanup(server.Close)
	return office{w, server, f}
}

func (o office) create(t *testing.T, id job.ID, s job.Spec) job.Job {
	t.Helper()
	j, err := o.workspace.CreateJobAs(t.Context(), id, s)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// must sends a request as an author, wants this status, and decodes the answer into out.
func (o office) must(t *testing.T, status int, author, method, path string, body, out any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, o.server.URL+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Author", author)
	answer, err := o.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != status {
		t.Fatalf("%s %s: %d, not %d: %s", method, path, answer.StatusCode, status, text.String())
	}
	if out != nil {
		if err := json.Unmarshal(text.Bytes(), out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, text.String())
		}
	}
}
