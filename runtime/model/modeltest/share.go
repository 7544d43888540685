package modeltest

import (
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// crowd is how many ask at once.
const crowd = 8

// ofMany is a reply that shows whose it is.
func ofMany(i int) Reply {
	id := fmt.Sprintf("call_%d", i)
	return Reply{Text(fmt.Sprintf("reply %d: ", i)), Text(fmt.Sprintf("%d, ", i)), call(id, "look_up", fmt.Sprintf(`{"number":"%d"}`, i)),
		call(id+"b", "send_sms", `{}`), Usage{In: i, Out: 1}, Finish(model.ToolCalls)}
}

// crowdOf is the replies of a crowd.
func crowdOf() []Reply {
	all := make([]Reply, crowd)
	for i := range all {
		all[i] = ofMany(i)
	}
	return all
}

var shareCases = []testCase{
	{"Many may ask at once, and each gets a reply of its own", crowdOf(), func(p *probe) {
		readings := make([]*reading, crowd)
		start := make(chan struct{})
		var all sync.WaitGroup
		for i := range crowd {
			all.Go(func() {
				<-start
				readings[i] = read(p.m.Generate(p.ctx, p.far.Request()), nil, p.patience)
			})
		}
		close(start)
		all.Wait()
		p.eachOnce(readings)
	}},
	{"Streams that are read in turns do not mix", crowdOf(), func(p *probe) {
		p.eachOnce(p.inTurns())
	}},
	{"A stream that nobody reads asks nothing", []Reply{say("one"), say("two")}, func(p *probe) {
		unread := p.m.Generate(p.ctx, p.far.Request())
		p.says("one")
		reply, err := p.sound(read(unread, nil, p.patience))
		require.NoError(p, err)
		require.Equal(p, "two", reply.Text)
	}},
	{"A stream that is read again asks again, or is an error", []Reply{say("one"), say("two")}, func(p *probe) {
		stream := p.m.Generate(p.ctx, p.far.Request())
		reply, err := p.sound(read(stream, nil, p.patience))
		require.NoError(p, err)
		require.Equal(p, "one", reply.Text)
		if reply, err = p.sound(read(stream, nil, p.patience)); err == nil {
			require.Equal(p, "two", reply.Text)
		}
	}},
	{"One who leaves does not disturb the others", []Reply{silent(), say("six.")}, func(p *probe) {
		var other *reading
		_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool {
			other = read(p.m.Generate(p.ctx, p.far.Request()), nil, p.patience/2)
			return false
		})
		require.NoError(p, err)
		reply, err := p.sound(other)
		require.NoError(p, err)
		require.Equal(p, "six.", reply.Text)
	}},
}

// eachOnce asserts that the readings are the replies of a crowd, each once and whole.
func (p *probe) eachOnce(readings []*reading) {
	p.Helper()
	got := map[string]bool{}
	for _, r := range readings {
		reply, err := p.sound(r)
		require.NoError(p, err)
		i := reply.Usage.In
		require.Equal(p, fmt.Sprintf("reply %d: %d, ", i, i), reply.Text)
		p.calls([]Call{ofMany(i)[2].(Call), ofMany(i)[3].(Call)}, reply.Calls)
		require.False(p, got[reply.Text], "%q came twice", reply.Text)
		got[reply.Text] = true
	}
}

// inTurns reads one part of each stream, then the next of each. A model that cannot have so many streams open
// hangs, and runs out of patience.
func (p *probe) inTurns() []*reading {
	readings := make([]*reading, crowd)
	done := make(chan struct{})
	go func() {
		defer close(done)
		nexts := make([]func() (model.Part, error, bool), crowd)
		for i := range crowd {
			readings[i] = &reading{}
			next, stop := iter.Pull2(p.m.Generate(p.ctx, p.far.Request()))
			defer stop()
			nexts[i] = next
		}
		for open := crowd; open > 0; {
			open = 0
			for i, next := range nexts {
				if part, err, ok := next(); ok {
					readings[i].take(part, err)
					open++
				}
			}
		}
	}()
	select {
	case <-done:
		return readings
	case <-time.After(p.patience):
		return []*reading{{faults: []string{"streams that are read in turns do not come to their end"}}}
	}
}
