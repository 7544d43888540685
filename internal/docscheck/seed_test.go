package docscheck_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/docscheck"
	"github.com/sonajobs/sona/internal/tree"
)

// TestSeedTable keeps docs/seed.md true: a requirement cannot lose its row or its test unseen.
func TestSeedTable(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	table, err := fs.ReadFile(house.FS, "docs/seed.md")
	require.NoError(t, err)
	for _, wrong := range docscheck.Seed(house, string(table)) {
		t.Error(wrong)
	}
}

func TestSeedFindsWhatIsNotTrue(t *testing.T) {
	house := load(t, map[string]string{
		"job/job_test.go":   "package job_test\n\nimport \"testing\"\n\nfunc TestSeed_05_NameTooLong(t *testing.T) {}\n",
		"storage/s_test.go": "package storage_test\n\nimport \"testing\"\n\nfunc TestSeed_05_StaysSaved(t *testing.T) {}\n\nfunc TestOther(t *testing.T) {}\n",
	})
	const both = "| 05 | name | `TestSeed_05_NameTooLong` (job), `TestSeed_05_StaysSaved` (storage) |"
	tests := []struct {
		name, row string // of requirement 5
		want      []string
	}{
		{"all is well", both, nil},
		{"no row", "", []string{"requirement 5 has no row", "TestSeed_05_NameTooLong (job) is not named", "TestSeed_05_StaysSaved (storage) is not named"}},
		{"two rows", both + "\n" + both, []string{":6: requirement 5 stands there twice"}},
		{"no such requirement", both + "\n| 57 | more | planned: later |", []string{":6: there is no requirement 57"}},
		{"no name", "| 05 | | `TestSeed_05_NameTooLong` (job), `TestSeed_05_StaysSaved` (storage) |", []string{":5: requirement 5 is not named"}},
		{"a test that is missing from the table", "| 05 | name | `TestSeed_05_NameTooLong` (job) |", []string{"TestSeed_05_StaysSaved (storage) is not named in docs/seed.md"}},
		{"a test that does not exist", both[:len(both)-2] + ", `TestSeed_05_Gone` (job) |", []string{"docs/seed.md names TestSeed_05_Gone (job), which is no test"}},
		{"a test in another directory", "| 05 | name | `TestSeed_05_NameTooLong` (storage), `TestSeed_05_StaysSaved` (storage) |",
			[]string{"names TestSeed_05_NameTooLong (storage), which is no test", "TestSeed_05_NameTooLong (job) is not named"}},
		{"another requirement's test", "| 05 | name | `TestSeed_06_NameTooLong` (job) |",
			[]string{"TestSeed_06_NameTooLong carries another number", "NameTooLong (job) is not", "StaysSaved (storage) is not"}},
		{"planned and done", "| 05 | name | planned: names |", []string{"NameTooLong (job) is not", "StaysSaved (storage) is not"}},
		{"neither a test nor planned", "| 05 | name | later |", []string{`requirement 5: "later" is neither`, "NameTooLong (job) is not", "StaysSaved (storage) is not"}},
		{"planned without a topic", "| 05 | name | planned: |", []string{`requirement 5: "planned:" is neither`, "NameTooLong (job) is not", "StaysSaved (storage) is not"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var table strings.Builder
			for n := 1; n <= docscheck.Requirements; n++ {
				if n == 5 {
					fmt.Fprintln(&table, tt.row)
				} else {
					fmt.Fprintf(&table, "| %02d | something | planned: later |\n", n)
				}
			}
			got := docscheck.Seed(house, table.String())
			require.Len(t, got, len(tt.want), "%q", got)
			for i, want := range tt.want {
				require.Contains(t, got[i], want)
			}
		})
	}
}
