package prompt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
)

// receipt lists the hashes of every input of the stable part and of the result. That of the stable part
// is the hash of the hashes of its sections, in their order, each of which is known since the section was
// prepared; that of the tools is made of theirs in the same way. The nonce is named by its workspace only:
// it never leaves the server, not even as a hash.
func (a *assembly) receipt(p *Prompt, d draft) call.Receipt {
	var names [1024]byte // seldom there are more
	var entries [32]entry
	l := listing{names[:0], entries[:0]}
	l = l.put(hashOf(a.snapshot.Workspace()), "workspace", "")
	l = l.put(planHashes[d.kind], "plan", "")
	l = l.revision(a.settings.Hash(), "settings", "", a.settings.Revision())
	l = l.revision(hexOf(sha256.Sum256(encode(a.sona))), "step:", string(a.step), a.snapshot.Version().Number())
	l = l.put(hashOf(strconv.Itoa(a.profile.room(a.settings.MaxTokens()))), "profile:", a.profile.Name)
	for _, j := range a.jobs {
		l = l.revision(j.job.Hash(), "job:", string(j.job.ID()), j.job.Revision())
	}
	for _, page := range p.Plan.Pages {
		l = l.revision(page.Hash(), "page:", string(page.ID()), page.Revision())
	}
	for _, page := range p.Plan.Found { // its size is why it does not stand there
		l = l.revision(page.Hash(), "found:", string(page.ID()), page.Revision())
	}
	var room [48 * sha256.Size]byte
	sums := room[:0]
	for _, tool := range d.tools {
		sums = append(sums, tool.sum[:]...)
		if tool != openJob { // an action that no job uses changes nothing
			l = l.put(tool.hash, "action:", tool.Name)
		}
	}
	tools := hexOf(sha256.Sum256(sums))
	sums = sums[:0]
	for _, piece := range d.pieces {
		sums = append(sums, piece.sum[:]...)
	}
	return call.Receipt{Stable: hexOf(sha256.Sum256(sums)), Tools: tools, Inputs: l.inputs(), Format: format}
}

var planHashes = map[PlanKind]string{Full: hashOf(string(Full)), Index: hashOf(string(Index))}

func hashOf(text string) string { return hexOf(sha256.Sum256([]byte(text))) }

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
