package storage

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// CallQuery selects call records; its zero value selects all but mock calls. All conditions must hold.
type CallQuery struct {
	Job      job.ID           // the call used this job; that it was attached is not enough
	Revision int              // and had it in this revision; needs Job
	Flow     callflow.ID      // the call ran on this flow
	Outcome  call.OutcomeKind // and ended in this way
	Since    time.Time        // it began then or later; the zero time is no bound
	Until    time.Time        // it began before; the zero time is no bound
	Tests    bool             // mock calls, too
}

// BeginCall saves the first record of a call, and only the first: when a record with this ID is there, or was
// erased, nothing is written and the error matches ErrConflict in a *[RefError]. So of two that begin a call
// under one ID, such as a webhook that was delivered twice, one goes on. It is one write. After any other error
// the call may go on: RecordCall writes what is missing. A record that no query could find, or without an ID, is
// refused with a *[job.FieldError].
func (w *Workspace) BeginCall(ctx context.Context, r call.Record) error {
	doc, err := w.callDocument(ctx, r)
	if err != nil {
		return err
	}
	at := w.stamp(0, "")
	doc.Revision, doc.At, doc.By = at.Revision, at.At, at.By
	if err = w.put(ctx, doc); errors.Is(err, ErrConflict) {
		err = &RefError{Ref: doc.Ref, Err: errBegun}
	}
	return err
}

// errBegun is ErrConflict in the words of a call: nothing is to be loaded and saved again.
var errBegun error = begun{}

type begun struct{}

func (begun) Error() string {
	return "a call with this ID was recorded before: each call needs an ID of its own, and a call that is announced twice begins once"
}

func (begun) Is(target error) bool { return target == ErrConflict }

