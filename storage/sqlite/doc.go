// Package sqlite keeps workspaces in one SQLite file, without cgo and without a server.
//
//	s, err := sqlite.Open("sona.db", sqlite.Options{})
//	if err != nil { … }
//	defer s.Close()
//	ws := storage.Open(s, "acme")
//
// What it promises beyond the contract of [storage.Storage]:
//
//   - A Put that returned nil is on the disk (see [Synchronous]): neither a killed process nor a power cut
//     takes it back. A Put that did not return is there as a whole or not at all.
//   - Several processes on one machine may use the file at a time. One writes at a time, the others wait for
//     at most [Options].BusyTimeout; readers never wait for writers. Network file systems are no place for it.
//   - A Get for what did not change answers from memory after asking SQLite whether anybody committed
//     since: that costs microseconds however many documents there are.
//   - Every revision carries checksums. One that is damaged comes back from Get, List and History with its key
//     and, in place of its value, a text that is no JSON and says so; so it is reported by name and hides no
//     other document. [Storage.Check] looks at the whole file.
//   - A search for one or two characters reads the names in order and stops when the page is full; where that
//     takes long it goes through the index of three characters that begin with them. A search for
//     three and more uses that index first.
//
// What a tombstone erases is overwritten in the file, and the write-ahead log is emptied after it; where a long read
// or a backup keeps the log just then, with the next save that finds it long, or at Close. Backups made before keep it.
//
// SQLite keeps two more files beside the database while it is open, with -wal and -shm behind its name. They
// belong to it: never copy, move or rename the file alone, take a [Storage.Backup]. A symbolic link to the file is the
// file; a second hard link is not to be used. The write-ahead log stays below some 100 MB, also where somebody
// reads at every moment, but for the time of a backup.
//
// The package imports package storage, the standard library and github.com/ncruces/go-sqlite3, which is SQLite
// itself, translated to Go.
package sqlite
