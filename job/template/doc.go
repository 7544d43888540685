// Package template holds ten jobs to start from. Each is ready to save as it is, and each has a few
// blanks (the business, a transfer target, a link) that an author changes without touching the text:
//
//	spec := template.TakeAMessage.Spec()                                     // as it is
//	t, _ := template.Get(template.TakeAMessage)
//	spec = t.Fill(map[string]string{"business": "Miller Dental"})            // with a blank filled
//
// What comes out is a plain [job.Spec]: it belongs to the caller and has no tie to its template, so a
// change of it reaches neither the catalogue nor any other job, and a newer catalogue changes no job.
//
// The texts stand in texts/, one file per template, in the format that parse.go describes. They are
// embedded and read anew at each use (about 40 µs), so the package keeps no state.
//
// The package imports the standard library and package job.
package template
