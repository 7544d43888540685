package runtime

import "slices"

// queue is first in, first out. What was taken leaves nothing behind: calls are idle for long, and many.
type queue[T any] struct {
	all  []T
	head int // of what is left
}

const mostSpare = 64 // entries of room that an empty queue keeps

func (q *queue[T]) push(v T) { q.all = append(q.all, v) }

// pop takes the oldest entry; false when there is none.
func (q *queue[T]) pop() (v T, ok bool) {
	if q.len() == 0 {
		return v, false
	}
	v, q.all[q.head] = q.all[q.head], v
	if q.head++; q.head == len(q.all) {
		q.reset()
	}
	return v, true
}

func (q *queue[T]) len() int { return len(q.all) - q.head }

// drop takes out what unwanted says.
func (q *queue[T]) drop(unwanted func(T) bool) {
	q.all = slices.DeleteFunc(q.all[q.head:], unwanted)
	if q.head = 0; len(q.all) == 0 {
		q.reset()
	}
}

func (q *queue[T]) reset() {
	q.all, q.head = q.all[:0], 0
	if cap(q.all) > mostSpare {
		q.all = nil
	}
}
