module github.com/sonajobs/sona/examples

go 1.26.0

// Inside the repository go.work puts the checkout in the place of this release.
require github.com/sonajobs/sona v0.1.0

// Of the library's own, and of storagetest, which the driver's test runs.
require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
)
