// Package docscheck keeps documentation and habits true: the exported API is a golden file, every
// requirement has its test, README code compiles, packages have comments, files stay small, tests do
// not sleep.
//
//	found := docscheck.Habits(tree)
//
// Each check returns what is wrong as lines for a reader, so that the checks can be shown to fail. It
// imports the standard library and internal/tree, and nothing but tests may import it.
package docscheck
