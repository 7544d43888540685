package storage

import (
	"context"
	"iter"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// CallsFrom yields, as [Workspace.Calls] does, the records that q selects of calls from an address, in every form
// with the same [call.Address.Normal]. A withheld address belongs to nobody: it has none.
func (w *Workspace) CallsFrom(ctx context.Context, a call.Address, q CallQuery) iter.Seq2[call.Record, error] {
	return func(yield func(call.Record, error) bool) {
		query, err := q.query()
		term := ""
		if err == nil {
			term, err = w.callerTerm(ctx, a)
		}
		if err != nil {
			yield(call.Record{}, err)
			return
		}
		if term == "" {
			return
		}
		query.Terms = append(query.Terms, term)
		w.records(ctx, query, yield)
	}
}

// OpenCalls yields the records, mock calls too, that are in progress or wait for their summary, of calls that
// began before a point in time; newest first, as [Workspace.Calls] does. Some are under way: a record does not tell
// whether the process that wrote it is still there.
func (w *Workspace) OpenCalls(ctx context.Context, before time.Time) iter.Seq2[call.Record, error] {
	return func(yield func(call.Record, error) bool) {
		w.records(ctx, Query{Kind: KindCall, Reverse: true, Terms: []string{isOpen}, To: startKey(before)}, yield)
	}
}

// records yields the records that a query finds, up to the error of storage that ends them.
func (w *Workspace) records(ctx context.Context, q Query, yield func(call.Record, error) bool) {
	for doc, err := range w.each(ctx, q) {
		var r call.Record
		if err == nil {
			r, err = readCall(doc)
		}
		if !yield(r, err) {
			return
		}
	}
}
