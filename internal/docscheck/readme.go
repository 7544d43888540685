package docscheck

import (
	"regexp"
	"strings"
)

// Program is a complete program that a document prints.
type Program struct {
	Line   int    // of its first line in the document
	Source string // as printed
	SameAs string // the file that must hold exactly this, if the document says so
}

var sameAs = regexp.MustCompile(`^<!-- same as (\S+) -->$`)

// Programs returns the blocks of a Markdown document that are fenced as go and begin with a package
// main, comments before it aside. A line "<!-- same as examples/quickstart/main.go -->" above the fence, blank lines
// between aside, ties a block to a file.
func Programs(document string) []Program {
	var found []Program
	var block *Program
	same := ""
	number := 0
	for line := range strings.Lines(document) {
		number++
		text := strings.TrimRight(line, "\r\n")
		switch {
		case block != nil && text == "```":
			if complete(block.Source) {
				found = append(found, *block)
			}
			block, same = nil, ""
		case block != nil:
			block.Source += line
		case text == "```go":
			block = &Program{Line: number + 1, SameAs: same}
		case sameAs.MatchString(text):
			same = sameAs.FindStringSubmatch(text)[1]
		case text != "":
			same = ""
		}
	}
	return found
}

var packageMain = regexp.MustCompile(`\A(\s*//.*\n|\s*\n)*package main\n`)

func complete(source string) bool { return packageMain.MatchString(source) }
