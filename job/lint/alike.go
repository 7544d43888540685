package lint

import "slices"

// groups joins what belongs together in pairs: 1–2 and 2–5 are one group of three.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) root(i int) int {
	for g[i] != i {
		i = g[i]
	}
	return i
}

func (g groups) join(i, k int) { g[max(g.root(i), g.root(k))] = min(g.root(i), g.root(k)) }

// all returns the groups of two and more, rising.
func (g groups) all() (of [][]int) {
	at := map[int]int{}
	for i := range g {
		r := g.root(i)
		if r == i {
			continue
		}
		k, ok := at[r]
		if !ok {
			k = len(of)
			at[r] = k
			of = append(of, []int{r})
		}
		of[k] = append(of[k], i)
	}
	return of
}

// shingles returns every three words in a row of a job, as rising numbers, each once; of a long text every fourth, by what
// they say.
func (s *set) shingles(i int) (all []uint64, sampled bool) {
	t := s.texts[i]
	sampled = len(t.words) > longText
	all = make([]uint64, 0, len(t.words))
	var a, b uint64
	for k := range t.words {
		h, _ := t.weight(k)
		c := mixed(h)
		if n := (a*31+b)*31 + c; k >= 2 && (!sampled || inSample(n)) {
			all = append(all, n)
		}
		a, b = b, c
	}
	slices.Sort(all)
	return slices.Compact(all), sampled
}

// longText is how many words a text may have of which all shingles are compared.
const longText = 600

func inSample(n uint64) bool { return n>>8&3 == 0 }

// shares counts the numbers that two rising lists share.
func shares(a, b []uint64) (n int) {
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] < b[k]:
			i++
		case a[i] > b[k]:
			k++
		default:
			n, i, k = n+1, i+1, k+1
		}
	}
	return n
}

// sample returns those of a list that a long text is compared by.
func sample(all []uint64) []uint64 {
	return slices.DeleteFunc(slices.Clone(all), func(n uint64) bool { return !inSample(n) })
}

// twins returns the groups of jobs that are nearly the same text.
func (s *set) twins() [][]int {
	if s.alike != nil {
		return *s.alike
	}
	lists, sampled := make([][]uint64, len(s.texts)), make([]bool, len(s.texts))
	for i := range s.texts {
		lists[i], sampled[i] = s.shingles(i)
	}
	g := newGroups(len(lists))
	for i := range lists {
		for k := range i {
			a, b := lists[i], lists[k]
			if sampled[i] != sampled[k] {
				a, b = sample(a), sample(b)
			}
			small, large := min(len(a), len(b)), max(len(a), len(b))
			if small < fewestShingles || small*100 < large*nearlyTheSame {
				continue
			}
			if n := shares(a, b); n*100 >= (small+large-n)*nearlyTheSame {
				g.join(i, k)
			}
		}
	}
	all := g.all()
	s.alike = &all
	return all
}

const (
	nearlyTheSame  = 75 // of a hundred shingles of two jobs that both have
	fewestShingles = 15 // less is no text of which anything could be said
)
