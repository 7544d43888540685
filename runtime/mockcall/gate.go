package mockcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/storage"
)

// GateConfig says what a [Gate] asks. Suite is required.
type GateConfig struct {
	Config    Config // Flow, Caller and Candidates are not used: the gate is handed a snapshot
	Suite     []Scenario
	Runs      int                // per scenario; 1 when it is 0
	Least     float64            // the share of calls that has to pass; 1 when it is 0
	Flows     []callflow.ID      // only these; all flows when empty
	Name      string             // of the suite: change it when the scenarios change, since code has no hash
	Receipts  ReceiptStore       // keeps verdicts beyond this process; optional
	OnReceipt func(SuiteReceipt) // told of every verdict, also of one that was kept; optional
}

// SuiteReceipt is the verdict of a gate with exactly what it was run on.
type SuiteReceipt struct {
	Suite   string    `json:"suite"` // name, scenarios and runs
	Engine  string    `json:"engine"`
	Texts   Texts     `json:"texts"`
	Passed  bool      `json:"passed"`
	Scores  []Score   `json:"scores"`
	Problem string    `json:"problem,omitempty"` // why it did not pass
	At      time.Time `json:"at"`
}

// Key returns what a receipt is found by: the hash of suite, engine and texts.
func (r SuiteReceipt) Key() string {
	return digest.Of(r.Suite + "\n" + r.Engine + "\n" + r.Texts.Sum())
}

// ReceiptStore keeps receipts. Safe for concurrent use.
type ReceiptStore interface {
	// Receipt returns the receipt that was kept under a key; false when there is none.
	Receipt(ctx context.Context, key string) (SuiteReceipt, bool, error)
	// Keep keeps a receipt under its key.
	Keep(ctx context.Context, r SuiteReceipt) error
}

// GateError says that a suite refused an edit. It matches ErrFailed.
type GateError struct{ Receipt SuiteReceipt }

// Error names the engine and the scenarios that failed.
func (e *GateError) Error() string { return e.Receipt.Problem }

// Unwrap gives ErrFailed.
func (e *GateError) Unwrap() error { return ErrFailed }

// Gate makes a suite a gate of SaveJob, SavePage and Publish: an edit is refused with a *GateError while fewer calls
// pass on it than GateConfig.Least says; nothing was saved then.
//
//	gate, err := mockcall.Gate(mockcall.GateConfig{Suite: scenarios})
//	saved, err := ws.SaveJob(ctx, id, base, spec, note, gate)
//
// The verdict is kept with the hashes of the texts, the engine and the suite, so that texts that were judged once are not
// run again: in this process, and in GateConfig.Receipts. Of a language model only a pass is kept: a refusal may have been
// bad luck, and is tried again. A store that cannot be read or written is no reason to refuse: the suite runs. The
// gate may be used from many goroutines at once.
func Gate(g GateConfig) (storage.Gate, error) {
	if g.Runs == 0 {
		g.Runs = 1
	}
	if g.Least == 0 {
		g.Least = 1
	}
	if err := checkScenarios(g.Runs, g.Suite); err != nil {
		return nil, err
	}
	if g.Least < 0 || g.Least > 1 {
		return nil, fmt.Errorf("mockcall: GateConfig.Least is %g: at most 1", g.Least)
	}
	var mu sync.Mutex
	kept := map[string]SuiteReceipt{}
	return func(ctx context.Context, s callflow.Snapshot) error {
		if len(g.Flows) > 0 && !slices.Contains(g.Flows, s.Flow().ID()) {
			return nil
		}
		r := SuiteReceipt{Suite: g.suite(), Engine: g.Config.engine(), Texts: textsOf(s, g.Config.Step)}
		mu.Lock()
		known, ok := kept[r.Key()]
		mu.Unlock()
		if !ok && g.Receipts != nil {
			if found, there, err := g.Receipts.Receipt(ctx, r.Key()); err == nil && there && found.Key() == r.Key() {
				known, ok = found, true
			}
		}
		if !ok {
			c := g.Config
			c.Candidates = nil
			report, err := SuiteOn(ctx, s, c, g.Runs, g.Suite)
			if err != nil {
				return err
			}
			known = g.judge(r, report)
			if g.Receipts != nil && g.final(known) {
				_ = g.Receipts.Keep(ctx, known) // it is run again next time
			}
		}
		if g.final(known) {
			mu.Lock()
			if len(kept) >= maxKept {
				clear(kept)
			}
			kept[known.Key()] = known
			mu.Unlock()
		}
		if g.OnReceipt != nil {
			g.OnReceipt(known)
		}
		if !known.Passed {
			return &GateError{known}
		}
		return nil
	}, nil
}

const maxKept = 1_000 // receipts in memory

// final reports whether a verdict need not be tried again.
func (g GateConfig) final(r SuiteReceipt) bool { return r.Passed || g.Config.rehearsed() }

func (g GateConfig) suite() string {
	names := make([]string, len(g.Suite))
	for i, sc := range g.Suite {
		names[i] = fmt.Sprintf("%q:%d", sc.Name, len(sc.Checks))
	}
	return fmt.Sprintf("%q %d runs, %g: %v", g.Name, g.Runs, g.Least, names)
}

func (g GateConfig) judge(r SuiteReceipt, report *Report) SuiteReceipt {
	r.Scores, r.At = report.Scores, time.Now().UTC()
	r.Passed = report.All.Runs > 0 && report.All.Rate() >= g.Least
	if r.Passed {
		return r
	}
	r.Problem = fmt.Sprintf("%d of %d calls passed", report.All.Passed, report.All.Runs)
	if err := report.Err(); err != nil {
		r.Problem = err.Error()
	}
	return r
}

// StoredReceipts keeps receipts in a storage, as documents of the kind mockcall-receipt. A gate must not write to the
// workspace that it judges, so give it a workspace of its own, such as "acme.receipts".
func StoredReceipts(s storage.Storage, ws storage.WorkspaceID) ReceiptStore {
	return storedReceipts{s, ws}
}

type storedReceipts struct {
	storage storage.Storage
	ws      storage.WorkspaceID
}

const kindReceipt storage.Kind = "mockcall-receipt"

func (s storedReceipts) Receipt(ctx context.Context, key string) (SuiteReceipt, bool, error) {
	docs, err := s.storage.Get(ctx, s.ws, []storage.Want{{Ref: storage.Ref{Kind: kindReceipt, ID: key}}})
	if err != nil || len(docs) == 0 {
		return SuiteReceipt{}, false, err
	}
	var r SuiteReceipt
	if err := json.Unmarshal(docs[0].Value, &r); err != nil {
		return SuiteReceipt{}, false, fmt.Errorf("mockcall: receipt %.12s: %w", key, err)
	}
	return r, true, nil
}

func (s storedReceipts) Keep(ctx context.Context, r SuiteReceipt) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("mockcall: receipt: %w", err)
	}
	err = s.storage.Put(ctx, s.ws, []storage.Doc{{Ref: storage.Ref{Kind: kindReceipt, ID: r.Key()}, Revision: 1, At: r.At, Value: raw}})
	if errors.Is(err, storage.ErrConflict) {
		return nil // somebody else kept the same verdict
	}
	return err
}
