package prompt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// library is the salon with more Knowledge than a small model has room for.
func library() scene {
	s := salon()
	for i, n := range []int{10, 400, 50, 400, 120} {
		s.pages = append(s.pages, knowledge.Spec{Title: fmt.Sprintf("Page of %d", n), Text: strings.Repeat(fmt.Sprintf("Fact %d. ", i), n)})
	}
	s.options.Finds = true
	return s
}

func titlesOf(pages []knowledge.Page) (titles []string) {
	for _, p := range pages {
		titles = append(titles, p.Title())
	}
	return titles
}

// As many pages stand in the prompt as there is room for, the small ones first; the others are left to be
// found. Jobs stay open as long as pages can make room.
func TestPagesWithoutRoomAreFound(t *testing.T) {
	s := library()
	all := s.build(t)
	require.Empty(t, all.Plan.Found)
	require.NotContains(t, all.Stable, "is looked up")

	before := all.Plan
	for room := all.Tokens; ; room -= 97 {
		s.options.Profile.InstructionCap = room
		p, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
		if err != nil {
			require.Equal(t, prompt.Index, before.Kind)
			require.ErrorContains(t, err, `detach job "`)
			require.NotContains(t, err.Error(), "page", "pages are not what there is too much of")
			break
		}
		require.LessOrEqual(t, p.Tokens, room)
		require.Len(t, s.pages, len(p.Plan.Pages)+len(p.Plan.Found), "none is lost")
		if p.Plan.Kind == before.Kind {
			require.LessOrEqual(t, len(p.Plan.Pages), len(before.Pages))
		} else {
			require.LessOrEqual(t, len(before.Pages), 1, "jobs are closed when hardly a page is left to make room")
		}
		for _, in := range p.Plan.Pages {
			require.Contains(t, p.Stable, "| Title: "+in.Title()+"\n")
			for _, out := range p.Plan.Found {
				require.LessOrEqual(t, len(in.Text()), len(out.Text()), "the largest make room")
			}
		}
		if len(p.Plan.Found) > 0 {
			require.Contains(t, part(t, p.Stable, "# 5. Knowledge", "# 6."), "is looked up and stands at the end, on pages X1, X2 and so on.\n")
		}
		before = p.Plan
	}
}

func TestThePromptSaysThatThereIsMoreKnowledge(t *testing.T) {
	more := "what fits the caller's words is looked up and stands at the end, on pages X1, X2 and so on.\n"
	for room, want := range map[int]string{
		910:   "\nFacts of the business. None stands here: " + more + "\n# 6.",
		1400:  "\nFacts of the business. Every line of a page begins with a bar. There is more than stands here: " + more + "<<page P2 ",
		10000: "\nFacts of the business. Every line of a page begins with a bar.\n<<page P1 ",
	} {
		s := scene{pages: library().pages[3:], options: library().options}
		s.options.Profile.InstructionCap = room
		require.Contains(t, s.build(t).Stable, want)
	}
}

// A page keeps its handle while others come and go, so that what stands before it stays what it was.
func TestAPageKeepsItsHandle(t *testing.T) {
	s := library()
	s.options.Profile.InstructionCap = s.build(t).Tokens - 1
	p := s.build(t)
	require.Equal(t, prompt.Full, p.Plan.Kind)
	require.Equal(t, []string{"Page of 400"}, titlesOf(p.Plan.Found), "of two equal ones the later")
	require.Equal(t, "| Title: Page of 120\n", body(t, p.Stable, "page P7")[:21])
	require.NotContains(t, p.Stable, "<<page P6 ")
	require.Equal(t, []string{"knowledge", "page P6"}, sectionsOf(prompt.Diff(library().build(t), p)))
	require.Contains(t, p.Receipt.Inputs, "found:page-6@1")
	require.NotContains(t, p.Receipt.Inputs, "page:page-6@1")

	again, err := prompt.Rebuild(decoded(t, p.Receipt), s.snapshot(t), callflow.Sona, s.options)
	require.NoError(t, err)
	require.Equal(t, p.Stable, again.Stable)
	edited := s
	edited.pages = slices.Clone(s.pages)
	edited.pages[5].Text += "One more fact."
	require.Equal(t, p.Stable, edited.build(t).Stable, "an edit of a page that is found changes nothing before the call")
}

func sectionsOf(diffs []prompt.SectionDiff) (names []string) {
	for _, d := range diffs {
		names = append(names, d.Section)
	}
	return names
}

// Nothing promises to look anything up when nobody does: then too much Knowledge is an error.
func TestKnowledgeIsFoundOnlyWhereSomebodyFinds(t *testing.T) {
	s := library()
	s.options.Profile.InstructionCap = s.build(t).Tokens / 2
	require.NotEmpty(t, s.build(t).Plan.Found)
	s.options.Finds = false
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	require.ErrorAs(t, err, new(*prompt.BudgetError))
	require.ErrorContains(t, err, "deselect page")
}

// The tail that a turn gets: passages of the pages that are found, inside fences of their own.
func ExampleCallContext_passages() {
	page := func(id knowledge.ID, title, text string) knowledge.Page {
		p, err := knowledge.Restore(id, job.Stamp{Revision: 1}, knowledge.Spec{Title: title, Text: text})
		if err != nil {
			panic(err)
		}
		return p
	}
	pages := []knowledge.Page{
		page("hours", "Opening hours", "Monday to Friday from 9 to 18."),
		page("parking", "Parking", strings.Repeat("Guests park behind the house.\n\n", 40)),
	}
	flow, err := callflow.New(callflow.Simple("Front desk", "+15551230000", callflow.SonaStep{Pages: []knowledge.ID{"hours", "parking"}}))
	if err != nil {
		panic(err)
	}
	small := prompt.Options{Profile: prompt.Profile{InstructionCap: 1000}, Finds: true}
	p, err := prompt.Build(callflow.NewSnapshot(flow, flow.Draft(), nil, pages, callflow.Settings{}), callflow.Sona, small)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("in the prompt:", titlesOf(p.Plan.Pages), "to be found:", titlesOf(p.Plan.Found))

	index := knowledge.NewIndex(slices.Values(p.Plan.Found)) // once, with the prompt
	turn := p.For(prompt.CallContext{Passages: index.Find("Where can I park?", 1)})
	_, tail, _ := strings.Cut(turn.Context, "# 12.")
	fmt.Println(strings.Join(strings.Split("# 12."+tail, "\n")[:4], "\n"))
	// Output:
	// in the prompt: [Opening hours] to be found: [Parking]
	// # 12. More Knowledge for this call
	// <<page X1 NONCE>>
	// | Title: Parking
	// | Guests park behind the house.
}
