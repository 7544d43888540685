package mockcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
)

// ErrInvalidRun says that a simulated caller did not keep to their brief: the run shows nothing about the jobs, and
// is neither passed nor failed. It comes in an *[InvalidRunError].
var ErrInvalidRun = errors.New("mockcall: the caller did not keep to the brief: the run is invalid")

// InvalidRunError tells what a simulated caller did wrong.
type InvalidRunError struct {
	Fault string // told_early, invented, or no_answer for a model that gave nothing usable
	Said  string // what the caller said, or the model answered; at most 200 characters
	Why   string
}

func (e *InvalidRunError) Error() string {
	return fmt.Sprintf("%v: %s: %q: %s", ErrInvalidRun, e.Fault, e.Said, e.Why)
}

// Unwrap gives ErrInvalidRun.
func (e *InvalidRunError) Unwrap() error { return ErrInvalidRun }

// InvalidRun reports true.
func (e *InvalidRunError) InvalidRun() bool { return true }

const simulatedSystem = `You play a caller on the phone. The brief below is all that you know and want. Speak as people speak, one or two short sentences at a time.
Tell a fact of the brief only when you are asked for it. Invent nothing: where the brief has no answer, say that you do not know.
Answer with what you say next and nothing else. When you have what you want, or there is no more point in the call, answer just HANG UP.

BRIEF
`

const gradeSystem = `You check what a test caller said on the phone against their brief. Answer with JSON alone: {"fault":"","why":""}.
fault is "told_early" when the caller told a fact of the brief that nobody had asked for (the opening may say what the call is about), "invented" when the caller
stated a fact that the brief does not have, and "" when neither. why is one short sentence.

BRIEF
`

// Simulated is a caller played by a model after a brief: who calls, what for, and the facts they know. Each thing they
// say is graded by the same model: told early, or invented, and the call ends with an *[InvalidRunError], since such a
// caller tests something else than the brief. It costs two requests a turn, and it serves any number of calls. The brief
// and what is said go to the model.
func Simulated(m model.Model, brief string) Caller {
	return CallerFunc(func(ctx context.Context, heard []call.Turn) (string, bool, error) {
		talk := dialogue(heard)
		say, err := model.Complete(ctx, m, simulatedSystem+brief, talk+"\nWhat do you say next?")
		if err != nil {
			return "", false, err
		}
		say = strings.TrimSpace(strings.Trim(strings.TrimSpace(say), `"`))
		if strings.Contains(strings.ToUpper(say), "HANG UP") {
			return "", true, nil
		}
		return say, false, grade(ctx, m, brief, talk, say)
	})
}

func grade(ctx context.Context, m model.Model, brief, talk, say string) error {
	answer, err := model.Complete(ctx, m, gradeSystem+brief, talk+"\nThe caller then says: "+say+"\nYour verdict as JSON:")
	if err != nil {
		return err
	}
	var v struct {
		Fault *string `json:"fault"`
		Why   string  `json:"why"`
	}
	begin, end := strings.IndexByte(answer, '{'), strings.LastIndexByte(answer, '}')
	if begin < 0 || end < begin || json.Unmarshal([]byte(answer[begin:end+1]), &v) != nil || v.Fault == nil {
		return &InvalidRunError{Fault: "no_answer", Said: shortened(answer), Why: "the model that grades the caller gave no verdict"}
	}
	switch *v.Fault {
	case "":
		return nil
	case "told_early", "invented":
		return &InvalidRunError{Fault: *v.Fault, Said: shortened(say), Why: shortened(v.Why)}
	}
	return &InvalidRunError{Fault: "no_answer", Said: shortened(answer), Why: "the model that grades the caller gave a verdict that there is not"}
}

// dialogue is what was said, as the caller's model reads it.
func dialogue(heard []call.Turn) string {
	var b strings.Builder
	b.WriteString("The call so far:\n")
	for _, t := range heard {
		who := "They"
		if t.By == call.ByCaller {
			who = "You"
		}
		fmt.Fprintf(&b, "%s: %s\n", who, strings.Join(strings.Fields(t.Heard()), " "))
	}
	return b.String()
}

func shortened(s string) string {
	const most = 200
	runes := []rune(s)
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
