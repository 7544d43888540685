// Package layering holds the layers of the house as data, and checks that no file breaks them.
//
//	broken := layering.Check(tree, layering.Table())
//
// What it checks, in files that are no tests:
//
//   - a package imports lower rows only;
//   - rows up to [LastPure] import no I/O, ask no clock, and keep no package-level variable of sync
//     or sync/atomic (state that is hidden in other types of variables is left to review);
//   - what a host plugs in and what only tests need is imported by nothing of the library;
//   - third-party packages stand where the table says;
//   - every package of the root module is in the table.
//
// It imports the standard library and internal/tree, and nothing but tests and tooling may import it.
package layering
