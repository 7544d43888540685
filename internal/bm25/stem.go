package bm25

import "strings"

// stem takes the endings off that speakers vary most: plurals, -ing, -ed and a final e, so that close,
// closes, closed and closing meet. It knows no exceptions: a wrong stem is the same wrong stem in the
// text and in the query. Measured with TestFloors: it lifts what names alone find from .46 to .48 (CLINC150)
// and from .36 to .43 (BANKING77), and costs long texts .002 at most.
func stem(w string) string {
	w = singular(w)
	w = verb(w)
	if len(w) > 4 && w[len(w)-1] == 'e' {
		w = w[:len(w)-1]
	}
	return w
}

func singular(w string) string {
	switch {
	case len(w) < 4 || w[len(w)-1] != 's' || hasSuffix(w, "ss", "us", "is"):
		return w
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case hasSuffix(w, "sses", "shes", "ches", "xes", "zes"):
		return w[:len(w)-2]
	}
	return w[:len(w)-1]
}

func verb(w string) string {
	for _, end := range []string{"ing", "ed"} {
		root, found := strings.CutSuffix(w, end)
		if !found || len(root) < 3 || !strings.ContainsAny(root, "aeiouy") {
			continue
		}
		if n := len(root); n > 3 && root[n-1] == root[n-2] && !strings.ContainsRune("lsz", rune(root[n-1])) {
			root = root[:n-1] // planning, plan; but calling, call
		}
		return root
	}
	return w
}

func hasSuffix(w string, ends ...string) bool {
	for _, end := range ends {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}
