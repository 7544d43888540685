package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// record returns a copy of the record as it may leave the call: redacted, and shared with nobody.
func (e *engine) record() call.Record {
	r := e.rec
	r.Jobs, r.Pages = maps.Clone(r.Jobs), maps.Clone(r.Pages)
	r.Used, r.Notes = slices.Clone(r.Used), slices.Clone(r.Notes)
	r.Turns, r.Effects = slices.Clone(r.Turns), slices.Clone(r.Effects)
	if e.rt.config.Redact != nil {
		redact(&r, e.rt.config.Redact)
	}
	return r
}

// redact takes f over everything that was said or done. What an interrupted turn left unsaid goes: its
// length means nothing after f.
func redact(r *call.Record, f func(string) string) {
	for i := range r.Turns {
		t := &r.Turns[i]
		t.Text = f(t.Heard())
		if t.Interrupted {
			t.Spoken = count(t.Text)
		}
	}
	for i := range r.Effects {
		r.Effects[i].Args = redactJSON(r.Effects[i].Args, f)
		r.Effects[i].Result = redactJSON(r.Effects[i].Result, f)
		r.Effects[i].Err = f(r.Effects[i].Err)
	}
	s := &r.Summary
	s.Summary, s.NextSteps = slices.Clone(s.Summary), slices.Clone(s.NextSteps)
	for i := range s.Summary {
		s.Summary[i] = f(s.Summary[i])
	}
	for i := range s.NextSteps {
		s.NextSteps[i] = f(s.NextSteps[i])
	}
	s.Jobs = slices.Clone(s.Jobs)
	for i := range s.Jobs {
		data := slices.Clone(s.Jobs[i].Result.Data)
		for k := range data {
			if text, ok := data[k].Value.(string); ok {
				data[k].Value = f(text)
			}
		}
		s.Jobs[i].Result.Data = data
	}
}

// redactJSON takes f over every string value, so that the result is still JSON.
func redactJSON(raw json.RawMessage, f func(string) string) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil // what cannot be read cannot be redacted either
	}
	return encode(redactValue(v, f))
}

func redactValue(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		for i := range v {
			v[i] = redactValue(v[i], f)
		}
	case map[string]any:
		for k := range v {
			v[k] = redactValue(v[k], f)
		}
	}
	return v
}

// persist writes the record down as it stands. A call never fails for storage: what could not be written is
// said in the record, and the next write holds all of it.
func (e *engine) persist(ctx context.Context) {
	if e.ws == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.rt.limits.Action)
	defer cancel()
	if err := e.ws.RecordCall(ctx, e.record()); err != nil {
		e.rt.log().ErrorContext(ctx, "record not stored", "call", e.rec.ID, "status", e.rec.Status, "error.type", fmt.Sprintf("%T", err))
		e.note(call.NoteDegraded, "", "", "the record could not be stored at this point: storage failed")
	}
}

// end closes the call: it waits for an action under way, summarises, stores the record and hands it to
// OnRecord. It returns the record as it was stored.
func (e *engine) end(ctx context.Context) call.Record {
	if e.ended {
		return e.record()
	}
	e.ended = true
	e.interrupt()
	for wait := time.After(e.rt.limits.Action); e.acting; {
		if f := e.mail.take(); f != nil {
			f()
			continue
		}
		select {
		case <-e.mail.ready:
		case <-wait:
			e.acting = false // its effect stays open: what came of it is unknown
		}
	}
	if !e.over {
		o := call.Outcome{Kind: call.HungUp}
		if e.ending != nil {
			o = *e.ending
		}
		e.finish(o)
	}
	e.rec.EndedAt = time.Now()
	e.rec.Status = call.Completed
	if e.rec.Outcome.Kind == call.Failed {
		e.rec.Status = call.Broken
	}
	e.rec.Summary = summarize(e.rec, e.prompt)
	e.persist(ctx)
	r := e.record()
	e.rt.deliver(ctx, r)
	return r
}

// deliver hands a record to the host, again when it fails. The call does not wait for it.
func (r *Runtime) deliver(ctx context.Context, rec call.Record) {
	if r.config.OnRecord == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	r.records.Go(func() {
		const tries = 3
		for n := 1; ; n++ {
			err := r.onRecord(ctx, rec)
			if err == nil {
				return
			}
			r.log().WarnContext(ctx, "OnRecord failed", "call", rec.ID, "try", n, "error.type", fmt.Sprintf("%T", err))
			if n == tries {
				return
			}
			time.Sleep(time.Duration(n) * time.Second)
		}
	})
}

func (r *Runtime) onRecord(ctx context.Context, rec call.Record) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("OnRecord panicked: %T", p)
		}
	}()
	return r.config.OnRecord(ctx, rec)
}
