package prompt

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// placeholder stands for the nonce wherever people look, and in the fences of snapshots that were made
// by hand, without a workspace: such prompts are for tests and previews.
const placeholder = "NONCE"

// assembly is everything that the stable part is made of.
type assembly struct {
	snapshot callflow.Snapshot
	step     callflow.StepID
	sona     callflow.SonaStep
	settings callflow.Settings
	nonce    string
	profile  Profile
	finds    bool
	parts    *Parts
	actions  map[job.ActionName]*known // never written
	jobs     []planned
	glances  []piece // the jobs' lines of the overview
	bodies   []piece
	pages    []knowledge.Page
	texts    []piece // of the pages
	notes    []call.Note
	offered
}

// offered is what the attached jobs do.
type offered struct {
	uses        [][]use  // of each job
	offers      []*known // the actions of which there are uses; never written again
	unavailable bool     // a job shows an action that cannot be carried out
}

// piece is a section of the stable part.
type piece struct {
	kind, handle string
	*prepared
}

func newAssembly(s callflow.Snapshot, step callflow.StepID, o Options) (*assembly, error) {
	sona, err := s.SonaStep(step)
	if err != nil {
		return nil, err
	}
	a := &assembly{snapshot: s, step: step, sona: sona, settings: s.Settings(), nonce: s.Settings().Nonce(),
		profile: o.Profile, finds: o.Finds, parts: o.Parts, pages: s.Pages(step)}
	if a.nonce == "" {
		a.nonce = placeholder
	}
	if a.parts == nil {
		a.parts = new(Parts)
	}
	if a.actions, err = a.parts.actions(o.Actions); err != nil {
		return nil, err
	}
	jobs := s.Jobs(step)
	a.jobs, a.glances, a.bodies = make([]planned, 0, len(jobs)), make([]piece, 0, len(jobs)), make([]piece, 0, len(jobs))
	for i, j := range jobs {
		a.add(handle('J', i), j)
	}
	a.texts = make([]piece, len(a.pages))
	for i, p := range a.pages {
		a.texts[i] = a.page(handle('P', i), p)
	}
	a.offer()
	if len(jobs) < len(sona.Jobs) || len(a.pages) < len(sona.Pages) {
		a.missing()
	}
	return a, nil
}

// without returns a without one of its jobs; handles stay as they are.
func (a *assembly) without(job int) *assembly {
	b := *a
	b.jobs = slices.Delete(slices.Clone(a.jobs), job, job+1)
	b.glances = slices.Delete(slices.Clone(a.glances), job, job+1)
	b.bodies = slices.Delete(slices.Clone(a.bodies), job, job+1)
	b.offer()
	return &b
}

// handle returns the name of the job or page at a place, from 0.
func handle(kind byte, place int) string {
	const ten = "J1J2J3J4J5J6J7J8J9P1P2P3P4P5P6P7P8P9"
	if at := 2 * place; place < 9 && kind == 'J' {
		return ten[at : at+2]
	} else if place < 9 {
		return ten[18+at : 20+at]
	}
	return string(kind) + strconv.Itoa(place+1)
}

// add plans one job: each inline action that can be carried out gets a handle, the others a note.
func (a *assembly) add(handle string, j job.Job) {
	key := textKey{kind: "overview", source: j.Hash(), handle: handle, nonce: a.nonce}
	read, known := a.parts.find(key)
	if !known {
		read = &prepared{job: a.parts.job(j)}
	}
	p := planned{jobText: read.job, handle: handle, job: j}
	var refused []byte // by number; seldom any
	for i, u := range p.outline.Actions {
		if err := a.refuse(u); err != nil {
			a.notes = append(a.notes, call.Note{Kind: call.NoteActionUnavailable, Job: j.ID(), Action: u.Name, Text: err.Error()})
			p.unavailable = true
			refused = append(strconv.AppendInt(refused, int64(i), 10), ' ')
		}
	}
	if !known {
		size := len(p.spec.Instructions)
		var w writer
		p.glance(&w)
		read.text, read.sum = string(w.buf), sha256.Sum256(w.buf)
		if !p.unavailable {
			read.body = p.prepare(a.nonce, "")
			size += len(read.body.text)
		}
		a.parts.keep(key, read, size+len(read.text))
	}
	body := read.body
	if body == nil || p.unavailable {
		key.kind, key.refused = "job", string(refused)
		body = a.parts.prepared(key, len(p.spec.Instructions), func() *prepared { return p.prepare(a.nonce, string(refused)) })
	}
	a.jobs = append(a.jobs, p)
	a.glances = append(a.glances, piece{"overview", handle, read})
	a.bodies = append(a.bodies, piece{"job", handle, body})
}

