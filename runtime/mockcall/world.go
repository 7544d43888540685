package mockcall

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
)

// World is what a host's actions act on in a test: rows in tables, declared reads and writes, and a ledger of what was
// done to it, which only grows. It has a fresh start for each call: take a new one from a function, as the Caller of a
// [Scenario]. Safe for concurrent use.
//
//	w := mockcall.NewWorld()
//	w.Put("tables", "T4", map[string]any{"seats": 4, "free": true})
//	config.Actions, config.World = w.Actions(), w
//
// Actions of a World run in a dry call, too, since nothing outside is touched; Config.World says so.
type World struct {
	mu      sync.Mutex
	tables  map[string]map[string]map[string]any
	actions []runtime.Action
	reads   map[job.ActionName]bool
	ledger  []Entry
}

// Entry is one thing that was done to a World.
type Entry struct {
	Action job.ActionName
	Args   json.RawMessage
	Result json.RawMessage
	Err    string
	Read   bool // by an action that only reads
}

// NewWorld returns an empty world without actions.
func NewWorld() *World {
	return &World{tables: map[string]map[string]map[string]any{}, reads: map[job.ActionName]bool{}}
}

// Put sets a row, as part of what there is before the call; it is not in the ledger.
func (w *World) Put(table, key string, row map[string]any) *World {
	w.mu.Lock()
	defer w.mu.Unlock()
	Tables{w}.Set(table, key, row)
	return w
}

// Row returns a copy of a row, false when there is none.
func (w *World) Row(table, key string) (map[string]any, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Tables{w}.Get(table, key)
}

// Hash is the same for the same rows, however they came about.
func (w *World) Hash() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	raw, err := json.Marshal(w.tables) // keys in order
	if err != nil {
		return "unencodable: " + err.Error()
	}
	return digest.Of(string(raw))
}

// Ledger returns what was done so far, oldest first.
func (w *World) Ledger() []Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ledger)
}

// Actions returns the actions, for [Config].
func (w *World) Actions() []runtime.Action {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.actions)
}

// Do is what an action of a World does with its tables. An error is told to the model as any action's.
type Do func(t Tables, args map[string]any) (any, error)

// Reads declares an action that only looks. It gets copies of rows, and what it sets is dropped.
func (w *World) Reads(spec job.ActionSpec, do Do) *World { return w.declare(spec, do, true) }

// Writes declares an action that changes something. When it fails nothing is changed.
func (w *World) Writes(spec job.ActionSpec, do Do) *World { return w.declare(spec, do, false) }

func (w *World) declare(spec job.ActionSpec, do Do, read bool) *World {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads[spec.Name] = read
	w.actions = append(w.actions, runtime.Action{Spec: spec, Do: func(ctx context.Context, _ runtime.CallInfo, raw json.RawMessage) (json.RawMessage, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return w.run(spec.Name, raw, do, read)
	}})
	return w
}

func (w *World) run(name job.ActionName, raw json.RawMessage, do Do, read bool) (json.RawMessage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := Entry{Action: name, Args: slices.Clone(raw), Read: read}
	before, kept := clone(w.tables), false
	defer func() {
		if !kept { // it only looks, it failed, or it panicked
			w.tables = before
		}
	}()
	result, err := func() (json.RawMessage, error) {
		args := map[string]any{}
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &args); err != nil {
				return nil, fmt.Errorf("arguments of %s: %w", name, err)
			}
		}
		out, err := do(Tables{w}, args)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	}()
	kept = !read && err == nil
	e.Result = result
	if err != nil {
		e.Err = err.Error()
	}
	w.ledger = append(w.ledger, e)
	return result, err
}

// has reports whether the world has an action.
func (w *World) has(name job.ActionName) bool {
	if w == nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.reads[name]
	return ok
}

// readers returns the actions that only read.
func (w *World) readers() []job.ActionName {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []job.ActionName
	for _, name := range slices.Sorted(maps.Keys(w.reads)) {
		if w.reads[name] {
			names = append(names, name)
		}
	}
	return names
}

// Tables are the rows of a World in the hands of an action, for as long as the action runs.
type Tables struct{ w *World }

// Get returns a copy of a row, false when there is none.
func (t Tables) Get(table, key string) (map[string]any, bool) {
	row, ok := t.w.tables[table][key]
	return maps.Clone(row), ok
}

// Keys returns the keys of a table, in order.
func (t Tables) Keys(table string) []string { return slices.Sorted(maps.Keys(t.w.tables[table])) }

// Set sets a row.
func (t Tables) Set(table, key string, row map[string]any) {
	if t.w.tables[table] == nil {
		t.w.tables[table] = map[string]map[string]any{}
	}
	t.w.tables[table][key] = maps.Clone(row)
}

// Delete takes a row out; one that is not there is none afterwards either.
func (t Tables) Delete(table, key string) { delete(t.w.tables[table], key) }

func clone(tables map[string]map[string]map[string]any) map[string]map[string]map[string]any {
	all := make(map[string]map[string]map[string]any, len(tables))
	for name, rows := range tables {
		all[name] = make(map[string]map[string]any, len(rows))
		for key, row := range rows {
			all[name][key] = maps.Clone(row)
		}
	}
	return all
}
