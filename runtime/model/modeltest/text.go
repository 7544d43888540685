package modeltest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// say is a whole reply of these pieces of text.
func say(pieces ...Text) Reply {
	r := Reply{}
	for _, t := range pieces {
		r = append(r, t)
	}
	return append(r, Finish(model.Stop))
}

// awkward are pieces of text that protocols and their readers trip over.
var awkward = []Text{
	"Grüße, ", "señor ", "李 ", "👩‍👩‍👧 ", "e\u0301 ", "\"quoted\" ", `back\slash \n \u0041 `, "<b>&amp; ", "line\n", "two\r\nthree ", "tab\t",
	"\u2028\u2029 ", "data: [DONE]\n\n", "event: error\n", `{"error":{"message":"no"}} `, "[J1.2] ", " ", "  ", "0 ", "null ", "\ufeff ", "\x7f ", "end",
}

var textCases = []testCase{
	{"Text comes whole and in order", []Reply{say("We close ", "at ", "six.")}, func(p *probe) {
		reply := p.whole()
		require.Equal(p, model.Reply{Text: "We close at six.", Reason: model.Stop}, reply)
	}},
	{"Text comes piece by piece, each as soon as it is there", []Reply{{Text("We "), Text("close "), Wait{}, Text("at six."), Finish(model.Stop)}}, func(p *probe) {
		var heard strings.Builder
		_, err := p.askUntil(p.ctx, p.far.Request(), func(part model.Part) bool {
			if t, ok := part.(model.Text); ok {
				heard.WriteString(string(t))
			}
			return heard.Len() < len("We close ")
		})
		require.NoError(p, err)
		require.Equal(p, "We close ", heard.String())
	}},
	{"Text of any kind comes as it is", []Reply{say(awkward...)}, func(p *probe) {
		var want strings.Builder
		for _, t := range awkward {
			want.WriteString(string(t))
		}
		p.says(want.String())
	}},
	{"Text that comes letter by letter stays whole", []Reply{say(split("Ça va, 李先生 👍? — \"sí\"", 1)...), say(split(strings.Repeat("0123456789 ", 3000), 1000)...)}, func(p *probe) {
		p.says("Ça va, 李先生 👍? — \"sí\"")
		p.says(strings.Repeat("0123456789 ", 3000))
	}},
	{"Text of a thousand pieces comes whole", []Reply{say(numbered(1000)...)}, func(p *probe) {
		reply := p.whole()
		var want strings.Builder
		for _, t := range numbered(1000) {
			want.WriteString(string(t))
		}
		require.Equal(p, want.String(), reply.Text)
	}},
	{"One reply after the other comes, in order", []Reply{say("one"), say("two"), say("three")}, func(p *probe) {
		p.says("one")
		p.says("two")
		p.says("three")
	}},
}

// split cuts text into pieces of n characters.
func split(text string, n int) []Text {
	var pieces []Text
	for text != "" {
		end := 0
		for range n {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		pieces, text = append(pieces, Text(text[:end])), text[end:]
	}
	return pieces
}

func numbered(n int) []Text {
	pieces := make([]Text, n)
	for i := range pieces {
		pieces[i] = Text(fmt.Sprintf("%d ", i))
	}
	return pieces
}
