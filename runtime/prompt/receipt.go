package prompt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
)

// receipt lists the hashes of every input of the stable part and of the result. The nonce is named by
// its workspace only: it never leaves the server, not even as a hash.
func (a *assembly) receipt(p Prompt) call.Receipt {
	settings := a.snapshot.Settings()
	inputs := map[string]string{
		"workspace": digest.Of(a.snapshot.Workspace()),
		"plan":      digest.Of(string(p.Plan.Kind)),
		fmt.Sprintf("settings@%d", settings.Revision()):                  hashJSON(a.settings),
		fmt.Sprintf("step:%s@%d", a.step, a.snapshot.Version().Number()): hashJSON(a.sona),
		"profile:" + a.profile.Name:                                      digest.Of(fmt.Sprint(a.profile.room(a.settings.MaxTokens))),
	}
	for _, j := range a.jobs {
		inputs[fmt.Sprintf("job:%s@%d", j.job.ID(), j.job.Revision())] = j.job.Hash()
	}
	for _, page := range a.pages {
		inputs[fmt.Sprintf("page:%s@%d", page.ID(), page.Revision())] = page.Hash()
	}
	for _, o := range a.offers { // an action that no job uses changes nothing
		inputs["action:"+o.Name] = hashJSON(o)
	}
	return call.Receipt{Stable: digest.Of(p.Stable), Tools: hashJSON(p.Tools), Inputs: inputs, Format: format}
}

func hashJSON(v any) string { return digest.Of(string(encode(v))) }

// ErrReceipt is matched by the error of [Rebuild] when the prompt is not the one of the receipt.
var ErrReceipt = errors.New("prompt: the rebuilt prompt differs from the receipt")

// Rebuild assembles the prompt of a receipt again from the snapshot as it was, and returns it when every
// input and the result are the same to the byte. Otherwise the error matches [ErrReceipt] and names what
// differs; when no prompt can be built at all, it is the error of [Build]. What belonged to the call is
// not rebuilt: the result has no context.
func Rebuild(r call.Receipt, s callflow.Snapshot, step callflow.StepID, o Options) (Prompt, error) {
	if r.Format != format {
		return Prompt{}, fmt.Errorf("%w: layout %d, this version writes %d", ErrReceipt, r.Format, format)
	}
	p, err := Build(s, step, o)
	if err != nil {
		return Prompt{}, err
	}
	var differ []string
	for name, hash := range r.Inputs {
		switch now, there := p.Receipt.Inputs[name]; {
		case !there:
			differ = append(differ, name+" is missing")
		case now != hash:
			differ = append(differ, name)
		}
	}
	for name := range p.Receipt.Inputs {
		if _, there := r.Inputs[name]; !there {
			differ = append(differ, name+" is new")
		}
	}
	slices.Sort(differ)
	if p.Receipt.Stable != r.Stable {
		differ = append(differ, "the stable part")
	}
	if p.Receipt.Tools != r.Tools {
		differ = append(differ, "the tools")
	}
	if len(differ) > 0 {
		return Prompt{}, fmt.Errorf("%w: %s", ErrReceipt, strings.Join(differ, ", "))
	}
	return p, nil
}
