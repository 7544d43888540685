package mockcall

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// MutantKind says what was changed in a mutant.
type MutantKind string

// The kinds of mutants.
const (
	DropStep     MutantKind = "drop_step"     // one step is left out
	SwapSteps    MutantKind = "swap_steps"    // two steps that follow each other have changed places
	NegateBranch MutantKind = "negate_branch" // a condition says its opposite
	DropRule     MutantKind = "drop_rule"     // one rule for callers who leave the script is left out
	ChangeNumber MutantKind = "change_number" // a number is another one
	DropAction   MutantKind = "drop_action"   // one inline action is left out
	DropResult   MutantKind = "drop_result"   // one result is not collected
)

// Mutant is a job with one mistake put in on purpose: a suite that passes on it would not notice the mistake.
type Mutant struct {
	Kind MutantKind `json:"kind"`
	What string     `json:"what"` // one line for people
	Diff string     `json:"diff"` // the lines that differ, - as they were, + as they are
	Job  job.Job    `json:"-"`    // a candidate for the job it was made of
}

// Mutants makes every mutant of a job, in the order of the text; the same job has the same mutants. A change that gives
// no valid job, or the text that was there, is left out.
func Mutants(j job.Job) []Mutant {
	m := mutator{job: j, spec: j.Spec(), outline: j.Outline()}
	m.steps()
	m.conditions()
	m.rules()
	m.numbers()
	m.actions()
	for i, f := range m.spec.Results {
		s := m.spec
		s.Results = slices.Delete(slices.Clone(m.spec.Results), i, i+1)
		m.add(DropResult, "result "+strconv.Quote(f.Name), s)
	}
	return m.all
}

type mutator struct {
	job     job.Job
	spec    job.Spec
	outline job.Outline
	all     []Mutant
}

func (m *mutator) add(kind MutantKind, what string, s job.Spec) {
	candidate, err := m.job.With(s)
	if err != nil || candidate.Hash() == m.job.Hash() {
		return
	}
	diff := lineDiff(m.spec.Instructions, s.Instructions)
	if kind == DropResult {
		diff = "- " + what + "\n"
	}
	m.all = append(m.all, Mutant{Kind: kind, What: what, Diff: diff, Job: candidate})
}

// cut adds a mutant that has text in place of a part of the instructions.
func (m *mutator) cut(kind MutantKind, what string, at job.Span, text string) {
	s := m.spec
	s.Instructions = s.Instructions[:at.Start] + text + s.Instructions[at.End:]
	m.add(kind, what, s)
}

// stepLines returns the lines that each step takes, with what stands below it.
func (m *mutator) stepLines() []job.Span {
	steps := m.outline.Steps()
	lines := make([]job.Span, len(steps))
	for i, it := range steps {
		lines[i].Start = lineStart(m.spec.Instructions, it.Span.Start)
		end := it.Span.End
		for _, other := range m.outline.Items {
			inside := other.Span.Start > it.Span.Start && (i+1 == len(steps) || other.Span.Start < steps[i+1].Span.Start)
			if !inside {
				continue
			}
			if other.Depth <= it.Depth || other.Kind == job.ItemHeading {
				break
			}
			end = max(end, other.Span.End)
		}
		lines[i].End = lineEnd(m.spec.Instructions, end)
	}
	return lines
}

func (m *mutator) steps() {
	steps, lines := m.outline.Steps(), m.stepLines()
	text := m.spec.Instructions
	for i, at := range lines {
		m.cut(DropStep, "step "+stepName(steps[i], i), at, "")
	}
	for i := 0; i+1 < len(steps); i++ {
		a, b := lines[i], lines[i+1]
		if a.End > b.Start || steps[i].Span.Start < a.Start || steps[i+1].Span.Start < b.Start {
			continue
		}
		// The numbers stay where they are: what stands behind them changes places.
		headA, headB := text[a.Start:steps[i].Span.Start], text[b.Start:steps[i+1].Span.Start]
		bodyA, bodyB := text[steps[i].Span.Start:a.End], text[steps[i+1].Span.Start:b.End]
		if !strings.HasSuffix(bodyB, "\n") {
			bodyB += "\n"
			bodyA = strings.TrimSuffix(bodyA, "\n")
		}
		m.cut(SwapSteps, "steps "+stepName(steps[i], i)+" and "+stepName(steps[i+1], i+1), job.Span{Start: a.Start, End: b.End},
			headA+bodyB+text[a.End:b.Start]+headB+bodyA)
	}
}

func stepName(it job.Item, i int) string {
	if it.Number != "" {
		return it.Number
	}
	return strconv.Itoa(i + 1)
}

var conditionHead = regexp.MustCompile(`^(?i)(if|when|once|unless|in case)\b[^,.]{3,},`)

// turned is tried in order on the words of a condition; the first that fits is turned.
var turned = []struct{ from, to string }{
	{" does not ", " does "}, {" do not ", " do "}, {" did not ", " did "}, {" is not ", " is "}, {" will not ", " will "}, {" has not ", " has "},
	{" says no,", " says yes,"}, {" cannot ", " can "}, {" fails", " succeeds"}, {" failed", " succeeded"}, {" fail", " succeed"},
	{" neither ", " both "}, {" no ", " a "}, {" nobody ", " somebody "}, {" declines", " agrees"},
}

