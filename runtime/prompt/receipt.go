package prompt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
)

// receipt lists the hashes of every input of the stable part and of the result. That of the stable part
// is the hash of the hashes of its sections, in their order, each of which is known since the section was
// prepared; that of the tools is made of theirs in the same way. The nonce is named by its workspace only:
// it never leaves the server, not even as a hash.
func (a *assembly) receipt(p Prompt, d draft) call.Receipt {
	settings := a.snapshot.Settings()
	inputs := make(map[string]string, 6+len(a.jobs)+len(a.pages)+len(a.offers))
	put := func(kind, name string, revision int, hash string) {
		inputs[kind+":"+name+"@"+strconv.Itoa(revision)] = hash
	}
	inputs["workspace"] = digest.Of(a.snapshot.Workspace())
	inputs["plan"] = digest.Of(string(d.kind))
	inputs["settings@"+strconv.Itoa(settings.Revision())] = hashJSON(a.settings)
	put("step", string(a.step), a.snapshot.Version().Number(), hashJSON(a.sona))
	inputs["profile:"+a.profile.Name] = digest.Of(strconv.Itoa(a.profile.room(a.settings.MaxTokens)))
	for _, j := range a.jobs {
		put("job", string(j.job.ID()), j.job.Revision(), j.job.Hash())
	}
	for _, page := range p.Plan.Pages {
		put("page", string(page.ID()), page.Revision(), page.Hash())
	}
	for _, page := range p.Plan.Found { // its size is why it does not stand there
		put("found", string(page.ID()), page.Revision(), page.Hash())
	}
	sums := make([]byte, 0, len(d.pieces)*sha256.Size)
	for _, tool := range d.tools {
		sum := a.parts.tool(tool)
		sums = append(sums, sum[:]...)
		if tool.Name != OpenJobTool { // an action that no job uses changes nothing
			inputs["action:"+tool.Name] = hex.EncodeToString(sum[:])
		}
	}
	tools := digest.Of(string(sums))
	sums = sums[:0]
	for _, piece := range d.pieces {
		sums = append(sums, piece.sum[:]...)
	}
	return call.Receipt{Stable: digest.Of(string(sums)), Tools: tools, Inputs: inputs, Format: format}
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
