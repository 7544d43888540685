package runtime

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// Pieces are joined while nobody looks, and come one by one to whoever does.
func TestWhatNobodyLooksAtIsKeptJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed()
		for _, ev := range []Event{
			Said{Turn: 1, Text: "One "}, Said{Turn: 1, Text: "two."}, Said{Turn: 1, Last: true},
			Said{Turn: 3, Text: "Three "}, JobChosen{Job: "a"}, Said{Turn: 3, Text: "four ", Job: "a"}, Said{Turn: 3, Text: "five ", Job: "a"},
		} {
			f.add(ev)
		}
		joined := []Event{Said{Turn: 1, Text: "One two.", Last: true}, Said{Turn: 3, Text: "Three "}, JobChosen{Job: "a"}, Said{Turn: 3, Text: "four five ", Job: "a"}}

		var early []Event
		looking := make(chan struct{})
		go func() {
			defer close(looking)
			for ev := range f.events(t.Context()) {
				early = append(early, ev)
			}
		}()
		synctest.Wait()
		require.Equal(t, joined, early)
		one := []Event{Said{Turn: 3, Text: "six ", Job: "a"}, Said{Turn: 3, Text: "seven.", Job: "a"}}
		for _, ev := range one {
			f.add(ev)
			synctest.Wait()
			require.Equal(t, ev, early[len(early)-1], "at once")
		}
		f.close()
		<-looking
		for range 2 {
			var late []Event
			for ev := range f.events(t.Context()) {
				late = append(late, ev)
			}
			require.Equal(t, append(joined, one...), late)
		}
	})
}

func TestWhoeverLooksAwayIsNotWaitedFor(t *testing.T) {
	f := newFeed()
	f.add(Said{Text: "One "})
	for range f.events(t.Context()) {
		break
	}
	f.add(Said{Text: "two "})
	f.add(Said{Text: "three"})
	f.close()
	var all []Event
	for ev := range f.events(t.Context()) {
		all = append(all, ev)
	}
	require.Equal(t, []Event{Said{Text: "One "}, Said{Text: "two three"}}, all)
}
