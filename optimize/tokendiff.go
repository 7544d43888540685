package optimize

// tokenDiff says which tokens of a and b correspond: keptA[i] is the place in b, -1 for none; rising. common is how
// many do. Beyond a million comparisons only what is equal from both ends corresponds.
func tokenDiff(a, b []token) (keptA []int, common int) {
	keptA = fill(len(a))
	from := 0
	for from < len(a) && from < len(b) && a[from].id == b[from].id {
		keptA[from] = from
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && a[endA-1].id == b[endB-1].id {
		endA, endB = endA-1, endB-1
		keptA[endA] = endB
	}
	common = from + len(a) - endA
	n, m := endA-from, endB-from
	if n == 0 || m == 0 || n*m > 1<<20 {
		return keptA, common
	}
	// longest common subsequence, from the end
	table := make([]int32, (n+1)*(m+1))
	at := func(i, j int) *int32 { return &table[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[from+i].id == b[from+j].id {
				*at(i, j) = *at(i+1, j+1) + 1
			} else {
				*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case a[from+i].id == b[from+j].id:
			keptA[from+i] = from + j
			common++
			i, j = i+1, j+1
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
	return keptA, common
}

// hunk is a stretch of tokens a[a0:a1] in whose place b[b0:b1] stand.
type hunk struct{ a0, a1, b0, b1 int }

func hunks(keptA []int, lenB int) []hunk {
	var hs []hunk
	i, j := 0, 0
	for i < len(keptA) || j < lenB {
		if i < len(keptA) && keptA[i] == j {
			i, j = i+1, j+1
			continue
		}
		h := hunk{a0: i, b0: j}
		for i < len(keptA) && keptA[i] < 0 {
			i++
		}
		if j = lenB; i < len(keptA) {
			j = keptA[i]
		}
		h.a1, h.b1 = i, j
		hs = append(hs, h)
	}
	return hs
}
