package knowledge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

func ExampleNew() {
	page, err := knowledge.New(knowledge.Spec{Title: "Parking", Text: "Guests park behind the house, free of charge."})
	fmt.Println(page.Title(), page.Revision(), err)

	_, err = knowledge.New(knowledge.Spec{Title: "Parking", Text: strings.Repeat("a", 20_001)})
	fmt.Println(err)
	// Output:
	// Parking 0 <nil>
	// page: text: 20001 characters, at most 20000: shorten it by 1
}

func TestCheck(t *testing.T) {
	good := knowledge.Spec{Title: "Hours", Text: "Nine to five."}
	with := func(change func(*knowledge.Spec)) knowledge.Spec {
		s := good
		change(&s)
		return s
	}
	type broken = [2]string // field, rule
	for _, c := range []struct {
		what string
		spec knowledge.Spec
		want []broken
	}{
		{"title and text are enough", good, nil},
		{"200 characters of title pass", with(func(s *knowledge.Spec) { s.Title = strings.Repeat("é", 200) }), nil},
		{"201 do not", with(func(s *knowledge.Spec) { s.Title = strings.Repeat("é", 201) }), []broken{{"title", "max_length"}}},
		{"20,000 characters of text pass", with(func(s *knowledge.Spec) { s.Text = strings.Repeat("語", 20_000) }), nil},
		{"20,001 do not", with(func(s *knowledge.Spec) { s.Text = strings.Repeat("語", 20_001) }), []broken{{"text", "max_length"}}},
		{"the cleaned text is counted: an accent that is typed apart is no character of its own",
			with(func(s *knowledge.Spec) { s.Text = strings.Repeat("e\u0301", 20_000) }), nil},
		{"nor is an invisible one", with(func(s *knowledge.Spec) { s.Text = strings.Repeat("a\u200b\r\n", 10_000) }), nil},
		{"title and text are required, and all that is wrong is said at once", knowledge.Spec{},
			[]broken{{"title", "required"}, {"text", "required"}}},
		{"blank is not there", knowledge.Spec{Title: " \t", Text: "\n\u200b\u3000"}, []broken{{"title", "required"}, {"text", "required"}}},
		{"bytes that are no text are refused, not replaced", knowledge.Spec{Title: "a\xff", Text: "b\xfe"}, []broken{{"title", "utf8"}, {"text", "utf8"}}},
		{"an upload names its file", with(func(s *knowledge.Spec) { s.Source.Kind = knowledge.Uploaded }), []broken{{"source.name", "required"}}},
		{"a website has its address", with(func(s *knowledge.Spec) { s.Source.Kind = knowledge.Website }), []broken{{"source.url", "required"}}},
		{"on the web", with(func(s *knowledge.Spec) {
			s.Source = knowledge.Source{Kind: knowledge.Website, URL: "https://example.com/hours"}
		}), nil},
		{"and nowhere else", with(func(s *knowledge.Spec) {
			s.Source = knowledge.Source{Kind: knowledge.Website, URL: "javascript:alert(1)"}
		}), []broken{{"source.url", "format"}}},
		{"no other source is known", with(func(s *knowledge.Spec) { s.Source.Kind = knowledge.SourceKind(strings.Repeat("x", 99)) }),
			[]broken{{"source.kind", "one_of"}}},
		{"names and addresses end somewhere", with(func(s *knowledge.Spec) {
			s.Source = knowledge.Source{Name: strings.Repeat("n", 256), URL: "http://" + strings.Repeat("u", 2_000)}
		}), []broken{{"source.name", "max_length"}, {"source.url", "max_length"}}},
	} {
		t.Run(c.what, func(t *testing.T) {
			var got []broken
			err := c.spec.Check()
			if err != nil {
				invalid, ok := errors.AsType[*job.ValidationError](err)
				require.True(t, ok, "%T", err)
				require.True(t, strings.HasPrefix(err.Error(), "page: "), err)
				for _, f := range invalid.Fields {
					got = append(got, broken{f.Field, f.Rule})
					require.True(t, strings.HasPrefix(f.Message, f.Field+": "), f.Message)
					require.Less(t, len(f.Message), 300)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			_, made := knowledge.New(c.spec)
			require.Equal(t, err == nil, made == nil, "New refuses what Check refuses")
		})
	}
}

func TestTheErrorLeadsToItsFieldWithLimitAndLength(t *testing.T) {
	err := knowledge.Spec{Title: "Hours", Text: strings.Repeat("a", 20_007)}.Check()
	field, ok := errors.AsType[*job.FieldError](fmt.Errorf("saving: %w", err))
	require.True(t, ok)
	require.Equal(t, job.FieldError{Field: "text", Rule: job.RuleMaxLength, Limit: 20_000, Got: 20_007,
		Message: "text: 20007 characters, at most 20000: shorten it by 7"}, *field)
}

func TestClean(t *testing.T) {
	dirty := knowledge.Spec{Title: "Opening\nhours\u200b", Text: "a\r\nb\u2028e\u0301", Source: knowledge.Source{Name: "a\tb", URL: "http://x\u200b"}}
	want := knowledge.Spec{Title: "Opening hours", Text: "a\nb\né", Source: knowledge.Source{Kind: knowledge.Typed, Name: "a b", URL: "http://x"}}
	if diff := cmp.Diff(want, dirty.Clean()); diff != "" {
		t.Error(diff)
	}
	require.True(t, want.Equal(want.Clean()), "cleaning what is clean changes nothing")
	require.False(t, want.Equal(dirty))
}

func TestANewPageIsNotSavedYet(t *testing.T) {
	a, b := page(t, "Hours", "Nine to five."), page(t, "Hours", "Nine to five.")
	require.Zero(t, a.Revision())
	require.Zero(t, a.Stamp())
	require.NotEqual(t, a.ID(), b.ID(), "and has an ID of its own")
	require.True(t, strings.HasPrefix(string(a.ID()), "page_"))
	require.Equal(t, a.Hash(), b.Hash(), "equal texts have equal hashes")
	require.NotEqual(t, a.Hash(), page(t, "Hours", "Nine to six.").Hash())
	require.False(t, a.Equal(b))
	require.Equal(t, `page "Hours" (`+string(a.ID())+`, revision 0)`, a.String())
}

func TestRestoreGivesASavedRevisionBack(t *testing.T) {
	spec := knowledge.Spec{Title: "Hours", Text: "Nine to five."}
	at := job.Stamp{Revision: 3, At: time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC), By: "ada", Note: "summer"}
	p, err := knowledge.Restore("page_1", at, spec)
	require.NoError(t, err)
	require.Equal(t, knowledge.ID("page_1"), p.ID())
	require.Equal(t, 3, p.Revision())
	require.Equal(t, at, p.Stamp())
	require.Equal(t, "Nine to five.", p.Text())
	require.True(t, p.Spec().Equal(spec.Clean()))

	for what, refused := range map[string]func() (knowledge.Page, error){
		"an ill-formed id":             func() (knowledge.Page, error) { return knowledge.Restore("a:b", at, spec) },
		"no id":                        func() (knowledge.Page, error) { return knowledge.Restore("", at, spec) },
		"a negative revision":          func() (knowledge.Page, error) { return knowledge.Restore("p", job.Stamp{Revision: -1}, spec) },
		"a text that breaks a rule":    func() (knowledge.Page, error) { return knowledge.Restore("p", at, knowledge.Spec{}) },
		"a candidate of no page":       func() (knowledge.Page, error) { return knowledge.Page{}.With(spec) },
		"a candidate without its text": func() (knowledge.Page, error) { return p.With(knowledge.Spec{Title: "Hours"}) },
	} {
		got, err := refused()
		_, typed := errors.AsType[*job.ValidationError](err)
		require.True(t, typed, "%s: %v", what, err)
		require.True(t, got.IsZero(), what)
	}
}

func TestParseID(t *testing.T) {
	id, err := knowledge.ParseID("team/hours-1")
	require.NoError(t, err)
	require.Equal(t, knowledge.ID("team/hours-1"), id)
	_, err = knowledge.ParseID("no spaces")
	field, ok := errors.AsType[*job.FieldError](err)
	require.True(t, ok)
	require.Equal(t, "id", field.Field)
}

func TestACandidateKeepsIDAndRevision(t *testing.T) {
	p, err := knowledge.Restore("page_1", job.Stamp{Revision: 3, By: "ada"}, knowledge.Spec{Title: "Hours", Text: "Nine to five."})
	require.NoError(t, err)
	c, err := p.With(knowledge.Spec{Title: "Hours", Text: "Nine to six."})
	require.NoError(t, err)
	require.Equal(t, p.ID(), c.ID())
	require.Equal(t, p.Stamp(), c.Stamp())
	require.Equal(t, "Nine to six.", c.Text())
	require.Equal(t, "Nine to five.", p.Text(), "and the page stays as it was")
	require.False(t, p.Equal(c))
}

func TestTheZeroPageIsNoPage(t *testing.T) {
	var p knowledge.Page
	require.True(t, p.IsZero())
	require.Empty(t, p.ID())
	require.Empty(t, p.Title())
	require.Empty(t, p.Hash())
	require.Zero(t, p.Spec())
	require.Equal(t, "no page", p.String())
	require.True(t, p.Equal(knowledge.Page{}))
	require.False(t, p.Equal(page(t, "Hours", "Nine to five.")))
}

func TestAPageIsStoredAsJSON(t *testing.T) {
	spec := knowledge.Spec{Title: "Hours", Text: "Nine.\n<b> & é", Source: knowledge.Source{Kind: knowledge.Uploaded, Name: "hours.md"}}
	at := job.Stamp{Revision: 2, At: time.Date(2025, 5, 1, 9, 0, 0, 0, time.FixedZone("", 7200)), By: "ada", Note: "n"}
	for _, stamp := range []job.Stamp{{}, at} {
		p, err := knowledge.Restore("page_1", stamp, spec)
		require.NoError(t, err)
		b, err := json.Marshal(p)
		require.NoError(t, err)
		var got knowledge.Page
		require.NoError(t, json.Unmarshal(b, &got))
		require.True(t, p.Equal(got), "%s", b)
		require.True(t, got.Spec().Equal(spec))
	}

	b, err := json.Marshal(knowledge.Page{})
	require.NoError(t, err)
	require.Equal(t, "null", string(b))
	p := page(t, "Hours", "Nine.")
	require.NoError(t, json.Unmarshal(b, &p))
	require.True(t, p.IsZero(), "null is the zero Page")
}

func TestDecodingChecks(t *testing.T) {
	was := page(t, "Hours", "Nine to five.")
	for _, bad := range []string{
		`{}`, `[]`, `{"id":1}`, `{"id":"p","title":"t"}`, `{"id":"p:1","title":"t","text":"x"}`,
		`{"id":"p","revision":-1,"title":"t","text":"x"}`, `{"id":"p","title":"t","text":"x","source":{"kind":"magic"}}`,
	} {
		p := was
		require.Error(t, json.Unmarshal([]byte(bad), &p), bad)
		require.True(t, was.Equal(p), "on an error the page stays as it was: %s", bad)
	}
	var old knowledge.Page
	require.NoError(t, json.Unmarshal([]byte(`{"id":"p","revision":1,"title":"t","text":"x"}`), &old), "a source may be missing")
	require.Equal(t, knowledge.Typed, old.Spec().Source.Kind)
}

func TestRealPagesAreValid(t *testing.T) {
	type row struct{ ID, Topic, Text string }
	rows := corpus.Lines[row](t, "livekit/corpus/knowledge.jsonl")
	require.Len(t, rows, 26)
	for _, r := range rows {
		p, err := knowledge.New(knowledge.Spec{Title: r.Topic, Text: r.Text})
		require.NoError(t, err, r.ID)
		require.Equal(t, job.Clean(r.Text), p.Text())
	}
}

func page(t testing.TB, title, text string) knowledge.Page {
	t.Helper()
	p, err := knowledge.New(knowledge.Spec{Title: title, Text: text})
	require.NoError(t, err)
	return p
}
