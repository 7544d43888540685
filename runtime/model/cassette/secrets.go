package cassette

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// SecretError says that a recording holds what looks like a key. It names the place and never the text.
type SecretError struct {
	Path      string // of the file that was not written
	Recording int    // from 1; 0 for what recordings share
	Where     string // "request.messages[2].text", "response.body"
	Looks     string // what it looks like: "a bearer token"; for a pattern of the caller's the pattern
}

func (e *SecretError) Error() string {
	where := e.Where
	if e.Recording > 0 {
		where = fmt.Sprintf("recording %d: %s", e.Recording, e.Where)
	}
	return fmt.Sprintf("cassette %s: nothing was written: %s looks like %s: take it out with Redact", e.Path, where, e.Looks)
}

// pattern is a form that secrets have.
type pattern struct {
	name  string
	form  *regexp.Regexp
	digit bool     // without a digit in it, it is a word
	hints []string // in lower case: a text with none of them is not looked at more closely; none = every text is
}

// secrets are the forms that are looked for.
var secrets = []pattern{
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY`), false, []string{"private key"}},
	{"a JSON web token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), false, []string{".eyj"}},
	{"an API key (sk-…)", regexp.MustCompile(`\b[srp]k-[A-Za-z0-9_-]{16,}`), true, []string{"sk-", "rk-", "pk-"}},
	{"an API key (gsk_…)", regexp.MustCompile(`\b(?:gsk_|r8_|xai-|pplx-|nvapi-)[A-Za-z0-9_-]{24,}`), true, []string{"gsk_", "r8_", "xai-", "pplx-", "nvapi-"}},
	{"a key of Stripe", regexp.MustCompile(`\b[rsp]k_(?:live|test)_[0-9A-Za-z]{16,}`), false, []string{"k_live_", "k_test_"}},
	{"a webhook secret", regexp.MustCompile(`\bwhsec_[0-9A-Za-z+/=]{16,}`), false, []string{"whsec_"}},
	{"a key ID of AWS", regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}\b`), false, []string{"akia", "asia", "abia", "acca", "aroa", "aida"}},
	{"a secret key of AWS", regexp.MustCompile(`(?i)aws.{0,24}(?:secret|key).{0,8}[:=]\s*\\?["']?[A-Za-z0-9/+]{40}\b`), false, []string{"aws_", "aws-", "awss", "awsk", "aws s", "aws a"}},
	{"a key of Google", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`), false, []string{"aiza"}},
	{"a token of Google", regexp.MustCompile(`\bya29\.[0-9A-Za-z_-]{20,}`), false, []string{"ya29."}},
	{"a token of GitHub", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})`), false, []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}},
	{"a token of GitLab", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`), false, []string{"glpat-"}},
	{"a token of Slack", regexp.MustCompile(`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`), false, []string{"xox"}},
	{"a token of Hugging Face", regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}`), false, []string{"hf_"}},
	{"a key of SendGrid", regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`), false, []string{"sg."}},
	{"a key of Twilio", regexp.MustCompile(`\bSK[0-9a-f]{32}\b`), false, []string{"sk"}},
	{"a token of npm", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}`), false, []string{"npm_"}},
	{"a bearer token", regexp.MustCompile(`(?i)bearer(?:\s|%20|\+)+[A-Za-z0-9._~+/=-]{16,}`), true, []string{"bearer"}},
	{"a password of basic authentication", regexp.MustCompile(`(?i)\bbasic(?:\s|%20|\+)+[A-Za-z0-9+/]{16,}={0,2}`), true, []string{"basic"}},
	{"a password in an address", regexp.MustCompile(`://[^\s/?#:@"'\\<>]{1,256}:[^\s/?#@"'\\<>]{1,256}@`), false, []string{"://"}},
	{"a key by its name", regexp.MustCompile(`(?i)(?:api[-_ ]?key|(?:access|auth|refresh)[-_]?token|client[-_]?secret|(?:secret|private|subscription)[-_]?key|passw(?:or)?d)\\?["']?\s*(?:[:=]|%3d)\s*\\?["']?[A-Za-z0-9+/_.~-]{8,}`), true,
		[]string{"apikey", "api_key", "api-key", "api key", "token", "secret", "private_key", "private-key", "privatekey", "subscription", "password", "passwd"}},
	{"a key of a query", regexp.MustCompile(`(?i)[?&](?:key|token|sig|signature|x-amz-signature|secret)=[A-Za-z0-9%+/_.~-]{12,}`), true, []string{"key=", "token=", "sig=", "signature=", "secret="}},
}

// named are the names of fields whose value is a key.
var named = regexp.MustCompile(`(?i)^(?:x-)?(?:authorization|api[-_]?key|access[-_]?token|auth[-_]?token|refresh[-_]?token|id[-_]?token|client[-_]?secret|secret(?:[-_]?key)?|private[-_]?key|passw(?:or)?d|bearer)$`)

