package mockcall

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

var (
	emailWords  = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+`)
	spokenEmail = regexp.MustCompile(`(?i)\b[a-z0-9._-]+ at [a-z0-9-]+(?: dot [a-z]{2,})+\b`)
	phoneDigits = regexp.MustCompile(`\+?\(?\d(?:[ ().\-]{0,2}\d){6,14}`)
	digitWord   = `(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)`
	spokenPhone = regexp.MustCompile(`(?i)\b` + digitWord + `(?:[ ,\-]+` + digitWord + `){6,}\b`)
	nameLead    = regexp.MustCompile(`(?:[Mm]y name is|[Tt]his is|[Ii]t's|[Ii]t is|[Ii] am|I'm|[Nn]ame's) ((?:\p{Lu}[\p{L}'’-]+)(?: \p{Lu}[\p{L}'’-]+){0,2})`)
	spelledOut  = regexp.MustCompile(`\b\p{Lu}(?:[ .\-]+\p{Lu}\b){2,}`)
)

// standIns are the names that take the place of a caller's, in order.
var standIns = []string{"Alex Morgan", "Robin Carter", "Sam Parker", "Jamie Bennett", "Chris Hayes", "Taylor Reed", "Jordan Blake", "Casey Quinn"}

// Redact returns a recorded call whose phone numbers, e-mail addresses and names are replaced, each by the same
// stand-in wherever it occurs, so that a regression test made of it still makes sense. Names are those that the network
// and the results tell (fields with "name" in theirs), those behind "my name is" and its like, and words that are
// spelled. It is a help, not a promise: an address, a date of birth, a name in passing stay. Read the file before it
// leaves the house.
func Redact(r call.Record) call.Record {
	raw, err := json.Marshal(r)
	if err != nil {
		return call.Record{}
	}
	var out call.Record
	if json.Unmarshal(raw, &out) != nil { // a deep copy
		return call.Record{}
	}
	d := newRedactor(r)
	out.ID = call.ID(d.text(string(out.ID)))
	out.Caller = call.Caller{Number: call.Address(d.text(string(out.Caller.Number))), Name: d.text(out.Caller.Name)}
	for i, t := range out.Turns {
		heard := d.text(t.Heard())
		out.Turns[i].Text = d.text(t.Text)
		if t.Interrupted {
			out.Turns[i].Spoken = min(len([]rune(heard)), len([]rune(out.Turns[i].Text)))
		}
	}
	for i, e := range out.Effects {
		out.Effects[i].Args, out.Effects[i].Result, out.Effects[i].Err = d.json(e.Args), d.json(e.Result), d.text(e.Err)
	}
	for i, n := range out.Notes {
		out.Notes[i].Text = d.text(n.Text)
	}
	for i := range out.Summary.Summary {
		out.Summary.Summary[i] = d.text(out.Summary.Summary[i])
	}
	for i := range out.Summary.NextSteps {
		out.Summary.NextSteps[i] = d.text(out.Summary.NextSteps[i])
	}
	for _, j := range out.Summary.Jobs {
		for i, v := range j.Result.Data {
			if s, ok := v.Value.(string); ok {
				j.Result.Data[i].Value = d.text(s)
			}
		}
	}
	out.Outcome.Reason = d.text(out.Outcome.Reason)
	return out
}

type redactor struct {
	names  []string // longest first
	find   *regexp.Regexp
	of     map[string]string
	phones map[string]string
	mails  map[string]string
}

// newRedactor finds the names of a call.
func newRedactor(r call.Record) *redactor {
	d := &redactor{of: map[string]string{}, phones: map[string]string{}, mails: map[string]string{}}
	d.name(r.Caller.Name)
	for _, j := range r.Summary.Jobs {
		for _, v := range j.Result.Data {
			if s, ok := v.Value.(string); ok && strings.Contains(strings.ToLower(v.Name), "name") {
				d.name(s)
			}
		}
	}
	for _, t := range r.Turns {
		if t.By != call.ByCaller {
			continue
		}
		for _, m := range nameLead.FindAllStringSubmatch(t.Text, -1) {
			d.name(m[1])
		}
	}
	slices.SortFunc(d.names, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	if len(d.names) > 0 {
		quoted := make([]string, len(d.names))
		for i, name := range d.names {
			quoted[i] = regexp.QuoteMeta(name)
		}
		d.find, _ = regexp.Compile("(?i)(?:" + strings.Join(quoted, "|") + ")") // quoted, so it compiles
	}
	return d
}

// name gives a name, and each of its words, a stand-in.
func (d *redactor) name(s string) {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,.!?\t\n", r) })
	if len(words) == 0 || len(words) > 4 {
		return
	}
	whole := strings.Join(words, " ")
	if _, known := d.of[strings.ToLower(whole)]; known {
		return
	}
	n := 0
	for _, known := range d.of {
		if strings.Contains(known, " ") {
			n++
		}
	}
	stand := standIns[n%len(standIns)]
	if n >= len(standIns) {
		stand = fmt.Sprintf("%s %d", stand, n/len(standIns)+1)
	}
	first, last, _ := strings.Cut(stand, " ")
	d.put(whole, stand)
	for i, w := range words {
		if len(words) == 1 || len([]rune(w)) < 2 {
			continue
		}
		if i == 0 {
			d.put(w, first)
		} else {
			d.put(w, last)
		}
	}
}

func (d *redactor) put(from, to string) {
	key := strings.ToLower(from)
	if _, known := d.of[key]; !known {
		d.of[key] = to
		d.names = append(d.names, from)
	}
}

// text replaces what identifies a person.
func (d *redactor) text(s string) string {
	s = emailWords.ReplaceAllStringFunc(s, d.mail)
	s = spokenEmail.ReplaceAllStringFunc(s, d.mail)
	s = phoneDigits.ReplaceAllStringFunc(s, d.phone)
	s = spokenPhone.ReplaceAllStringFunc(s, d.phone)
	s = spelledOut.ReplaceAllString(s, "X Y Z")
	return d.replaceNames(s)
}

// replaceNames replaces names where they stand alone, whatever their case.
func (d *redactor) replaceNames(s string) string {
	if d.find == nil {
		return s
	}
	var b strings.Builder
	end := 0
	for _, at := range d.find.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, _ := utf8.DecodeRuneInString(s[at[1]:])
		if wordRune(before) || wordRune(after) {
			continue
		}
		b.WriteString(s[end:at[0]])
		b.WriteString(d.of[strings.ToLower(s[at[0]:at[1]])])
		end = at[1]
	}
	return b.String() + s[end:]
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

func (d *redactor) mail(s string) string {
	key := strings.NewReplacer(" at ", "@", " dot ", ".").Replace(strings.ToLower(s))
	if strings.HasSuffix(key, "@example.com") {
		return s
	}
	if _, known := d.mails[key]; !known {
		d.mails[key] = fmt.Sprintf("person%d@example.com", len(d.mails)+1)
	}
	if !strings.Contains(s, "@") {
		return strings.NewReplacer("@", " at ", ".", " dot ").Replace(d.mails[key])
	}
	return d.mails[key]
}

// phone gives a number another one of the range that belongs to nobody.
func (d *redactor) phone(s string) string {
	key := digits(s)
	if key == "" { // spoken
		value, ok := (job.Field{Type: job.PhoneField}).Parse(s)
		number, isText := value.(string)
		if !ok || !isText {
			return "a phone number"
		}
		key = digits(number)
	}
	if len(key) > 7 {
		key = key[len(key)-7:] // with and without country and area code it is the same line
	}
	if _, known := d.phones[key]; !known {
		d.phones[key] = fmt.Sprintf("+1202555%04d", 100+len(d.phones)%100)
	}
	return d.phones[key]
}

// json redacts the texts of a JSON document.
func (d *redactor) json(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return json.RawMessage(`null`)
	}
	out, err := json.Marshal(d.value(v))
	if err != nil {
		return json.RawMessage(`null`)
	}
	return out
}

func (d *redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return d.text(v)
	case []any:
		for i := range v {
			v[i] = d.value(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = d.value(v[k])
		}
	}
	return v
}
