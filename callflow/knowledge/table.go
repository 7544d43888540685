package knowledge

import (
	"encoding/csv"
	"fmt"
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
	rows, err := r.ReadAll()
	if err != nil {
		return "", "", f.refuse(RuleMalformed, 0, 0, "%v", err)
	}
	if len(rows) == 0 {
		return f.title, "", nil
	}
	var out writer
	header := rows[0]
	if len(rows) == 1 {
		out.line(strings.Join(header, ", "))
	}
	for _, row := range rows[1:] {
		out.paragraph()
		for i, cell := range row {
			if cell = indentLines(cell, "  "); cell != "" {
				out.line(headerOf(header, i) + ": " + cell)
			}
		}
	}
	text, ok := out.text()
	if !ok {
		return "", "", f.tooLarge()
	}
	return f.title, text, nil
}

func headerOf(header []string, i int) string {
	if i < len(header) {
		if name := strings.Join(strings.Fields(header[i]), " "); name != "" {
			return name
		}
	}
	return fmt.Sprintf("Column %d", i+1)
}

// separator returns what parts the cells, and the table: the character named by a first line "sep=;",
// which spreadsheets write, else the commonest of comma, semicolon and tab in the first row.
func separator(ext, text string) (rune, string) {
	first, rest, _ := strings.Cut(text, "\n")
	if named, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(named) == 1 && strings.Contains(",;\t|", named) {
		return rune(named[0]), rest
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

// indentLines trims s and indents its lines but the first, so that they are seen to belong to it.
// Blank lines, which end a paragraph, are left out.
func indentLines(s, indent string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "\n") {
		return s
	}
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"+indent)
}
