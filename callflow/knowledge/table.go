package knowledge

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// table writes every row as a paragraph, so that a passage of the page is understood without the
// header at the top. Empty cells are left out; a cell without a header is called by its number.
func table(f file, text string) (string, string, error) {
	comma, body := separator(f.ext, text)
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = comma
	r.FieldsPerRecord = -1             // rows may be ragged
	r.LazyQuotes = true                // and quotes may stand anywhere: nothing is refused for its form
	r.TrimLeadingSpace = comma != '\t' // with tabs it would swallow empty cells

	var out writer
	var header []string
	rows := 0
	for ; !out.full; rows++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", f.refuse(RuleMalformed, 0, rows+1, "row %d: %v", rows+1, err)
		}
		if rows == 0 {
			header = oneLine(row)
			continue
		}
		out.paragraph()
		for i, cell := range row {
			if strings.TrimSpace(cell) != "" {
				out.lines(headerOf(header, i)+": ", cell, "  ")
			}
		}
	}
	if rows == 1 {
		out.line(strings.Join(header, ", "))
	}
	text, ok := out.text()
	if !ok {
		return "", "", f.tooLarge()
	}
	return f.title, text, nil
}

func oneLine(cells []string) []string {
	for i, cell := range cells {
		cells[i] = strings.Join(strings.Fields(cell), " ")
	}
	return cells
}

func headerOf(header []string, i int) string {
	if i < len(header) && header[i] != "" {
		return header[i]
	}
	return fmt.Sprintf("Column %d", i+1)
}

// separator returns what parts the cells, and the table: the character named by a first line "sep=;",
// which spreadsheets write, else the commonest of comma, semicolon and tab in the first row.
func separator(ext, text string) (rune, string) {
	first, rest, _ := strings.Cut(text, "\n")
	switch strings.ToLower(first) {
	case "sep=,", "sep=;", "sep=\t", "sep=|":
		return rune(first[len("sep=")]), rest
	}
	if ext == "tsv" {
		return '\t', text
	}
	count := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(text, "\n") {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			return commonest(count), text
		default:
			count[r]++
		}
	}
	return commonest(count), text
}

func commonest(count map[rune]int) rune {
	best := ','
	for _, r := range ";\t" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}
