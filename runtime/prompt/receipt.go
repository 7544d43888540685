package prompt

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
)

// receipt lists the hashes of every input of the stable part and of the result.
func (a *assembly) receipt(p Prompt) call.Receipt {
	inputs := map[string]string{}
	for _, j := range a.jobs {
		inputs[fmt.Sprintf("job:%s@%d", j.job.ID(), j.job.Revision())] = j.job.Hash()
	}
	for _, page := range a.pages {
		inputs[fmt.Sprintf("page:%s@%d", page.ID(), page.Revision())] = page.Hash()
	}
	settings := a.snapshot.Settings()
	inputs[fmt.Sprintf("settings@%d", settings.Revision())] = hashJSON(settings.Spec())
	inputs[fmt.Sprintf("step:%s@%d", a.step, a.snapshot.Version().Number())] = hashJSON(a.sona)
	inputs["profile:"+a.options.Profile.Name] = digest.Of(fmt.Sprint(a.options.Profile.room(settings.Spec().MaxTokens)))
	inputs["actions"] = hashJSON(a.options.Actions)
	return call.Receipt{Stable: digest.Of(p.Stable), Tools: hashJSON(p.Tools), Inputs: inputs, Format: format}
}

func hashJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("prompt: plain data always encodes: " + err.Error())
	}
	return digest.Of(string(b))
}

// ErrReceipt is matched by the error of [Rebuild] when the prompt is not the one of the receipt.
var ErrReceipt = errors.New("prompt: the rebuilt prompt differs from the receipt")

// Rebuild assembles the prompt of a receipt again from the snapshot as it was, and returns it when every
// input and the result are the same to the byte. Otherwise the error matches [ErrReceipt] and names what
// differs.
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
		if p.Receipt.Inputs[name] != hash {
			differ = append(differ, name)
		}
	}
	if p.Receipt.Stable != r.Stable {
		differ = append(differ, "stable part")
	}
	if p.Receipt.Tools != r.Tools {
		differ = append(differ, "tools")
	}
	if len(differ) > 0 {
		return Prompt{}, fmt.Errorf("%w: %s", ErrReceipt, strings.Join(sorted(differ), ", "))
	}
	return p, nil
}
