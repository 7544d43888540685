package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sonajobs/sona/job"
)

// longJob returns a made-up job with instructions of exactly 10,000 characters: lists, prose, quotations,
// facts and actions, as authors mix them.
func longJob() job.Spec {
	const section = `## Taking a booking

This part collects what the kitchen needs before a table is promised. Guests call between 9 a.m. and 10:30 pm.

1. Ask for the caller's full name and repeat it back.
2. Ask how many people will come.
   - If there are more than 12, offer the private room for $250.
   - Confirm any allergies.
3. Ask for the date and time. If the caller does not want to give a time, ask once more, then skip it.
4. Say: "We hold tables for fifteen minutes." Then {{action send_sms text="Your table at {{venue}} is booked: https://example.com/t"}}

Never promise the terrace. When somebody asks for the manager, write to desk@example.com or call +1 555 010 2000.

`
	text := strings.Repeat(section, 10_000/len(section)+1)
	return job.Spec{Name: "Book a table", CallerIntent: strings.Repeat("x", 100), Instructions: text[:9_900]}
}

func BenchmarkClean(b *testing.B) {
	plain := longJob().Instructions
	mixed := strings.Repeat("Café\u200b “mañana” à 9 h – 🙂\r\n", 400)
	for name, text := range map[string]string{"plain": plain, "mixed": mixed} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				job.Clean(text)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	spec := longJob()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := job.New(spec); err != nil {
			b.Fatal(err)
		}
	}
}

// The floor is what any reading of the text has to do at least: look at each byte once.
func BenchmarkParseOutline(b *testing.B) {
	text := longJob().Instructions
	b.Run("outline", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			job.ParseOutline(text)
		}
	})
	b.Run("floor", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		n := 0
		for b.Loop() {
			for i := range len(text) {
				if text[i] == '\n' {
					n++
				}
			}
		}
		if n == 0 {
			b.Fatal("no lines")
		}
	})
}

func BenchmarkUnmarshalJSON(b *testing.B) {
	j, err := job.New(longJob())
	if err != nil {
		b.Fatal(err)
	}
	stored, err := json.Marshal(j)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("job", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var got job.Job
			if err := json.Unmarshal(stored, &got); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var got struct {
				ID string `json:"id"`
				job.Spec
			}
			if err := json.Unmarshal(stored, &got); err != nil {
				b.Fatal(err)
			}
		}
	})
}
