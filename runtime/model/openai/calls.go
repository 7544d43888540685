package openai

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	mostCalls     = 64
	mostArguments = 256 << 10 // bytes of one call
)

// calls gathers the calls of a reply from their pieces. Servers number them, and name a call in its first
// piece; some name it in each piece, number none, give every call the number 0, or send calls whole.
type calls struct {
	all []*gathered
}

// gathered is a call as far as it came.
type gathered struct {
	index     int // as the server numbers it; -1 without
	id        string
	name      string
	arguments []byte

	// Whether the arguments are an object that is closed is looked at once for each byte.
	depth   int
	quoted  bool
	escaped bool
	shut    bool // behind its last brace
}

// add takes a piece. whole says that it is a call of its own.
func (c *calls) add(p *callPiece, whole bool) error {
	index, numbered := number(p.Index)
	if !numbered {
		index = -1
	}
	id, _ := word(p.ID)
	name, _ := word(p.Function.Name)
	arguments, ok := word(p.Function.Arguments)
	if !ok && isSet(p.Function.Arguments) {
		arguments = string(p.Function.Arguments) // of a server that sends the object itself
	}
	var g *gathered
	if !whole {
		g = c.open(index, id)
	}
	switch {
	case g != nil && g.is(id, name) && name != "" && g.shut && arguments == string(g.arguments):
		return nil // the same again
	case g == nil, !g.is(id, name), name != "" && id == "" && g.shut && len(bytes.TrimSpace([]byte(arguments))) > 0:
		if len(c.all) == mostCalls {
			return tooMuch("the number of calls in a reply", mostCalls)
		}
		g = &gathered{index: index}
		c.all = append(c.all, g)
	}
	if g.id == "" {
		g.id = id
	}
	if g.name == "" {
		g.name = name
	}
	return g.write(arguments)
}

// open returns the call that a piece belongs to, unless it names another: the latest with its number, else
// with its ID, else the latest.
func (c *calls) open(index int, id string) *gathered {
	for _, g := range slices.Backward(c.all) {
		if index >= 0 && g.index == index || index < 0 && (id == "" || g.id == id) {
			return g
		}
	}
	return nil
}

// is reports whether a piece with this ID and name can belong to g.
func (g *gathered) is(id, name string) bool {
	return (id == "" || g.id == "" || id == g.id) && (name == "" || g.name == "" || name == g.name)
}

func (g *gathered) write(piece string) error {
	if len(g.arguments)+len(piece) > mostArguments {
		return tooMuch("the arguments of a call", mostArguments)
	}
	g.arguments = append(g.arguments, piece...)
	for i := range len(piece) {
		g.see(piece[i])
	}
	return nil
}

func (g *gathered) see(b byte) {
	switch {
	case g.escaped:
		g.escaped = false
	case g.quoted:
		g.escaped = b == '\\'
		g.quoted = b != '"'
	case b == '"':
		g.quoted = true
	case b == '{', b == '[':
		g.depth++
	case b == '}', b == ']':
		g.depth--
		g.shut = g.depth <= 0
	}
}

// closed reports whether the arguments are a whole object.
func (g *gathered) closed() bool {
	return g.shut && json.Valid(g.arguments) && bytes.TrimLeft(g.arguments, " \t\r\n")[0] == '{'
}

// call returns the call. Without arguments they are an empty object; arguments that are no JSON are handed on
// as they came, as whoever acts on a call has to check them anyhow.
func (g *gathered) call() model.ToolCall {
	arguments := g.arguments
	if len(bytes.TrimSpace(arguments)) == 0 {
		arguments = []byte("{}")
	}
	return model.ToolCall{ID: g.id, Name: g.name, Arguments: arguments}
}
