package openai

// walk reads one chunk of the usual kinds without building anything: a piece of text, an end, a count of
// tokens. It gives up, and leaves the chunk to encoding/json, wherever a chunk says more (calls, an error,
// several choices), and wherever encoding/json would see a field that this does not see (fields that come
// twice, or in capitals).
type walk struct {
	text    span // the inside of the content; from is 0 without one
	finish  span // the inside of finish_reason
	padding span // the inside of obfuscation
	counted bool // there is a count
	tally   tally
	seen    uint16
}

type span struct{ from, to int }

const (
	sawChoices = 1 << iota
	sawIndex
	sawDelta
	sawContent
	sawPadding
	sawFinish
	sawUsage
	sawIn
	sawOut
	sawHit
	sawCached
	sawRead
	sawDetails
	sawDetailed
)

const deepest = 32 // levels of what is skipped

// chunk reads a whole chunk and reports whether it was of the usual kind.
func (w *walk) chunk(b []byte) bool {
	i := w.object(b, skipSpace(b, 0), (*walk).top)
	return i > 0 && skipSpace(b, i) == len(b) && w.seen&sawChoices != 0 &&
		(w.padding.from == 0 || w.padding.from > w.text.to)
}

// once reports whether a field comes for the first time.
func (w *walk) once(field uint16) bool {
	first := w.seen&field == 0
	w.seen |= field
	return first
}

// The functions below return where they are behind what they read, or 0 when they give up.

// top reads a field of a chunk.
func (w *walk) top(key, b []byte, i int) int {
	switch string(key) {
	case "choices":
		if !w.once(sawChoices) || b[i] != '[' {
			return 0
		}
		i = skipSpace(b, i+1)
		if i < len(b) && b[i] == ']' {
			return i + 1
		}
		if i = w.object(b, i, (*walk).choice); i == 0 {
			return 0
		}
		if i = skipSpace(b, i); i >= len(b) || b[i] != ']' {
			return 0
		}
		return i + 1
	case "usage":
		if !w.once(sawUsage) {
			return 0
		}
		if b[i] == '{' {
			w.counted = true
			return w.object(b, i, (*walk).usage)
		}
		return null(b, i)
	case "error", "x_groq", "message", "detail":
		return null(b, i)
	case "object", "type":
		end := skip(b, i, deepest)
		if end > 0 && string(b[i:end]) == `"error"` {
			return 0
		}
		return end
	case "obfuscation":
		end := skip(b, i, deepest)
		if end == 0 || !w.once(sawPadding) {
			return 0
		}
		if b[i] == '"' {
			w.padding = span{i + 1, end - 1}
		}
		return end
	}
	return skip(b, i, deepest)
}

// choice reads a field of the one choice.
func (w *walk) choice(key, b []byte, i int) int {
	switch string(key) {
	case "index":
		if !w.once(sawIndex) || b[i] != '0' {
			return 0
		}
		return i + 1
	case "delta":
		if !w.once(sawDelta) {
			return 0
		}
		return w.object(b, i, (*walk).delta)
	case "finish_reason":
		if !w.once(sawFinish) {
			return 0
		}
		if b[i] != '"' {
			return null(b, i)
		}
		end := i + 1
		for end < len(b) && plain[b[end]] {
			end++
		}
		if end >= len(b) || b[end] != '"' {
			return 0
		}
		w.finish = span{i + 1, end}
		return end + 1
	case "error", "message":
		return null(b, i)
	}
	return skip(b, i, deepest)
}

// delta reads a field of what is new.
func (w *walk) delta(key, b []byte, i int) int {
	switch string(key) {
	case "content":
		if !w.once(sawContent) {
			return 0
		}
		if b[i] != '"' {
			return null(b, i)
		}
		end := skipString(b, i)
		if end > 0 {
			w.text = span{i + 1, end - 1}
		}
		return end
	case "tool_calls", "function_call", "refusal":
		return nothing(b, i)
	}
	return skip(b, i, deepest)
}

// usage reads a field of the count.
func (w *walk) usage(key, b []byte, i int) int {
	switch string(key) {
	case "prompt_tokens":
		return w.number(b, i, sawIn, &w.tally.in)
	case "completion_tokens":
		return w.number(b, i, sawOut, &w.tally.out)
	case "prompt_cache_hit_tokens":
		return w.number(b, i, sawHit, &w.tally.hit)
	case "cached_tokens":
		return w.number(b, i, sawCached, &w.tally.cached)
	case "cache_read_input_tokens":
		return w.number(b, i, sawRead, &w.tally.read)
	case "prompt_tokens_details":
		if !w.once(sawDetails) {
			return 0
		}
		if b[i] != '{' {
			return null(b, i)
		}
		return w.object(b, i, (*walk).details)
	}
	return skip(b, i, deepest)
}

