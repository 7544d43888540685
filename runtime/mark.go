package runtime

import (
	"regexp"
	"strings"

	"github.com/sonajobs/sona/runtime/prompt"
)

// actionHandle is the part of an action's handle behind the job's: a mark that ends so names no step.
var actionHandle = regexp.MustCompile(`^A[0-9]+$`)

// attribution reads the job and step of a mark. ok is false for marks of jobs that are not attached; no
// job is what "J0" says.
func attribution(p prompt.Prompt, mark string) (handle, step string, ok bool) {
	handle, step, _ = strings.Cut(mark, ".")
	handle = strings.ToUpper(handle)
	if handle == "J0" {
		return "", "", true
	}
	if _, ok := p.Job(handle); !ok {
		return "", "", false
	}
	step = strings.Trim(step, ".")
	if actionHandle.MatchString(step) {
		step = ""
	}
	return handle, step, true
}
