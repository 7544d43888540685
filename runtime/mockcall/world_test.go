package mockcall_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

var errTaken = errors.New("the table is taken")

// restaurant is a world with one free table.
func restaurant() *mockcall.World {
	w := mockcall.NewWorld().Put("tables", "T4", map[string]any{"seats": 4, "free": true})
	w.Reads(job.ActionSpec{Name: "find_tables", Description: "Lists tables."}, func(t mockcall.Tables, _ map[string]any) (any, error) {
		t.Set("tables", "ghost", nil)
		return t.Keys("tables"), nil
	})
	return w.Writes(job.ActionSpec{Name: "book", Description: "Books a table."}, func(t mockcall.Tables, args map[string]any) (any, error) {
		row, _ := t.Get("tables", "T4")
		free, _ := row["free"].(bool)
		row["free"] = false
		t.Set("tables", "T4", row)
		t.Set("bookings", "B1", map[string]any{"name": args["name"]})
		if !free {
			return nil, errTaken
		}
		return map[string]string{"booking": "B1"}, nil
	})
}

func (s shop) booking(t *testing.T) (job.Job, mockcall.Config) {
	t.Helper()
	spec := s.link.Spec()
	spec.Instructions = "This job books a table.\n1. {{action find_tables}}\n2. {{action book name=\"Ann\"}}\n3. Say goodbye: {{action end_call}}"
	j, err := s.link.With(spec)
	require.NoError(t, err)
	return j, mockcall.Config{Candidates: []job.Job{j}, Caller: mockcall.Script("the price list please")}
}

func TestActionsOfAWorldReadAndWriteItInADryCall(t *testing.T) {
	s := newShop(t)
	_, c := s.booking(t)
	c.World = restaurant()
	before := c.World.Hash()
	r := s.run(t, c)
	mockcall.Assert(t, r,
		mockcall.Once("find_tables"),
		mockcall.Wrote(mockcall.Deed{Action: "book", Args: []mockcall.Arg{mockcall.Name("name", "ann")}}), // the read does not count
		mockcall.Left(c.World, "tables", "T4", map[string]any{"seats": 4, "free": false}),
		mockcall.Left(c.World, "bookings", "B1", map[string]any{"name": "Ann"}),
		mockcall.Left(c.World, "tables", "ghost", nil))
	require.NotEqual(t, before, c.World.Hash())
	require.JSONEq(t, `{"booking":"B1"}`, string(r.Record.Effects[1].Result))
	for _, f := range r.Record.Effects {
		require.True(t, f.Dry)
	}
}

func TestAWriteThatFailsChangesNothing(t *testing.T) {
	s := newShop(t)
	_, c := s.booking(t)
	c.World = restaurant().Put("tables", "T4", map[string]any{"seats": 4, "free": false})
	before := c.World.Hash()
	r := s.run(t, c)
	mockcall.Assert(t, r, mockcall.None("book"), mockcall.Wrote())
	require.Equal(t, before, c.World.Hash())
	ledger := c.World.Ledger()
	require.Len(t, ledger, 2)
	require.True(t, ledger[0].Read)
	require.Equal(t, errTaken.Error(), ledger[1].Err)
	require.JSONEq(t, `{"name":"Ann"}`, string(ledger[1].Args))
}

func TestAFaultComesBeforeTheWorld(t *testing.T) {
	s := newShop(t)
	_, c := s.booking(t)
	c.World, c.Faults = restaurant(), map[job.ActionName]error{"book": errors.New("down")}
	r := s.run(t, c)
	mockcall.Assert(t, r, mockcall.None("book"), mockcall.Left(c.World, "bookings", "B1", nil))
	require.Len(t, c.World.Ledger(), 1)
}

func TestRowsAreCopies(t *testing.T) {
	w := restaurant()
	row, ok := w.Row("tables", "T4")
	require.True(t, ok)
	row["seats"] = 99
	again, _ := w.Row("tables", "T4")
	require.Equal(t, 4, again["seats"])
	_, ok = w.Row("tables", "T5")
	require.False(t, ok)
	require.Equal(t, restaurant().Hash(), w.Hash(), "the same rows, the same hash")

	w.Writes(job.ActionSpec{Name: "close"}, func(t mockcall.Tables, _ map[string]any) (any, error) {
		t.Delete("tables", "T4")
		t.Delete("nothing", "T4")
		return t.Keys("tables"), nil
	})
	_, err := w.Actions()[2].Do(t.Context(), info, nil)
	require.NoError(t, err)
	require.NotEqual(t, restaurant().Hash(), w.Hash())
}

func TestAnActionOfAWorldThatIsHandedArgumentsItCannotReadFails(t *testing.T) {
	w := restaurant()
	_, err := w.Actions()[1].Do(t.Context(), info, []byte(`[]`))
	require.ErrorContains(t, err, "arguments of book")
	require.Len(t, w.Ledger(), 1)
}

func TestAWorldHasItsActionsOnALineToo(t *testing.T) {
	s := newShop(t)
	j, c := s.booking(t)
	c.World = restaurant()
	c.Model = scripted.New(scripted.Use(j.ID(), "book"), scripted.Say("Done."))
	k := s.call(t, c)
	k.Say("A table, please.")
	k.Expect().Does("book").Says("done")
	mockcall.Assert(t, k.Result(), mockcall.Left(c.World, "tables", "T4", map[string]any{"free": false}))
}

func TestAnActionThatPanicsChangesNothing(t *testing.T) {
	w := mockcall.NewWorld().Writes(job.ActionSpec{Name: "break"}, func(t mockcall.Tables, _ map[string]any) (any, error) {
		t.Set("tables", "T1", map[string]any{})
		panic("the action's own")
	})
	require.Panics(t, func() { _, _ = w.Actions()[0].Do(t.Context(), info, nil) })
	mockcall.Assert(t, &mockcall.Result{}, mockcall.Left(w, "tables", "T1", nil))
}
