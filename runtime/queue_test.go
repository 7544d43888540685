package runtime

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAQueueIsFirstInFirstOutAndKeepsNothing(t *testing.T) {
	var q queue[*int]
	_, ok := q.pop()
	require.False(t, ok)
	for round := range 3 {
		for i := range 100 {
			q.push(&i)
		}
		for i := range 40 {
			v, ok := q.pop()
			require.True(t, ok)
			require.Equal(t, i, *v, round)
		}
		q.drop(func(v *int) bool { return *v%2 == 1 })
		require.Equal(t, 30, q.len())
		for i := range 30 {
			v, _ := q.pop()
			require.Equal(t, 40+2*i, *v)
		}
		require.Zero(t, q.len())
		require.LessOrEqual(t, cap(q.all), mostSpare)
	}
	q.push(new(int))
	q.drop(func(*int) bool { return true })
	_, ok = q.pop()
	require.False(t, ok)
	require.True(t, slices.Equal(make([]*int, cap(q.all)), q.all[:cap(q.all)]), "what was taken is kept by nobody")
}
