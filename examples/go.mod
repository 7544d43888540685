module github.com/sonajobs/sona/examples

go 1.26.0

// Inside the repository go.work puts the checkout in the place of this release.
require github.com/sonajobs/sona v0.1.0
