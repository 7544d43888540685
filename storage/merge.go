package storage

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// merger merges the fields of one text and collects the clashes.
type merger struct{ clashes []Clash }

// whole merges a value that has no parts: who changed it has it; if both did, differently, mine stands
// unless I emptied it, and the clash tells theirs.
func whole[V comparable](m *merger, field string, base, mine, theirs V) V {
	var empty V
	switch {
	case mine == theirs || theirs == base:
		return mine
	case mine == base:
		return theirs
	}
	m.clashes = append(m.clashes, Clash{Field: field, Base: show(base), Mine: show(mine), Theirs: show(theirs)})
	if mine == empty {
		return theirs
	}
	return mine
}

func (m *merger) whole(field, base, mine, theirs string) string {
	return whole(m, field, base, mine, theirs)
}

// show gives a value for a clash: texts as they are, the zero value as nothing, all else as JSON.
func show[V comparable](v V) string {
	var empty V
	if v == empty {
		return ""
	}
	if s, ok := any(v).(string); ok {
		return s
	}
	return asJSON(v)
}

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// lines merges a text line by line. Line ends are LF; a text of n of them has n+1 lines, the empty text has
// none: it is the base of those who have no base in common.
func (m *merger) lines(field, base, mine, theirs string) string {
	split := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, "\n")
	}
	return strings.Join(m.list(field, split(base), split(mine), split(theirs)), "\n")
}

// list merges a list entry by entry. Where both sides clash it holds theirs, then mine.
func (m *merger) list(field string, base, mine, theirs []string) []string {
	var merged []string
	for _, r := range merge3(base, mine, theirs) {
		if r.clash {
			join := func(lines []string) string { return strings.Join(lines, "\n") }
			m.clashes = append(m.clashes, Clash{Field: field, Base: join(r.base), Mine: join(r.mine), Theirs: join(r.theirs), Line: len(merged) + 1})
			merged = append(merged, r.theirs...)
		}
		merged = append(merged, r.mine...)
	}
	return merged
}

// results merges typed results by their names, each as a whole. A result that one side changed and the
// other removed stays, as a clash.
func (m *merger) results(base, mine, theirs []job.Field) []job.Field {
	b, t, i := byName(base), byName(theirs), byName(mine)
	fields := map[string]job.Field{}
	for _, key := range union3(keys(base), keys(theirs), keys(mine)) {
		var field job.Field
		was, now, own := b[key], t[key], i[key]
		switch {
		case equalFields(own, now) || equalFields(now, was):
			field = own
		case equalFields(own, was):
			field = now
		default:
			m.clashes = append(m.clashes, Clash{Field: "results", Base: showField(was), Mine: showField(own), Theirs: showField(now)})
			if field = own; own.Name == "" {
				field = now
			}
		}
		if field.Name != "" {
			fields[key] = field
		}
	}
	var merged []job.Field
	for _, key := range order(keys(base), keys(mine), keys(theirs)) {
		if field, ok := fields[key]; ok {
			merged = append(merged, field)
			delete(fields, key)
		}
	}
	return merged
}

// order merges the order of names. It holds each name that a side has at least once; what both sides put
// at the same place stands in alphabetical order, so that it does not matter who is who.
func order(base, mine, theirs []string) []string {
	var names []string
	for _, r := range merge3(base, mine, theirs) {
		if !r.clash {
			names = append(names, r.mine...)
			continue
		}
		both := [][]string{r.mine, r.theirs}
		slices.SortFunc(both, slices.Compare)
		names = append(append(names, both[0]...), both[1]...)
	}
	return append(names, union3(slices.Sorted(slices.Values(mine)), slices.Sorted(slices.Values(theirs)), nil)...)
}

func union3(a, b, c []string) []string {
	var all []string
	for _, s := range slices.Concat(a, b, c) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func keys(fields []job.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.ToLower(f.Name)
	}
	return names
}

func byName(fields []job.Field) map[string]job.Field {
	named := make(map[string]job.Field, len(fields))
	for _, f := range fields {
		named[strings.ToLower(f.Name)] = f
	}
	return named
}

func equalFields(f, g job.Field) bool {
	return job.Spec{Results: []job.Field{f}}.Equal(job.Spec{Results: []job.Field{g}})
}

func showField(f job.Field) string {
	if f.Name == "" {
		return ""
	}
	return asJSON(f)
}

// region is a piece of a merge. What is agreed stands in mine; where it clashes, all three are filled.
type region struct {
	clash              bool
	base, mine, theirs []string
}

