package job

import "strings"

// braces is the one reader of double braces in instructions. It calls action for each inline action
// (with the values of its arguments as they stand, first to last) and variable for each variable, in
// order of their position, and escaped for the backslash of each \{{ that keeps braces as text. Braces
// that are neither stay text: real authors type them, and a call must not fail for it. A nil function
// skips its kind.
func braces(s string, action func(ActionUse, []string), variable func(Variable), escaped func(Span)) {
	for i := 0; ; {
		at := strings.Index(s[i:], "{{")
		if at < 0 {
			return
		}
		at += i
		if at > 0 && s[at-1] == '\\' {
			if escaped != nil {
				escaped(Span{at - 1, at})
			}
			i = at + 2
			continue
		}
		r := reader{s: s, i: at + 2}
		use, v, ok := r.brace()
		if !ok {
			i = at + 1 // "{{{name}}" still holds a variable
			continue
		}
		span := Span{at, r.i}
		switch {
		case use != nil && action != nil:
			use.Span = span
			action(*use, r.values)
		case v != nil && variable != nil:
			v.Span = span
			variable(*v)
		}
		i = r.i
	}
}

// reader reads one pair of braces. Blanks are spaces, tabs and at most single line breaks, since
// editors wrap; quotes may be straight or typographic, since word processors change them.
type reader struct {
	s      string
	i      int
	values []string // of the action's arguments, in order
}

func (r *reader) brace() (*ActionUse, *Variable, bool) {
	r.blanks()
	name := r.word()
	if name == "action" && r.blanks() {
		return r.action()
	}
	if !identifier(name) {
		return nil, nil, false
	}
	v := &Variable{Name: name}
	r.blanks()
	if r.take("|") {
		r.blanks()
		if !r.take("default:") {
			return nil, nil, false
		}
		r.blanks()
		text, ok := r.quoted()
		if !ok {
			return nil, nil, false
		}
		v.Default, v.HasDefault = text, true
		r.blanks()
	}
	return nil, v, r.take("}}")
}

// maxArgs bounds the arguments of one action. Without a bound, a text in which every value begins
// another action would be read again from each of them, in quadratic time.
const maxArgs = 32

func (r *reader) action() (*ActionUse, *Variable, bool) {
	name := r.word()
	if !identifier(name) {
		if name == "" && r.take("}}") { // {{action }} is a variable called action
			return nil, &Variable{Name: "action"}, true
		}
		return nil, nil, false
	}
	use := &ActionUse{Name: ActionName(name)}
	for {
		spaced := r.blanks()
		if r.take("}}") {
			break
		}
		key := r.word()
		if !spaced || !identifier(key) || !r.take("=") {
			return nil, nil, false
		}
		text, ok := r.quoted()
		if _, twice := use.Args[key]; !ok || twice || len(r.values) == maxArgs {
			return nil, nil, false
		}
		r.values = append(r.values, text)
		if use.Args == nil {
			use.Args = map[string]string{}
		}
		use.Args[key] = text
	}
	if use.Name == TransferCall {
		use.Target, _ = ParseTarget(use.Args["to"]) // Problem says what is wrong with it
	}
	return use, nil, true
}

func (r *reader) take(s string) bool {
	if strings.HasPrefix(r.s[r.i:], s) {
		r.i += len(s)
		return true
	}
	return false
}

func (r *reader) blanks() bool {
	start, lines := r.i, 0
	for r.i < len(r.s) && strings.IndexByte(" \t\r\n", r.s[r.i]) >= 0 {
		if r.s[r.i] == '\n' {
			if lines++; lines > 1 {
				break
			}
		}
		r.i++
	}
	return r.i > start
}

func (r *reader) word() string {
	start := r.i
	for r.i < len(r.s) {
		c := r.s[r.i]
		if c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') {
			break
		}
		r.i++
	}
	return r.s[start:r.i]
}

// quoted reads a text in quotes, with \" \\ and \n inside it; a backslash before anything else stands
// for itself. A typographic quotation ends with any closing quote and cannot hold another low opening
// one: so each text is read once, not once per opening before it.
func (r *reader) quoted() (string, bool) {
	straight := r.take(`"`)
	if !straight && !r.take("“") && !r.take("”") && !r.take("„") {
		return "", false
	}
	from, unescaped := r.i, []byte(nil)
	for ; r.i < len(r.s); r.i++ {
		at := r.i
		switch c := r.s[at]; {
		case c == '\\' && at+1 < len(r.s) && escape(r.s[at+1]) != 0:
			unescaped = append(append(unescaped, r.s[from:at]...), escape(r.s[at+1]))
			r.i++
			from = r.i + 1
		case c == '"', c == 0xe2 && !straight && (r.take("“") || r.take("”")):
			r.i = max(r.i, at+1)
			if unescaped == nil {
				return r.s[from:at], true
			}
			return string(append(unescaped, r.s[from:at]...)), true
		case c == 0xe2 && !straight && r.take("„"):
			return "", false
		}
	}
	return "", false
}

// escape returns what a backslash before c stands for, 0 when it stands for itself.
func escape(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case 'n':
		return '\n'
	}
	return 0
}