func (c Config) patterns() []pattern {
	all := slices.Clone(secrets)
	for _, form := range c.Secrets {
		if form != nil {
			all = append(all, pattern{"what " + form.String() + " describes", form, false, nil})
		}
	}
	return all
}

// scanner looks for secrets in texts, until it has found one.
type scanner struct {
	patterns  []pattern
	recording int
	found     *SecretError
}

// look looks at a text, as it is and as what it says in JSON or in an address.
func (s *scanner) look(where, text string) {
	s.match(where, text)
	if decoded, err := url.QueryUnescape(text); err == nil && decoded != text && strings.Contains(text, "%") {
		s.match(where, decoded)
	}
	s.inside(where, text)
}

func (s *scanner) match(where, text string) {
	if s.found != nil {
		return
	}
	lower := strings.ToLower(text)
	for _, p := range s.patterns {
		if !p.hinted(lower) {
			continue
		}
		for _, hit := range p.form.FindAllStringIndex(text, 100) {
			if !p.digit || strings.ContainsAny(text[hit[0]:hit[1]], "0123456789") {
				s.report(where, p.name)
				return
			}
		}
	}
}

// hinted is a quick look that spares most texts a slow one.
func (p pattern) hinted(lower string) bool {
	return len(p.hints) == 0 || slices.ContainsFunc(p.hints, func(h string) bool { return strings.Contains(lower, h) })
}

func (s *scanner) report(where, looks string) {
	s.found = &SecretError{Recording: s.recording, Where: where, Looks: looks}
}

// inside looks at the strings of a JSON document, and of a stream of them. What stands at the same place in
// many parts of a stream is one text: a key that is spoken comes in pieces.
func (s *scanner) inside(where, text string) {
	joined := map[string][]string{}
	documents := 0
	visit := func(at, field, value string) {
		if named.MatchString(field) && len(value) >= 8 && strings.ContainsAny(value, "0123456789") && s.found == nil {
			s.report(where, "the value of "+field)
		}
		joined[at] = append(joined[at], value)
	}
	if json.Valid([]byte(text)) {
		documents += leaves([]byte(text), visit)
	} else {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(strings.TrimPrefix(line, "data:"))
			if strings.HasPrefix(line, "{") || strings.HasPrefix(line, "[") {
				documents += leaves([]byte(line), visit)
			}
		}
	}
	if documents == 0 {
		return
	}
	for _, pieces := range joined {
		if slices.ContainsFunc(pieces, func(p string) bool { return p != pieces[0] }) {
			s.match(where, strings.Join(pieces, ""))
		} else { // the same again and again is no text in pieces
			s.match(where, pieces[0])
		}
	}
}

// leaves visits the strings of a JSON document with the place and the name of their field, and returns 1 when
// it is one.
func leaves(raw []byte, visit func(at, field, value string)) int {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return 0
	}
	var walk func(v any, at, field string)
	walk = func(v any, at, field string) {
		switch v := v.(type) {
		case string:
			visit(at, field, v)
		case []any:
			for _, e := range v {
				walk(e, at+"[]", field)
			}
		case map[string]any:
			index := ""
			if n, ok := v["index"].(json.Number); ok {
				index = "#" + n.String()
			}
			for name, e := range v {
				walk(e, at+index+"."+name, name)
			}
		}
	}
	walk(v, "", "")
	return 1
}

// textsOfModel visits every text of a file.
func textsOfModel(d document[recording], s *scanner) {
	for name, p := range d.Prompts {
		s.look("prompt "+name, string(p.Stable))
		for _, t := range p.Tools {
			s.look("prompt "+name+": tool "+t.Name, t.Name+"\n"+string(t.Description))
			s.look("prompt "+name+": tool "+t.Name+": parameters", string(t.Parameters))
		}
	}
	for i, r := range d.Recordings {
		s.recording = i + 1
		s.look("request.context", string(r.Request.Context))
		s.look("request.schema", string(r.Request.Schema))
		for k, m := range r.Request.Messages {
			at := fmt.Sprintf("request.messages[%d]", k)
			s.look(at+".text", string(m.Text))
			s.look(at+".callId", m.CallID)
			for _, c := range m.Calls {
				s.call(at+".calls", c)
			}
		}
		var said strings.Builder
		for k, st := range r.Reply {
			at := fmt.Sprintf("reply[%d]", k)
			for _, t := range st.Text {
				said.WriteString(string(t))
			}
			if st.Call != nil {
				s.call(at+".call", *st.Call)
			}
			if st.Done != nil {
				s.look(at+".done", *st.Done)
			}
			if st.Error != nil {
				s.look(at+".error", st.Error.Kind+"\n"+string(st.Error.Message))
			}
		}
		s.look("reply.text", said.String())
	}
}

func (s *scanner) call(where string, c storedCall) {
	s.look(where+".id", c.ID)
	s.look(where+".name", c.Name)
	s.look(where+".arguments", string(c.part().Arguments))
}
