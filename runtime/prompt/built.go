package prompt

import (
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

// builtKey names the prompt of a step by what it was built from, but for the host's actions, which have no name.
type builtKey struct {
	snapshot callflow.Identity
	step     callflow.StepID
	profile  string
	context  int
	most     int
	reserve  int
	counts   bool // by a tokenizer of the host's
	finds    bool
}

// built is a prompt with the actions it was built with.
type built struct {
	prompt  Prompt
	actions []job.ActionSpec
}

// newBuiltKey names what [Build] makes. The zero key is that of what is not to be kept: of the zero Snapshot, and of a
// tokenizer without a name, which cannot be told from another.
func newBuiltKey(s callflow.Snapshot, step callflow.StepID, o Options) builtKey {
	p := o.Profile
	if p.Tokens != nil && p.Name == "" {
		return builtKey{}
	}
	return builtKey{s.Identity(), step, p.Name, p.ContextTokens, p.InstructionCap, p.Reserve, p.Tokens != nil, o.Finds}
}

// prompt returns the prompt of a snapshot that was built before, or builds it. Two goroutines that need the same new
// one at once both build it, and share one of the two.
func (k *Parts) prompt(s callflow.Snapshot, step callflow.StepID, o Options) (*Prompt, error) {
	key := newBuiltKey(s, step, o)
	k.mu.Lock()
	b, ok := k.built.get(key, k.most)
	k.mu.Unlock()
	if ok && slices.EqualFunc(b.actions, o.Actions, sameAction) {
		return &b.prompt, nil
	}
	b = new(built)
	err := build(&b.prompt, s, step, o)
	if err != nil || key.snapshot == (callflow.Identity{}) {
		return &b.prompt, err
	}
	b.actions = cloneActions(o.Actions)
	k.mu.Lock()
	defer k.mu.Unlock()
	if first, ok := k.built.get(key, k.most); ok && slices.EqualFunc(first.actions, o.Actions, sameAction) {
		return &first.prompt, nil
	}
	k.built.put(key, b, len(b.prompt.Stable), k.most)
	return &b.prompt, nil
}