// merge3 merges two edits of a list, the way of diff3. An edit of one side that touches no edit of the
// other is taken over, edits of neighbouring entries included; edits of the same entries agree when they are
// equal, else they clash. As many entries in place of others are an edit of each, so that it is plain
// where something inserted beside or between them belongs; beside any other edit of the other side an
// insertion clashes. Swapping mine and theirs changes nothing in what is agreed.
func merge3(base, mine, theirs []string) []region {
	ids := intern{}
	b, m, t := ids.of(base), ids.of(mine), ids.of(theirs)
	x := &merge{base: base, mine: mine, theirs: theirs, left: entries(diff(b, m)), right: entries(diff(b, t))}
	for len(x.left)+len(x.right) > 0 {
		x.step()
	}
	x.agree(base[x.at:])
	return x.regions
}

// entries takes hunks that replace as many entries apart, one hunk an entry.
func entries(hunks []hunk) []hunk {
	var single []hunk
	for _, h := range hunks {
		if !h.sameLength() {
			single = append(single, h)
			continue
		}
		for i := range h.a1 - h.a0 {
			single = append(single, hunk{h.a0 + i, h.a0 + i + 1, h.b0 + i, h.b0 + i + 1})
		}
	}
	return single
}

// merge walks the hunks of both sides. shiftL and shiftR say how far each side's lines lie behind those of
// the base.
type merge struct {
	base, mine, theirs []string
	left, right        []hunk // not yet merged
	at                 int    // how much of the base is merged
	shiftL, shiftR     int
	regions            []region
}

// step takes the next hunk, with all that touch it directly or through one another.
func (x *merge) step() {
	var from, to int
	l, r := 0, 0 // how many hunks of each side belong to the cluster
	switch {
	case len(x.right) == 0 || len(x.left) > 0 && before(x.left[0], x.right[0]):
		l, from, to = 1, x.left[0].a0, x.left[0].a1
	default:
		r, from, to = 1, x.right[0].a0, x.right[0].a1
	}
	for {
		switch {
		case r < len(x.right) && slices.ContainsFunc(x.left[:l], x.right[r].touches):
			to = max(to, x.right[r].a1)
			r++
			continue
		case l < len(x.left) && slices.ContainsFunc(x.right[:r], x.left[l].touches):
			to = max(to, x.left[l].a1)
			l++
			continue
		}
		break
	}
	x.agree(x.base[x.at:from])
	left, shiftL := side(x.mine, x.left[:l], from, to, x.shiftL)
	right, shiftR := side(x.theirs, x.right[:r], from, to, x.shiftR)
	switch {
	case r == 0:
		x.agree(left)
	case l == 0:
		x.agree(right)
	default:
		x.settle(x.base[from:to], left, right)
	}
	x.left, x.right, x.at, x.shiftL, x.shiftR = x.left[l:], x.right[r:], to, shiftL, shiftR
}

func before(h, g hunk) bool { return h.a0 < g.a0 || h.a0 == g.a0 && h.a1 < g.a1 }

// touches reports whether it is not plain how h and an edit of the other side go together.
func (h hunk) touches(g hunk) bool {
	switch {
	case h.a0 < g.a1 && g.a0 < h.a1: // the same lines, or an insertion in the middle of them
		return true
	case h.inserts() && g.inserts():
		return h.a0 == g.a0
	case h.inserts():
		return (h.a0 == g.a0 || h.a0 == g.a1) && !g.sameLength()
	case g.inserts():
		return (g.a0 == h.a0 || g.a0 == h.a1) && !h.sameLength()
	}
	return false
}

// side returns what one side has in place of base[from:to], and its shift behind that.
func side(lines []string, hunks []hunk, from, to, shift int) ([]string, int) {
	start := from + shift
	for _, h := range hunks {
		shift += (h.b1 - h.b0) - (h.a1 - h.a0)
	}
	return lines[start : to+shift], shift
}

func (x *merge) agree(lines []string) {
	if len(lines) > 0 {
		x.regions = append(x.regions, region{mine: lines})
	}
}

// settle adds a cluster that both sides changed. What they begin and end with in common is agreed.
func (x *merge) settle(base, mine, theirs []string) {
	head := 0
	for head < len(mine) && head < len(theirs) && mine[head] == theirs[head] {
		head++
	}
	tail := 0
	for tail < len(mine)-head && tail < len(theirs)-head && mine[len(mine)-1-tail] == theirs[len(theirs)-1-tail] {
		tail++
	}
	x.agree(mine[:head])
	end := mine[len(mine)-tail:]
	mine, theirs = mine[head:len(mine)-tail], theirs[head:len(theirs)-tail]
	if len(mine)+len(theirs) > 0 {
		x.regions = append(x.regions, region{clash: true, base: base, mine: mine, theirs: theirs})
	}
	x.agree(end)
}

// intern numbers lines, so that comparing two is comparing numbers.
type intern map[string]int32

func (n intern) of(lines []string) []int32 {
	ids := make([]int32, len(lines))
	for i, line := range lines {
		id, ok := n[line]
		if !ok {
			id = int32(len(n))
			n[line] = id
		}
		ids[i] = id
	}
	return ids
}
