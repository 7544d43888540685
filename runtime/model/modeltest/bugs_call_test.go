package modeltest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// onCall passes calls through change, which returns the parts that stand for one.
func onCall(change func(model.ToolCall) []model.Part) func(*Far) model.Model {
	return func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool {
			c, ok := part.(model.ToolCall)
			if !ok {
				return yield(part, nil)
			}
			for _, p := range change(c) {
				if !yield(p, nil) {
					return false
				}
			}
			return true
		})
	}
}

// mended gives half a call as if it were whole.
func mended(f *Far) model.Model {
	return hearing(f, func(r Reply) Reply {
		for i, s := range r {
			if c, ok := s.(HalfCall); ok {
				c.Arguments = append(slices.Clone(c.Arguments), `"}`...)
				r[i] = Call(c)
			}
		}
		return r
	})
}

var callBugs = []bug{
	{"calls are lost", []string{"A call comes whole"}, onCall(func(model.ToolCall) []model.Part { return nil })},
	{"calls have no ID", []string{"A call comes whole"}, onCall(func(c model.ToolCall) []model.Part {
		c.ID = ""
		return []model.Part{c}
	})},
	{"arguments are spoken", []string{"Text and calls of one reply both come"}, onCall(func(c model.ToolCall) []model.Part {
		return []model.Part{model.Text(c.Arguments), c}
	})},
	{"calls come in another order", []string{"Parallel calls come in order, each with its own arguments"}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			if _, ok := r[0].(Call); ok {
				slices.Reverse(r[:len(r)-1])
			}
			return r
		})
	}},
	{"equal calls are one", []string{"Parallel calls come in order, each with its own arguments"}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			seen := map[string]bool{}
			return slices.DeleteFunc(r, func(s Step) bool {
				c, ok := s.(Call)
				again := ok && seen[c.Name+string(c.Arguments)]
				seen[c.Name+string(c.Arguments)] = true
				return again
			})
		})
	}},
	{"numbers are rounded", []string{"Arguments keep every value"}, onCall(func(c model.ToolCall) []model.Part {
		var v any
		if json.Unmarshal(c.Arguments, &v) == nil {
			c.Arguments, _ = json.Marshal(v)
		}
		return []model.Part{c}
	})},
	{"a call without arguments is none", []string{"A call without arguments is one all the same"}, onCall(func(c model.ToolCall) []model.Part {
		if len(c.Arguments) == 0 {
			return nil
		}
		return []model.Part{c}
	})},
	{"tools that nobody offered are left out", []string{"A tool that nobody offered is passed on"}, onCall(func(c model.ToolCall) []model.Part {
		if strings.HasPrefix(c.Name, "no_") {
			return nil
		}
		return []model.Part{c}
	})},
	{"arguments that are no JSON become empty ones", []string{"Arguments that are no JSON come as they are or are an error, and are never mended"}, onCall(func(c model.ToolCall) []model.Part {
		if !json.Valid(c.Arguments) {
			c.Arguments = json.RawMessage(`{}`)
		}
		return []model.Part{c}
	})},
	{"half a call is mended", []string{"Half a call is none when the stream is cut", "Half a call is none when a limit cuts it"}, mended},
	{"calls are gathered over replies", []string{"Calls of one reply are not those of the next"}, func(f *Far) model.Model {
		var all []Step
		return hearing(f, func(r Reply) Reply {
			for _, s := range r {
				if c, ok := s.(Call); ok {
					all = append(all, c)
				}
			}
			return append(slices.Clone(all), r...)
		})
	}},
}
