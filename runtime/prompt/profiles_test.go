package prompt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestEveryModelHasItsSourceAndFitsTheLegalMaximumOfJobs(t *testing.T) {
	s := large()
	names := []string{}
	for _, m := range prompt.Models() {
		names = append(names, m.Name)
		require.True(t, strings.HasPrefix(m.Source, "https://"), m.Name)
		_, err := time.Parse(time.DateOnly, m.Read)
		require.NoError(t, err, m.Name)
		s.options.Profile = m.Profile()
		p := s.build(t)
		require.Equal(t, prompt.Full, p.Plan.Kind, m.Name)
		require.Contains(t, p.Receipt.Inputs, "profile:"+m.Name)
	}
	require.True(t, slices.IsSorted(names))
	require.Len(t, slices.Compact(names), len(prompt.Models()), "each once")
	prompt.Models()[0].Context = 1
	require.NotEqual(t, 1, prompt.Models()[0].Context, "the list is the caller's own")
}

// A host that has its model's tokenizer puts it in: counts are then exact, and kept with the texts, so
// that an edit of one job counts that job. The words of this one stand for a real tokenizer's tokens.
func ExampleProfile_tokens() {
	counted := 0
	options := prompt.Options{Parts: new(prompt.Parts), Profile: prompt.Profile{
		Name:          "house-model",
		ContextTokens: 32_000,
		Tokens:        func(text string) int { counted++; return len(strings.Fields(text)) },
	}}
	before, _ := prompt.Build(snapshot(message("1. Ask who it is for.\n2. Take it down.")), callflow.Sona, options)
	counted = 0
	after, _ := prompt.Build(snapshot(message("1. Ask who it is for.\n2. Take it down.\n3. Read it back.")), callflow.Sona, options)
	fmt.Println(after.Tokens-before.Tokens, "tokens more,", counted, "text counted")
	// Output:
	// 4 tokens more, 1 text counted
}
