package knowledge_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

func ExampleIndex_Find() {
	var pages []knowledge.Page
	for _, s := range []knowledge.Spec{
		{Title: "Opening hours", Text: "Monday to Friday from 9 to 18. Closed on Sundays."},
		{Title: "Parking", Text: "Guests park behind the house. Two places have a charger."},
	} {
		p, err := knowledge.New(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		pages = append(pages, p)
	}
	index := knowledge.NewIndex(slices.Values(pages))
	for _, passage := range index.Find("Are you closed this Sunday?", 3) {
		fmt.Printf("%s: %s\n", passage.Title, passage.Text)
	}
	// Output:
	// Opening hours: Monday to Friday from 9 to 18. Closed on Sundays.
}

func TestFind(t *testing.T) {
	pages := []knowledge.Page{
		page(t, "Opening hours", "From nine to five."),
		page(t, "Parking", "Behind the house. Vans find no place."),
		page(t, "Menu", "Café crème, gâteaux and tea."),
		page(t, "停车", "停车场在房子后面。"),
		page(t, "Vans", "Vans for rent."),
		page(t, "Also parking", "Behind the house. Vans find no place."),
	}
	x := knowledge.NewIndex(slices.Values(pages))
	for _, c := range []struct {
		what, question string
		n              int
		want           []string
	}{
		{"words of the title find a page", "when do you open?", 5, []string{"Opening hours"}},
		{"words of the text do", "the house", 5, []string{"Parking", "Also parking"}},
		{"the best first", "a van", 5, []string{"Vans", "Parking", "Also parking"}},
		{"at most n", "a van", 1, []string{"Vans"}},
		{"accents do not matter", "cafe creme", 5, []string{"Menu"}},
		{"neither do spaces in Chinese", "请问停车场在哪里", 5, []string{"停车"}},
		{"nothing fits, nothing is found", "swimming pool", 5, nil},
		{"common words find nothing", "do you have the", 5, nil},
		{"n of 0 asks for nothing", "a van", 0, nil},
		{"a negative n, too", "a van", -3, nil},
		{"no question, no answer", "", 5, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			if diff := cmp.Diff(c.want, titles(x.Find(c.question, c.n))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEqualPassagesComeInTheOrderOfThePages(t *testing.T) {
	var pages []knowledge.Page
	for i := range 30 {
		p, err := knowledge.Restore(knowledge.ID(fmt.Sprintf("p%d", i)), job.Stamp{}, knowledge.Spec{Title: "Parking", Text: "Behind the house."})
		require.NoError(t, err)
		pages = append(pages, p)
	}
	for range 10 {
		for i, found := range knowledge.NewIndex(slices.Values(pages)).Find("parking house", 50) {
			require.Equal(t, pages[i].ID(), found.Page)
		}
	}
}

func TestAPageIsReadOnce(t *testing.T) {
	p := page(t, "Parking", "Behind the house.")
	other, err := p.With(knowledge.Spec{Title: "Parking", Text: "In front of the house."})
	require.NoError(t, err)
	found := knowledge.NewIndex(slices.Values([]knowledge.Page{{}, p, p, other})).Find("parking", 5)
	require.Len(t, found, 1)
	require.Equal(t, "Behind the house.", found[0].Text, "the first one counts, and the zero Page does not")
}

func TestAnIndexOfNothingFindsNothing(t *testing.T) {
	var zero knowledge.Index
	require.Empty(t, zero.Find("parking", 5))
	require.Empty(t, knowledge.NewIndex(slices.Values([]knowledge.Page(nil))).Find("parking", 5))
}

func TestAPassageStandsInItsPage(t *testing.T) {
	text := "# House\n\n" + section("Rooms", "bed", 40) + section("Garden", "tree", 60) + "## Spa\n\nThe sauna opens at noon.\n"
	p := page(t, "Guide", text)
	found := knowledge.NewIndex(slices.Values([]knowledge.Page{p})).Find("bed tree sauna guide", 100)
	require.GreaterOrEqual(t, len(found), 3)
	for _, f := range found {
		require.Equal(t, p.ID(), f.Page)
		require.Equal(t, "Guide", f.Title)
		require.Equal(t, f.Text, p.Text()[f.Span.Start:f.Span.End], "verbatim")
		require.Positive(t, f.Score)
		require.LessOrEqual(t, utf8.RuneCountInString(f.Text), 900)
		require.GreaterOrEqual(t, utf8.RuneCountInString(f.Text), 300)
	}
	slices.SortFunc(found, func(a, b knowledge.Passage) int { return a.Span.Start - b.Span.Start })
	at := 0
	for _, f := range found {
		require.Empty(t, strings.TrimSpace(text[at:f.Span.Start]), "no text is left out")
		at = f.Span.End
	}
	require.Empty(t, strings.TrimSpace(text[at:]))
}

func TestAPassageIsFoundByTheHeadingsAboveIt(t *testing.T) {
	text := section("Pool", "water", 100) + section("Bar", "juice", 100)
	x := knowledge.NewIndex(slices.Values([]knowledge.Page{page(t, "Guide", text)}))
	pool := x.Find("pool", 100)
	require.Greater(t, len(pool), 2, "not only the passage that has the heading")
	for _, f := range pool {
		require.Contains(t, f.Text, "water")
	}
	for _, f := range x.Find("bar", 100)[1:] {
		require.NotContains(t, f.Text, "water")
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	pages, _ := bankPages(t)
	x := knowledge.NewIndex(slices.Values(pages))
	want := x.Find("credit card fee", 5)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if diff := cmp.Diff(want, x.Find("credit card fee", 5)); diff != "" {
				t.Error(diff)
			}
		})
	}
	all.Wait()
}

// TestFloorOfDocuments asks the documents of a bank, as pages, with all that a caller was told of the
// case. A document is found when one of its passages is; the first ten documents count. The floor is
// that of a plain BM25 over whole documents.
func TestFloorOfDocuments(t *testing.T) {
	type mockCall struct {
		Caller struct {
			Instructions string `json:"task_instructions"`
		}
		Required []string `json:"required_documents"`
	}
	pages, documents := bankPages(t)
	x := knowledge.NewIndex(slices.Values(pages))
	var mean, found, required, asked float64
	for _, c := range corpus.Lines[mockCall](t, "tau2/dev/mock_calls.jsonl") {
		if len(c.Required) == 0 {
			continue
		}
		var first []string
		for _, p := range x.Find(c.Caller.Instructions, len(pages)) {
			if id := documents[p.Page]; !slices.Contains(first, id) && len(first) < 10 {
				first = append(first, id)
			}
		}
		hits := 0.0
		for _, id := range c.Required {
			if slices.Contains(first, id) {
				hits++
			}
		}
		mean += hits / float64(len(c.Required))
		found, required, asked = found+hits, required+float64(len(c.Required)), asked+1
	}
	t.Logf("tau2 bank documents, recall@10 of %g questions: %.3f, of %g required documents: %.3f", asked, mean/asked, required, found/required)
	require.GreaterOrEqual(t, mean/asked, .189)
	require.GreaterOrEqual(t, found/required, .189)
}

func FuzzFind(f *testing.F) {
	f.Add("Hours", "# Open\n\nNine to five.\n", "are you open", 3)
	f.Add("停车", "停车场在房子后面。", "停车", 1)
	f.Add("a", strings.Repeat("a b\u0301 ", 900), "b\u0301", 1<<40)
	f.Add("a", "####### x\n##\n# \n", "x", -1)
	f.Fuzz(func(t *testing.T, title, text, question string, n int) {
		p, err := knowledge.New(knowledge.Spec{Title: title, Text: text})
		if err != nil {
			return
		}
		found := knowledge.NewIndex(slices.Values([]knowledge.Page{p})).Find(question, n)
		require.LessOrEqual(t, len(found), max(0, n))
		for i, got := range found {
			require.Equal(t, got.Text, p.Text()[got.Span.Start:got.Span.End])
			require.NotEmpty(t, strings.TrimSpace(got.Text))
			require.LessOrEqual(t, utf8.RuneCountInString(got.Text), 900)
			require.True(t, got.Score > 0 && !math.IsInf(got.Score, 0))
			if i > 0 {
				require.LessOrEqual(t, got.Score, found[i-1].Score)
			}
		}
	})
}

func BenchmarkNewIndex(b *testing.B) {
	pages, _ := bankPages(b)
	b.ReportAllocs()
	for b.Loop() {
		knowledge.NewIndex(slices.Values(pages))
	}
	b.ReportMetric(float64(len(pages)), "pages")
}

func BenchmarkFind(b *testing.B) {
	pages, _ := bankPages(b)
	x := knowledge.NewIndex(slices.Values(pages))
	b.ReportAllocs()
	for b.Loop() {
		x.Find("Is there a fee when I use my card in another country?", 5)
	}
}

// bankPages returns the documents as pages, and which document a page is.
func bankPages(t testing.TB) ([]knowledge.Page, map[knowledge.ID]string) {
	type doc struct{ ID, Title, Content string }
	var pages []knowledge.Page
	names := map[knowledge.ID]string{}
	for i, d := range corpus.Lines[doc](t, "tau2/corpus/banking_documents.jsonl") {
		id := knowledge.ID(fmt.Sprintf("doc-%d", i)) // the documents' own have characters that an ID may not have
		p, err := knowledge.Restore(id, job.Stamp{}, knowledge.Spec{Title: d.Title, Text: d.Content})
		require.NoError(t, err)
		pages, names[id] = append(pages, p), d.ID
	}
	return pages, names
}

func section(heading, word string, sentences int) string {
	return "## " + heading + "\n\n" + strings.Repeat("Here is a "+word+" for you.\n\n", sentences)
}

func titles(found []knowledge.Passage) []string {
	var names []string
	for _, f := range found {
		names = append(names, f.Title)
	}
	return names
}