// RecordCall saves what is known of a call: from its beginning on, and again whenever more is known. A
// record only moves forward:
//
//   - a call that was never recorded may come in any status;
//   - over a record in progress anything may be written: its one writer is the call;
//   - a completed or failed record is final, but for its summary, which comes later. While its summary is
//     absent or in progress, a write in the same status may bring a summary in progress, completed or
//     failed, and with it other Usage and more Notes; nothing else may differ;
//   - writing again what is there changes nothing and makes no revision, so a write may be retried.
//
// Everything else is refused with ErrConflict in a *[RefError] and changes nothing, such as a late write
// of a call in progress after it was completed, or one of a call that was erased. A record that no query
// could find, or without an ID, is refused with a *[job.FieldError].
func (w *Workspace) RecordCall(ctx context.Context, r call.Record) error {
	doc, err := w.callDocument(ctx, r)
	if err != nil {
		return err
	}
	ref := doc.Ref
	for first := false; ; {
		there, err := w.newestCall(ctx, ref)
		switch {
		case errors.Is(err, ErrNotFound) && first: // there is a revision, and it is a tombstone
			return &RefError{Ref: ref, Err: fmt.Errorf("the call was erased: %w", ErrConflict)}
		case errors.Is(err, ErrNotFound):
			first = true
		case err != nil:
			return err
		case bytes.Equal(there.Value, doc.Value):
			return nil
		default:
			old, err := readCall(there)
			if err != nil {
				return err
			}
			if err := forward(old, r); err != nil {
				return &RefError{Ref: ref, Err: err}
			}
		}
		at := w.stamp(there.Revision, "")
		doc.Revision, doc.At, doc.By = at.Revision, at.At, at.By
		err = w.put(ctx, doc)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

// Call returns the record of a call, or ErrNotFound in a *[RefError]. An ill-formed ID is a
// *[job.FieldError].
func (w *Workspace) Call(ctx context.Context, id call.ID) (call.Record, error) {
	doc, err := w.callDoc(ctx, id)
	if err != nil {
		return call.Record{}, err
	}
	return readCall(doc)
}

// Calls yields the records that q selects, by the time they began, newest first. A record that cannot be
// read is yielded as its error, and the others follow; an error of storage is the last. Records hold what
// callers said: do not log them. Seed 26.
func (w *Workspace) Calls(ctx context.Context, q CallQuery) iter.Seq2[call.Record, error] {
	return func(yield func(call.Record, error) bool) {
		query, err := q.query()
		if err != nil {
			yield(call.Record{}, err)
			return
		}
		for doc, err := range w.each(ctx, query) {
			var r call.Record
			if err == nil {
				r, err = readCall(doc)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// EraseCall erases everything that was recorded of a call, in all revisions; what is left says that there
// was a call, and when. ErrNotFound in a *[RefError] when there is no record. It does not end a call in
// progress, but what that writes later is refused.
func (w *Workspace) EraseCall(ctx context.Context, id call.ID) error {
	doc, err := w.callDoc(ctx, id)
	if err != nil {
		return err
	}
	_, err = w.erase(ctx, doc)
	return err
}

// EraseCaller erases, as EraseCall, the calls that came from an address, mock calls too, and returns how
// many. It finds the address in every form with the same [call.Address.Normal]. A withheld address
// belongs to nobody and is refused with a *[job.FieldError]. After an error some may be erased: the number
// says how many, and the rest is erased by calling it again.
func (w *Workspace) EraseCaller(ctx context.Context, a call.Address) (int, error) {
	term, err := w.callerTerm(ctx, a)
	if err != nil {
		return 0, err
	}
	if term == "" {
		return 0, &job.FieldError{Field: "caller", Rule: job.RuleRequired, Got: len(a),
			Message: fmt.Sprintf("caller: %.40q is what withheld numbers look like: erase those calls one by one", a)}
	}
	n := 0
	for doc, err := range w.each(ctx, Query{Kind: KindCall, Terms: []string{term}}) {
		if err != nil {
			return n, err
		}
		erased, err := w.erase(ctx, doc)
		if err != nil {
			return n, err
		}
		if erased {
			n++
		}
	}
	return n, nil
}

// erase puts a tombstone without a value over doc or what has become of it; false when somebody else did.
func (w *Workspace) erase(ctx context.Context, doc Doc) (bool, error) {
	for {
		at := w.stamp(doc.Revision, "")
		err := w.put(ctx, Doc{Ref: doc.Ref, Revision: at.Revision, At: at.At, By: at.By, Deleted: true, Sort: doc.Sort})
		if !errors.Is(err, ErrConflict) {
			return err == nil, err
		}
		if doc, err = w.newestCall(ctx, doc.Ref); errors.Is(err, ErrNotFound) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// callDocument makes the document of a record, without the stamp of its revision.
func (w *Workspace) callDocument(ctx context.Context, r call.Record) (Doc, error) {
	if err := checkRecord(r); err != nil {
		return Doc{}, err
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return Doc{}, &RefError{Ref: callRef(r.ID), Err: err}
	}
	terms, err := w.callTerms(ctx, r)
	if err != nil {
		return Doc{}, err
	}
	return Doc{Ref: callRef(r.ID), Sort: startKey(r.StartedAt), Terms: terms, Value: raw}, nil
}

// checkRecord refuses what could not be found again, or would be found under a wrong term.
func checkRecord(r call.Record) error {
	if err := checkCallID(r.ID); err != nil {
		return err
	}
	wrong := func(field, format string, args ...any) error {
		return &job.FieldError{Field: field, Rule: job.RuleFormat,
			Message: fmt.Sprintf("call %q: %s: ", r.ID, field) + fmt.Sprintf(format, args...)}
	}
	if !slices.Contains([]call.Status{call.InProgress, call.Completed, call.Broken}, r.Status) {
		return wrong("status", "%.40q is none: use in-progress, completed or failed", r.Status)
	}
	if year := r.StartedAt.UTC().Year(); r.StartedAt.IsZero() || year < 0 || year > 9999 {
		return wrong("startedAt", "%v is no time of a call", r.StartedAt)
	}
	if _, err := callflow.ParseID(string(r.Flow)); err != nil {
		return wrong("flow", "%s", strings.TrimPrefix(err.Error(), "flow: "))
	}
	if kind := string(r.Outcome.Kind); len(kind) > MaxID || !Storable(kind) {
		return wrong("outcome", "%.40q is no kind of outcome", kind)
	}
	for _, id := range append(slices.Sorted(maps.Keys(r.Jobs)), r.Used...) {
		if _, err := job.ParseID(string(id)); err != nil {
			return wrong("jobs", "%v", err)
		}
	}
	return nil
}

// forward says whether r may follow old, which is not equal to it; see RecordCall.
func forward(old, r call.Record) error {
	if old.Status == call.InProgress {
		return nil
	}
	if r.Status != old.Status {
		return fmt.Errorf("it is %s and cannot become %s: %w", old.Status, r.Status, ErrConflict)
	}
	pending := []call.SummaryStatus{"", call.SummaryAbsent, call.SummaryInProgress}
	brought := []call.SummaryStatus{call.SummaryInProgress, call.SummaryCompleted, call.SummaryFailed}
	if !slices.Contains(pending, old.Summary.Status) || !slices.Contains(brought, r.Summary.Status) {
		return fmt.Errorf("it is %s, its summary %s: %w", old.Status, cmp.Or(old.Summary.Status, call.SummaryAbsent), ErrConflict)
	}
	if len(r.Notes) < len(old.Notes) {
		return fmt.Errorf("it is %s: notes cannot be taken back: %w", old.Status, ErrConflict)
	}
	r.Summary, r.Usage, r.Notes = old.Summary, old.Usage, r.Notes[:len(old.Notes)]
	a, errA := json.Marshal(old)
	b, errB := json.Marshal(r)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		return fmt.Errorf("it is %s: only its summary may still come: %w", old.Status, ErrConflict)
	}
	return nil
}

func (q CallQuery) query() (Query, error) {
	query := Query{Kind: KindCall, Reverse: true}
	switch {
	case q.Revision != 0 && q.Job == "":
		return Query{}, &job.FieldError{Field: "revision", Rule: job.RuleFormat, Got: q.Revision,
			Message: "revision: a revision is of a job: say which"}
	case q.Revision != 0:
		query.Terms = append(query.Terms, usedJobAt(q.Job, q.Revision))
	case q.Job != "":
		query.Terms = append(query.Terms, usedJob(q.Job))
	}
	if q.Flow != "" {
		query.Terms = append(query.Terms, ofFlow(q.Flow))
	}
	if q.Outcome != "" {
		query.Terms = append(query.Terms, withOutcome(q.Outcome))
	}
	if !q.Tests {
		query.Terms = append(query.Terms, notTest)
	}
	if !q.Since.IsZero() {
		query.From = startKey(q.Since)
	}
	if !q.Until.IsZero() {
		query.To = startKey(q.Until)
	}
	return query, nil
}

// The terms of calls. Mock calls and others have one each, so that neither kind has to be skipped when
// there are many of it.
const (
	isTest  = "test"
	notTest = "live"
	isOpen  = "open" // in progress, or its summary is
)

func usedJob(id job.ID) string                 { return "job:" + string(id) }
func usedJobAt(id job.ID, revision int) string { return fmt.Sprintf("job:%s@%d", id, revision) }
func ofFlow(id callflow.ID) string             { return "flow:" + string(id) }
func withOutcome(kind call.OutcomeKind) string { return "outcome:" + string(kind) }

// callTerms is the only place that says under which terms a call is kept.
func (w *Workspace) callTerms(ctx context.Context, r call.Record) ([]string, error) {
	terms := []string{ofFlow(r.Flow), notTest}
	if r.Test {
		terms[1] = isTest
	}
	for _, id := range r.Used {
		terms = append(terms, usedJob(id))
		if revision := r.Jobs[id]; revision > 0 {
			terms = append(terms, usedJobAt(id, revision))
		}
	}
	if r.Status == call.InProgress || r.Summary.Status == call.SummaryInProgress {
		terms = append(terms, isOpen)
	}
	if !r.Outcome.IsZero() {
		terms = append(terms, withOutcome(r.Outcome.Kind))
	}
	caller, err := w.callerTerm(ctx, r.Caller.Number)
	if err != nil {
		return nil, err
	}
	if caller != "" {
		terms = append(terms, caller)
	}
	return terms, nil
}

// callerTerm finds a caller's calls without telling an index who it is: the key is the workspace's
// nonce, which never changes. It is empty for a withheld address.
func (w *Workspace) callerTerm(ctx context.Context, a call.Address) (string, error) {
	if a.Withheld() {
		return "", nil
	}
	s, ok := w.recall(settingsRef).(callflow.Settings)
	if !ok {
		var err error
		if s, err = w.Settings(ctx); err != nil {
			return "", err
		}
	}
	mac := hmac.New(sha256.New, []byte(s.Nonce()))
	mac.Write([]byte(a.Normal()))
	return "caller:" + hex.EncodeToString(mac.Sum(nil)), nil
}

func (w *Workspace) callDoc(ctx context.Context, id call.ID) (Doc, error) {
	if err := checkCallID(id); err != nil {
		return Doc{}, err
	}
	return w.newestCall(ctx, callRef(id))
}

// newestCall reads the newest revision of a call as it is stored; what was erased is not found.
func (w *Workspace) newestCall(ctx context.Context, ref Ref) (Doc, error) {
	docs, err := w.storage.Get(ctx, w.id, []Want{{Ref: ref}})
	if err != nil {
		return Doc{}, err
	}
	if len(docs) == 0 {
		return Doc{}, &RefError{Ref: ref, Err: ErrNotFound}
	}
	return docs[0], nil
}

func callRef(id call.ID) Ref { return Ref{KindCall, string(id)} }

// startKey is a time in a form that sorts as bytes like the time itself. Bounds beyond the years of four
// digits, which no record has, sort beyond them.
func startKey(t time.Time) string {
	t = t.UTC()
	switch year := t.Year(); {
	case year < 0:
		return "0"
	case year > 9999:
		return "9999~"
	}
	return t.Format("2006-01-02T15:04:05.000000000Z")
}

func readCall(doc Doc) (call.Record, error) {
	r, err := decodeAs[call.Record](doc.Value)
	if err != nil {
		return call.Record{}, &RefError{Ref: doc.Ref, Err: fmt.Errorf("revision %d cannot be read: %w", doc.Revision, err)}
	}
	return r, nil
}
