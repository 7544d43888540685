package bm25_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/bm25"
	"github.com/sonajobs/sona/internal/corpus"
)

// The floors are what a plain BM25 reaches on this material, as its README says. The settings here:
//
//   - whole: one document an intent, of all its training sentences. CLINC150 is asked with its
//     validation sentences; STAR and BANKING77, of which there is one part, five times with every
//     fifth sentence kept out.
//   - name: the document is the intent's name alone, as bare as a job can be. No floor is known; the
//     figures show what the stemmer and the common words are for (CLINC150 has .41 without them).
func TestFloors(t *testing.T) {
	star, clinc, banking := starSentences(t), sentences(t, "clinc150/dev/train.jsonl"), sentences(t, "banking77/dev/train.jsonl")
	asked := sentences(t, "clinc150/dev/val.jsonl")
	for _, c := range []struct {
		setting string
		got     float64
		floor   float64
	}{
		{"STAR, whole", fiveFold(star), .673},
		{"CLINC150, whole", share(whole(clinc), asked), .859},
		{"BANKING77, whole", fiveFold(banking), .823},
		{"CLINC150, name", share(named(clinc), asked), .45},
		{"BANKING77, name", share(named(banking), banking), .40},
	} {
		t.Logf("%-17s %.3f (floor %.3f)", c.setting, c.got, c.floor)
		require.GreaterOrEqual(t, c.got, c.floor, c.setting)
	}
}

// TestFloorOfDocuments asks the documents of a bank with all that a caller was told of the case, and
// counts how many of the required documents are among the first ten: per question, then the mean.
func TestFloorOfDocuments(t *testing.T) {
	docs, asked := bank(t)
	x := bm25.New(slices.Values(docs.texts))
	var mean, found, required float64
	for _, q := range asked {
		hits := 0.0
		for _, h := range x.Rank(q.question, 10) {
			if slices.Contains(q.required, docs.ids[h.Doc]) {
				hits++
			}
		}
		mean += hits / float64(len(q.required)) / float64(len(asked))
		found += hits
		required += float64(len(q.required))
	}
	t.Logf("tau2 bank documents, recall@10 of %d questions: %.3f, of %g required documents: %.3f", len(asked), mean, required, found/required)
	require.GreaterOrEqual(t, mean, .189)
	require.GreaterOrEqual(t, found/required, .189)
}

func BenchmarkNew(b *testing.B) {
	docs, _ := bank(b)
	b.ReportAllocs()
	for b.Loop() {
		bm25.New(slices.Values(docs.texts))
	}
	b.ReportMetric(float64(len(docs.texts)), "docs")
}

func BenchmarkRank(b *testing.B) {
	docs, asked := bank(b)
	x := bm25.New(slices.Values(docs.texts))
	for _, c := range []struct{ name, query string }{
		{"sentence", "Is there a fee when I use my card in another country?"},
		{"page", asked[0].question},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Rank(c.query, 10)
			}
		})
	}
}

type sentence struct{ Text, Intent string }

func sentences(t testing.TB, file string) []sentence { return corpus.Lines[sentence](t, file) }

func starSentences(t testing.TB) []sentence {
	type row struct {
		Utterance string
		Tasks     []string
	}
	var all []sentence
	for _, r := range corpus.Lines[row](t, "star/dev/routing_single.jsonl") {
		all = append(all, sentence{r.Utterance, r.Tasks[0]})
	}
	return all
}

// classifier answers with the intent of the best document.
type classifier struct {
	intents []string
	index   *bm25.Index
}

func whole(train []sentence) classifier {
	return classify(train, func(c sentence) string { return c.Text })
}

func named(train []sentence) classifier {
	seen := map[string]bool{}
	return classify(train, func(c sentence) string {
		if seen[c.Intent] {
			return ""
		}
		seen[c.Intent] = true
		return strings.ReplaceAll(c.Intent, "_", " ")
	})
}

func classify(train []sentence, text func(sentence) string) classifier {
	var c classifier
	texts := map[string]*strings.Builder{}
	for _, s := range train {
		if texts[s.Intent] == nil {
			texts[s.Intent] = &strings.Builder{}
			c.intents = append(c.intents, s.Intent)
		}
		texts[s.Intent].WriteString(text(s) + "\n")
	}
	var docs []string
	for _, intent := range c.intents {
		docs = append(docs, texts[intent].String())
	}
	c.index = index(docs...)
	return c
}

func (c classifier) right(asked []sentence) (n int) {
	for _, s := range asked {
		if hits := c.index.Rank(s.Text, 1); len(hits) > 0 && c.intents[hits[0].Doc] == s.Intent {
			n++
		}
	}
	return n
}

func share(c classifier, asked []sentence) float64 {
	return float64(c.right(asked)) / float64(len(asked))
}

func fiveFold(all []sentence) float64 {
	right := 0
	for fold := range 5 {
		var train, asked []sentence
		for i, s := range all {
			if i%5 == fold {
				asked = append(asked, s)
			} else {
				train = append(train, s)
			}
		}
		right += whole(train).right(asked)
	}
	return float64(right) / float64(len(all))
}

type bankDocs struct {
	ids   []string
	texts []bm25.Doc
}

type bankQuestion struct {
	question string
	required []string
}

func bank(t testing.TB) (bankDocs, []bankQuestion) {
	type doc struct{ ID, Title, Content string }
	type mockCall struct {
		Caller struct {
			Instructions string `json:"task_instructions"`
		}
		Required []string `json:"required_documents"`
	}
	var docs bankDocs
	for _, d := range corpus.Lines[doc](t, "tau2/corpus/banking_documents.jsonl") {
		docs.ids = append(docs.ids, d.ID)
		docs.texts = append(docs.texts, bm25.Doc{Text: d.Content, Fields: []bm25.Field{{Text: d.Title, Weight: 2}}})
	}
	var asked []bankQuestion
	for _, c := range corpus.Lines[mockCall](t, "tau2/dev/mock_calls.jsonl") {
		if len(c.Required) > 0 {
			asked = append(asked, bankQuestion{c.Caller.Instructions, c.Required})
		}
	}
	return docs, asked
}
