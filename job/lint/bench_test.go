package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sonajobs/sona/job"
)

// goodText is n characters of instructions that nothing is found in: sections as authors write them.
func goodText(n int) job.Spec {
	const part = `## Part %d

1. Ask for the number of shelf %d, in one sentence.
   - If the caller does not know the number, read it from the label of shelf %d.
   - If the caller declines to answer, skip the question about shelf %d.
2. Read the number of shelf %d back, digit by digit.
3. Tell the caller when somebody looks at shelf %d.

`
	var b strings.Builder
	b.WriteString("This job notes what is wrong with the shelves of a shop. It is done when every shelf has a number.\n\n")
	for i := 1; b.Len() < n; i++ {
		fmt.Fprintf(&b, part, i, i, i, i, i, i)
	}
	b.WriteString("Thank the caller, say goodbye and end the call.")
	return job.Spec{Name: "Shelves", CallerIntent: "The caller says that a shelf is broken.", Instructions: b.String()}.Clean()
}

// badText is n characters of instructions that much is found in.
func badText(n int) job.Spec {
	const part = `First ask a few questions, etc. Then try to find out their name, e-mail, phone number and date of birth if necessary. ` +
		"After that the form must be sent to [Your Company] as soon as possible.\n\n"
	return job.Spec{Name: "Shelves", Instructions: strings.Repeat(part, n/len(part)+1)}.Clean()
}

func BenchmarkSpec(b *testing.B) {
	for name, s := range map[string]job.Spec{"clean": goodText(10_000), "findings": badText(10_000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s.Instructions)))
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				found = len(Spec(s, Context{}))
			}
			b.ReportMetric(float64(found), "findings")
		})
	}
	b.Run("outline", func(b *testing.B) { // what Spec costs at least
		text := goodText(10_000).Instructions
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			job.ParseOutline(text)
		}
	})
}

// BenchmarkGrowth shows that ten times the text takes ten times as long: look at MB/s.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		for name, s := range map[string]job.Spec{"clean": goodText(n), "findings": badText(n)} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.SetBytes(int64(len(s.Instructions)))
				for b.Loop() {
					Spec(s, Context{})
				}
			})
		}
	}
}

// tenJobs are ten jobs of 10,000 characters and ten pages of 10,000.
func tenJobs(tb testing.TB) ([]job.Job, Context) {
	tb.Helper()
	var jobs []job.Job
	c := Context{Greeting: "Hello.", Guardrails: []string{"Never quote prices.", "Do not give legal advice."}, MaxTokens: 1_000_000}
	for i := range 10 {
		s := goodText(9_700)
		s.Name = fmt.Sprintf("Shelves of aisle %c", 'J'+i)
		s.Instructions = strings.ReplaceAll(s.Instructions, "shelf", fmt.Sprintf("shelf %c", 'J'+i))[:9_800]
		j, err := job.New(s)
		if err != nil {
			tb.Fatal(err)
		}
		jobs = append(jobs, j)
		c.Pages = append(c.Pages, Page{ID: fmt.Sprint(i), Title: fmt.Sprintf("Prices of aisle %c", 'J'+i),
			Text: strings.Repeat(fmt.Sprintf("The board of aisle %c costs $%d. We are open Monday to Friday from 9 am to 5 pm.\n\n", 'J'+i, i+3), 120)})
	}
	return jobs, c
}

func BenchmarkSet(b *testing.B) {
	jobs, c := tenJobs(b)
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		found = len(Set(jobs, c))
	}
	b.ReportMetric(float64(found), "findings")
}

// BenchmarkTogether is the part of BenchmarkSet that looks at the texts side by side.
func BenchmarkTogether(b *testing.B) {
	jobs, c := tenJobs(b)
	s := gather(jobs, &c)
	b.ReportAllocs()
	for b.Loop() {
		s.alike, s.claims, s.sources = nil, nil, nil
		s.readSources()
		for _, r := range catalogue {
			if r.set != nil {
				r.set(s, func(Finding) {})
			}
		}
	}
}