func (w *walk) details(key, b []byte, i int) int {
	if string(key) == "cached_tokens" {
		return w.number(b, i, sawDetailed, &w.tally.details)
	}
	return skip(b, i, deepest)
}

// number reads a count, or none.
func (w *walk) number(b []byte, i int, field uint16, n *int) int {
	if !w.once(field) {
		return 0
	}
	end := digits(b, i)
	switch {
	case end == i:
		return null(b, i)
	case end-i > 12, b[i] == '0' && end > i+1:
		return 0
	}
	for _, c := range b[i:end] {
		*n = *n*10 + int(c-'0')
	}
	return end
}

// object reads an object field by field.
func (w *walk) object(b []byte, i int, field func(w *walk, key, b []byte, i int) int) int {
	if i >= len(b) || b[i] != '{' {
		return 0
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for i < len(b) && b[i] == '"' {
		from := i + 1
		i = from
		for i < len(b) && keyByte[b[i]] {
			i++
		}
		if i >= len(b) || b[i] != '"' {
			return 0
		}
		key := b[from:i]
		if i = skipSpace(b, i+1); i >= len(b) || b[i] != ':' {
			return 0
		}
		if i = skipSpace(b, i+1); i >= len(b) {
			return 0
		}
		if i = field(w, key, b, i); i == 0 {
			return 0
		}
		if i = skipSpace(b, i); i >= len(b) {
			return 0
		}
		switch b[i] {
		case '}':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return 0
		}
	}
	return 0
}

// keyByte are the bytes of the names that servers use. Capitals are none of them: encoding/json takes Choices
// for choices.
var keyByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
	}
	return t
}()

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

func null(b []byte, i int) int { return literal(b, i, "null") }

// nothing reads one of the ways in which servers say that a field is empty.
func nothing(b []byte, i int) int {
	for _, s := range []string{`null`, `""`, `[]`} {
		if end := literal(b, i, s); end > 0 {
			return end
		}
	}
	return 0
}

func literal(b []byte, i int, s string) int {
	if len(b)-i < len(s) || string(b[i:i+len(s)]) != s {
		return 0
	}
	return i + len(s)
}

// skip reads a value of any kind.
func skip(b []byte, i, depth int) int {
	if i >= len(b) || depth == 0 {
		return 0
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{':
		return skipAll(b, i, depth, '}')
	case '[':
		return skipAll(b, i, depth, ']')
	case 't':
		return literal(b, i, "true")
	case 'f':
		return literal(b, i, "false")
	case 'n':
		return null(b, i)
	}
	return skipNumber(b, i)
}

// skipAll reads an array, or an object.
func skipAll(b []byte, i, depth int, closing byte) int {
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == closing {
		return i + 1
	}
	for i < len(b) {
		if closing == '}' {
			if b[i] != '"' {
				return 0
			}
			if i = skipString(b, i); i == 0 {
				return 0
			}
			if i = skipSpace(b, i); i >= len(b) || b[i] != ':' {
				return 0
			}
			i = skipSpace(b, i+1)
		}
		if i = skip(b, i, depth-1); i == 0 {
			return 0
		}
		if i = skipSpace(b, i); i >= len(b) {
			return 0
		}
		switch b[i] {
		case closing:
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return 0
		}
	}
	return 0
}

func skipString(b []byte, i int) int {
	for i++; i < len(b); {
		c := b[i]
		switch {
		case plain[c] || c >= 0x80:
			i++
		case c == '"':
			return i + 1
		case c == '\\':
			n := escapeAt(b, i)
			if n == 0 {
				return 0
			}
			i += n
		default:
			return 0
		}
	}
	return 0
}

func skipNumber(b []byte, i int) int {
	if i < len(b) && b[i] == '-' {
		i++
	}
	from := i
	if i = digits(b, i); i == from || b[from] == '0' && i > from+1 {
		return 0
	}
	if i < len(b) && b[i] == '.' {
		from = i + 1
		if i = digits(b, from); i == from {
			return 0
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		from = i
		if i = digits(b, i); i == from {
			return 0
		}
	}
	return i
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}
