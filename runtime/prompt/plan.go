package prompt

import (
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Profile says how much room a model has. Zero fields mean their defaults.
type Profile struct {
	Name           string           // of the model; counts of Tokens are kept under it ([Parts]), so two tokenizers need two names
	ContextTokens  int              // the model's context; 128,000 when 0
	InstructionCap int              // most tokens of instructions that the model follows well or the host wants to pay; no cap when 0
	Reserve        int              // kept free for the conversation; an eighth of the context when 0
	Tokens         func(string) int // counts tokens, from many goroutines at once; ⌈bytes/3⌉ when nil, which was never too low on real texts
}

const defaultContext = 128_000

// room returns how many tokens the stable part and the tools may have.
func (p Profile) room(workspace int) int {
	room := p.ContextTokens
	if room == 0 {
		room = defaultContext
	}
	reserve := p.Reserve
	if reserve == 0 {
		reserve = room / 8
	}
	room = max(0, room-reserve)
	for _, limit := range []int{p.InstructionCap, workspace} {
		if limit > 0 {
			room = min(room, limit)
		}
	}
	return room
}

// counter returns what counts tokens.
func (p Profile) counter() func(string) int {
	if p.Tokens != nil {
		return p.Tokens
	}
	return estimateText
}

func estimateText(s string) int { return estimate(len(s)) }

func estimate(bytes int) int { return (bytes + 2) / 3 }

// PlanKind is how the jobs stand in the prompt.
type PlanKind string

// The plans.
const (
	Full  PlanKind = "full"  // every job with its body
	Index PlanKind = "index" // the overview only; the model opens a job's body when it needs it
)

// Plan says which jobs stand in the prompt, and how.
type Plan struct {
	Kind  PlanKind         `json:"kind"`
	Jobs  []PlannedJob     `json:"jobs"`  // in the order of attachment
	Pages []knowledge.Page `json:"pages"` // the Knowledge that stands in the prompt, in its order

	// Found are the pages that have no room in the prompt, in their order: passages of them are found for what
	// the caller says, and stand in the call's context. None without [Options.Finds].
	Found []knowledge.Page `json:"found,omitempty"`
}

// PlannedJob is one attached job under its handle: "J1" for the first.
type PlannedJob struct {
	Handle string  `json:"handle"`
	Job    job.Job `json:"job"`
	Open   bool    `json:"open"` // its body stands in the prompt
}