// prepare writes the job's body, but for the actions that were refused.
func (p *planned) prepare(nonce, refused string) *prepared {
	uses := p.offer(refused)
	size := len(p.spec.Instructions)
	w := writer{nonce: nonce, buf: make([]byte, 0, size+size/8+512)}
	p.body(&w)
	done := prepare(string(w.buf))
	done.uses = uses
	return done
}

// page returns a page as it stands in the prompt.
func (a *assembly) page(handle string, p knowledge.Page) piece {
	text := p.Text()
	return piece{"page", handle, a.parts.prepared(textKey{kind: "page", source: p.Hash(), handle: handle, nonce: a.nonce}, len(text), func() *prepared {
		w := writer{nonce: a.nonce, buf: make([]byte, 0, len(text)+len(text)/8+512)}
		w.page(handle, p.Title(), text)
		return prepare(string(w.buf))
	})}
}

// offer gives the job's inline actions their handles, but for those that were refused.
func (p *planned) offer(refused string) []use {
	p.handles = map[int]string{}
	var uses []use
	for i, u := range p.outline.Actions {
		if next := strconv.Itoa(i) + " "; strings.HasPrefix(refused, next) {
			refused = refused[len(next):]
			continue
		}
		h := fmt.Sprintf("%s.A%d", p.handle, len(uses)+1)
		p.handles[u.Span.Start] = h
		uses = append(uses, use{h, u})
	}
	return uses
}

// refuse says why an inline action cannot be carried out in this workspace, or nil.
func (a *assembly) refuse(u job.ActionUse) error {
	if _, ok := a.actions[u.Name]; !ok {
		return fmt.Errorf("the host has no action %q: configure it, or take it out of the job", u.Name)
	}
	if err := u.Problem(); err != nil {
		return err
	}
	if u.Name == job.TransferCall && !a.settings.Allows(u.Target) {
		return fmt.Errorf("the workspace's settings allow no transfer to %s: add the target there, or change the job", u.Target)
	}
	return nil
}

// missing notes what the step names and the workspace no longer has.
func (a *assembly) missing() {
	for _, m := range a.snapshot.Missing() {
		switch {
		case m.Step != a.step:
		case m.Job != "":
			a.notes = append(a.notes, call.Note{Kind: call.NoteMissingJob, Job: m.Job, Text: "the job is attached, but was deleted"})
		default:
			a.notes = append(a.notes, call.Note{Kind: call.NoteMissingPage, Page: m.Page, Text: "the page is selected, but was deleted"})
		}
	}
}

// write makes the Prompt of a draft.
func (a *assembly) write(p *Prompt, d draft) {
	*p = Prompt{Tools: make([]Tool, len(d.tools)), Tokens: d.tokens, nonce: a.nonce, fixed: d.tokens, uses: a.uses, notes: a.notes,
		count: a.profile.counter()}
	for i, tool := range d.tools {
		p.Tools[i] = tool.Tool
	}
	var text strings.Builder
	text.Grow(d.bytes)
	p.sections = make([]section, len(d.pieces))
	for i, part := range d.pieces {
		p.sections[i] = section{part.kind, part.handle, text.Len(), text.Len() + len(part.text)}
		text.WriteString(part.text)
	}
	p.Stable = text.String()

	p.Plan = Plan{Kind: d.kind, Jobs: make([]PlannedJob, len(a.jobs)), Pages: a.pages}
	if d.out != nil {
		p.Plan.Pages = []knowledge.Page{}
		for i, page := range a.pages {
			if d.out[i] {
				p.Plan.Found = append(p.Plan.Found, page)
			} else {
				p.Plan.Pages = append(p.Plan.Pages, page)
			}
		}
	}
	for i, j := range a.jobs {
		p.Plan.Jobs[i] = PlannedJob{Handle: j.handle, Job: j.job, Open: d.kind == Full}
	}
	if d.kind == Index {
		p.bodies = make([]string, len(a.jobs))
		for i := range a.jobs {
			p.bodies[i] = a.bodies[i].text
		}
	}
	p.wanted = variables(a.jobs)
	p.Receipt = a.receipt(p, d)
}
