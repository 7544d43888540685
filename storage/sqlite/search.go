package sqlite

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/storage"
)

// A search asks the index of three characters first. Few documents are compared, sorted and cut; where there
// are many of them, reading the names in order finds a page soon.
const (
	gramLength = 3
	rareGrams  = 2_000  // documents: more are not compared one by one
	fewGrams   = 100    // documents: so many always are
	rareShort  = 20_000 // entries for one or two characters; a document may have several
	soonNames  = 1_000  // names that are read in order before the index is asked for one or two characters
	compared   = 16     // names are read in order while one document is found by its number and compared
)

const (
	sqlGram      = `SELECT rowid FROM gram WHERE gram MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?`
	sqlGramShort = `SELECT doc FROM gram_use WHERE term >= ? AND term < ? LIMIT ?`
	sqlByNumber  = `SELECT sort, id FROM doc INDEXED BY doc_n WHERE n = ? AND deleted = 0`
	sqlHasTerm   = `SELECT EXISTS (SELECT 1 FROM term WHERE shelf = ? AND term = ? AND sort = ? AND id = ?)`
)

// search returns the keys of a walk whose Contains is set and that has terms. It gives up, and reports that
// what is looked for is not rare, when reading the names in order is as good.
func (c *conn) search(w *walk, terms []string) (keys []storage.Key, rare bool, err error) {
	var numbers []int64
	if utf8.RuneCountInString(w.contains) < gramLength {
		numbers, rare, err = c.findShort(w, terms)
	} else {
		numbers, rare, err = c.findGrams(w)
	}
	if err != nil || !rare {
		return nil, false, err
	}
	for _, n := range numbers {
		k, there, err := c.byNumber(n)
		if err != nil {
			return nil, false, err
		}
		if !there || !w.holds(k) || !strings.Contains(k.Sort, w.contains) {
			continue
		}
		has, err := c.hasTerms(w.shelf, k, terms)
		if err != nil {
			return nil, false, err
		}
		if has {
			keys = append(keys, k)
		}
	}
	return w.inOrder(keys), true, nil
}

// findGrams returns the numbers of the documents that have all sequences of three characters, if there are so few
// that to compare each of them is faster than to read names in order until they fill a page. Evenly spread, names
// fill it after limit * documents / found.
func (c *conn) findGrams(w *walk) ([]int64, bool, error) {
	last, err := c.lastNumber(w.shelf)
	if err != nil {
		return nil, false, err
	}
	documents := float64(last - w.shelf.n<<shelfBits) // at most: deleted ones are counted
	few := min(int(math.Sqrt(documents*float64(w.limit)/compared))+fewGrams, rareGrams)
	st := c.run(sqlGram)
	st.text(match(w.contains))
	st.int(w.shelf.n << shelfBits)
	st.int((w.shelf.n + 1) << shelfBits)
	st.int(int64(few) + 1)
	var numbers []int64
	for st.next() {
		numbers = append(numbers, st.ColumnInt64(0))
	}
	return numbers, len(numbers) <= few, st.done()
}

// match returns the query of FTS5 for what has all sequences of three characters of a text, in any place. A long
// text gives the first ones: what they find is compared anyway.
func match(text string) string {
	const most = 32
	var (
		runes = []rune(text)
		grams []string
		b     strings.Builder
	)
	for i := 0; i+gramLength <= len(runes) && len(grams) < most; i++ {
		if g := string(runes[i : i+gramLength]); !slices.Contains(grams, g) {
			grams = append(grams, g)
		}
	}
	for i, g := range grams {
		if i > 0 {
			b.WriteString(` AND `)
		}
		b.WriteString(`"` + strings.ReplaceAll(g, `"`, `""`) + `"`)
	}
	return b.String()
}

// findShort returns the numbers of the documents that have a sequence of three characters that begins with one
// or two. It is not asked where the first names in order fill the page.
func (c *conn) findShort(w *walk, terms []string) ([]int64, bool, error) {
	if soon, err := c.soon(w, terms); err != nil || soon {
		return nil, false, err
	}
	st := c.run(sqlGramShort)
	st.text(w.contains)
	st.text(w.contains + "\U0010ffff\U0010ffff\U0010ffff")
	st.int(rareShort + 1)
	var numbers []int64
	entries := 0
	for ; st.next(); entries++ {
		if n := st.ColumnInt64(0); shelfOf(n) == w.shelf.n {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), entries <= rareShort, st.done()
}

// soon reports whether a walk fills its page within the first names.
func (c *conn) soon(w *walk, terms []string) (bool, error) {
	first := *w
	first.contains, first.limit = "", soonNames
	if len(terms) > 0 {
		first.term = &terms[0]
	}
	st := first.begin(c, false)
	read, found := 0, 0
	for ; found < w.limit && st.next(); read++ {
		if strings.Contains(string(st.ColumnRawText(0)), w.contains) {
			found++
		}
	}
	return found == w.limit || read < soonNames, st.done()
}

func (c *conn) byNumber(n int64) (storage.Key, bool, error) {
	st := c.run(sqlByNumber)
	st.int(n)
	var k storage.Key
	there := st.next()
	if there {
		k = storage.Key{Sort: st.ColumnText(0), ID: st.ColumnText(1)}
	}
	return k, there, st.done()
}

func (c *conn) hasTerms(sh shelf, k storage.Key, terms []string) (bool, error) {
	for _, t := range terms {
		st := c.run(sqlHasTerm)
		st.int(sh.n)
		st.text(t)
		st.text(k.Sort)
		st.text(k.ID)
		if has, err := st.number(); err != nil || has == 0 {
			return false, err
		}
	}
	return true, nil
}
