// Command quickstart will walk the whole path, from a template to the record of a rehearsed call.
package main

import (
	"fmt"

	"github.com/sonajobs/sona/job"
)

func main() {
	fmt.Printf("a job's name has at most %d characters\n", job.MaxName)
}
