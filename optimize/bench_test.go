package optimize_test

import (
	"strings"
	"testing"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// largest returns about 10,000 characters of real instructions.
func largest(tb testing.TB) string {
	text := ""
	for _, t := range realTexts(tb) {
		if s := job.Clean(t.Text); job.Count(s) <= job.MaxInstructions && len(s) > len(text) {
			text = s
		}
	}
	return text
}

func BenchmarkCheck(b *testing.B) {
	text := largest(b)
	for name, after := range map[string]string{
		"OneWord":       strings.Replace(text, " the ", " a ", 1),
		"EverySentence": strings.ReplaceAll(text, " the ", " a "),
		"OnlyBlanks":    strings.ReplaceAll(text, "\n\n", "\n\n\n"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				optimize.Check(spec(text), spec(after), lint.Context{})
			}
		})
	}
}

func BenchmarkFacts(b *testing.B) {
	text := largest(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		optimize.Facts(text)
	}
}
