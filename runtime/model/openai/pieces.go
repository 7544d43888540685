package openai

import "strings"

// pieces is text on its way out. What was handed out shares memory with what comes next, up to a few hundred
// bytes, so that a piece costs one allocation and not two.
type pieces struct {
	b    strings.Builder
	from int
}

const slab = 512

func (p *pieces) room(n int) bool { return p.b.Cap()-p.b.Len() >= n }

func (p *pieces) grow(n int) {
	p.b = strings.Builder{}
	p.b.Grow(max(slab, n))
	p.from = 0
}

// cut returns what was not cut off before.
func (p *pieces) cut() string {
	s := p.b.String()[p.from:]
	p.from = p.b.Len()
	return s
}

// unescape appends the inside of a string of JSON that [common] has found good.
func (p *pieces) unescape(b []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			p.b.WriteByte(b[i])
			continue
		}
		i++
		if b[i] == 'u' {
			r := rune(0)
			for _, c := range b[i+1 : i+5] {
				r = r<<4 | rune(unhex[c])
			}
			p.b.WriteRune(r)
			i += 4
			continue
		}
		p.b.WriteByte(unescaped[b[i]])
	}
}