// conditions turns the condition of every branch outside of the off-script rules.
func (m *mutator) conditions() {
	for _, it := range m.outline.Items {
		text := it.Span.In(m.spec.Instructions)
		head := conditionHead.FindString(text)
		if head == "" || it.Kind == job.ItemOffScript {
			continue
		}
		m.cut(NegateBranch, strconv.Quote(strings.TrimSuffix(head, ",")), job.Span{Start: it.Span.Start, End: it.Span.Start + len(head)}, negated(head))
	}
}

func negated(head string) string {
	for _, o := range turned {
		if strings.Contains(head, o.from) {
			return strings.Replace(head, o.from, o.to, 1)
		}
	}
	word, rest, _ := strings.Cut(head, " ")
	return word + " it is not so that " + rest
}

// rules leaves out each rule for callers who leave the script.
func (m *mutator) rules() {
	text := m.spec.Instructions
	for _, span := range m.ruleSpans() {
		line := job.Span{Start: lineStart(text, span.Start), End: lineEnd(text, span.End)}
		rest := strings.Trim(text[line.Start:span.Start]+text[span.End:line.End], " \t\n-*•0123456789.)")
		if rest != "" {
			line = span
		}
		m.cut(DropRule, strconv.Quote(firstWords(span.In(text), 10)), line, "")
	}
}

// ruleSpans joins the off-script sentences of one list item: "If they decline, ask again. If they still do, go on." is
// one rule.
func (m *mutator) ruleSpans() []job.Span {
	var rules []job.Span
	for _, span := range m.outline.OffScript {
		if n := len(rules); n > 0 && !strings.Contains(m.spec.Instructions[rules[n-1].End:span.Start], "\n") {
			rules[n-1].End = span.End
			continue
		}
		rules = append(rules, span)
	}
	for i, rule := range rules { // with the sentences of its line that do not look like one
		for _, it := range m.outline.Items {
			if it.Span.Start <= rule.Start && rule.End <= it.Span.End {
				rules[i] = it.Span
			}
		}
	}
	return slices.Compact(rules)
}

var (
	number     = regexp.MustCompile(`\d+`)
	numberWord = regexp.MustCompile(`(?i)\b(one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|sixty)\b`)
	stepRef    = regexp.MustCompile(`(?i)\bstep \d+`)
)

var nextWord = map[string]string{
	"one": "two", "two": "three", "three": "four", "four": "five", "five": "six", "six": "seven", "seven": "eight", "eight": "nine",
	"nine": "ten", "ten": "eleven", "fifteen": "sixteen", "twenty": "thirty", "thirty": "forty", "forty": "fifty", "sixty": "seventy",
}

// numbers changes the last number of each fact, and each step that a sentence names.
func (m *mutator) numbers() {
	text := m.spec.Instructions
	spans := []job.Span{}
	for _, f := range m.outline.Facts {
		spans = append(spans, f.Span)
	}
	for _, at := range stepRef.FindAllStringIndex(text, -1) {
		if ref := (job.Span{Start: at[0], End: at[1]}); !slices.ContainsFunc(spans, func(s job.Span) bool { return s.Start < ref.End && ref.Start < s.End }) {
			spans = append(spans, ref)
		}
	}
	slices.SortFunc(spans, func(a, b job.Span) int { return a.Start - b.Start })
	for _, span := range spans {
		fact := span.In(text)
		if all := number.FindAllStringIndex(fact, -1); len(all) > 0 {
			at := all[len(all)-1]
			m.cut(ChangeNumber, strconv.Quote(fact), span, fact[:at[0]]+otherNumber(fact[at[0]:at[1]])+fact[at[1]:])
			continue
		}
		if at := numberWord.FindStringIndex(fact); at != nil {
			m.cut(ChangeNumber, strconv.Quote(fact), span, fact[:at[0]]+nextWord[strings.ToLower(fact[at[0]:at[1]])]+fact[at[1]:])
		}
	}
}

// otherNumber changes the last digit, so that the number keeps its shape.
func otherNumber(s string) string {
	last := s[len(s)-1]
	if last == '9' {
		return s[:len(s)-1] + "8"
	}
	return s[:len(s)-1] + string(last+1)
}

func (m *mutator) actions() {
	for _, u := range m.outline.Actions {
		m.cut(DropAction, string(u.Name), u.Span, "")
	}
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

func firstWords(s string, n int) string {
	words := strings.Fields(s)
	if len(words) <= n {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:n], " ") + " …"
}

// lineDiff returns the lines in which two texts differ, from the first to the last of them.
func lineDiff(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var out strings.Builder
	for _, line := range a {
		fmt.Fprintf(&out, "- %s\n", line)
	}
	for _, line := range b {
		fmt.Fprintf(&out, "+ %s\n", line)
	}
	return out.String()
}
