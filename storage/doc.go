// Package storage keeps what a workspace owns: jobs, call flows, Knowledge pages, settings and call
// records, each with every revision it ever had.
//
// It has two floors. Users hold a *Workspace, a concrete type that has every rule of saving. Below it
// stands [Storage], five methods over opaque documents, which a driver implements: it keeps revisions,
// compares and sets, finds by sort key and term, and knows nothing of jobs. So no domain rule can stand
// below the seam, and a new kind of document or a new field is no change to any driver.
//
// Drivers: storage/memory keeps everything in the process; databases are modules of their own. Every
// driver passes storagetest.Run, whose cases are the sentences of the contract in [Storage].
//
// The driver seam (storage.go, check.go, errors.go) imports the standard library only.
package storage
