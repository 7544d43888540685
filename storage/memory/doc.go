// Package memory is a storage.Storage that keeps everything in the process: for tests, for trying
// things out, and as the plainest complete driver to read before writing one.
//
//	ws := storage.Open(memory.New(), "acme")
//
// It is complete and fast with a million documents, but nothing outlives the process and no revision is
// ever dropped. It imports the standard library and package storage.
package memory
