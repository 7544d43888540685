package mockcall_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

var (
	briefHead   = regexp.MustCompile(`^(PERSONA|OPENING LINE|FACTS|DO, IN ORDER|REACTIONS|HIDDEN TRUTH|GROUND TRUTH|IMPORTANT)\b[^:]*:`)
	briefItem   = regexp.MustCompile(`^\s*(- |\d+\. )`)
	briefQuote  = regexp.MustCompile(`"([^"]{4,})"`)
	briefWord   = regexp.MustCompile(`[\p{L}\d]+(?:'[a-z]+)?`)
	secondVoice = strings.NewReplacer("you're", "I'm", "you've", "I've", "you'd", "I'd", "your", "my", "you'll", "I'll", "You're", "I'm", "You", "I", "you", "I")
)

// briefSections cuts a brief into the items of its sections; a line that begins nothing goes on with the one before.
func briefSections(brief string) map[string][]string {
	out := map[string][]string{}
	at := ""
	for line := range strings.Lines(brief) {
		line = strings.TrimRight(line, "\n ")
		if m := briefHead.FindStringSubmatch(line); m != nil {
			at = m[1]
			out[at] = append(out[at], strings.TrimPrefix(line, m[0]))
			continue
		}
		if loc := briefItem.FindStringIndex(line); loc != nil {
			out[at] = append(out[at], line[loc[1]:])
		} else if n := len(out[at]); n > 0 {
			out[at][n-1] += " " + strings.TrimSpace(line)
		}
	}
	return out
}

// aboutWords are the words of questions that a fact with these words in it is the answer to.
var aboutWords = []struct{ in, about string }{
	{"name", "name"},
	{"phone|callback|number", "phone|number|reach you"},
	{"email", "email"},
	{"code|confirmation", "code|confirmation|reference"},
	{"arriv|date|day|check", "date|day|when"},
	{"time|evening|afternoon|o'clock", "time"},
	{"night", "nights|how long"},
	{"people|guest|of you|couple|party", "guests|people|how many"},
	{"card", "card"},
	{"room", "room"},
}

// personaOf makes a persona of a brief by rules. What is to be kept to oneself, and what to react to, is not read.
func personaOf(s deskScenario) mockcall.Persona {
	p := mockcall.Persona{Opening: strings.Join(strings.Fields(s.Opening), " "), Patience: 25}
	sections := briefSections(s.Brief)
	for _, fact := range sections["FACTS"] {
		about, say, labelled := strings.Cut(fact, ": ")
		if !labelled || len(about) > 60 {
			about, say = fact, fact
		}
		if strings.TrimSpace(say) == "" || strings.HasPrefix(fact, " ") {
			continue
		}
		if q := briefQuote.FindStringSubmatch(say); q != nil {
			say = q[1]
		}
		var words []string
		for _, w := range aboutWords {
			for part := range strings.SplitSeq(w.in, "|") {
				if strings.Contains(strings.ToLower(about), part) {
					words = append(words, w.about)
					break
				}
			}
		}
		for _, w := range briefWord.FindAllString(about, -1) {
			if len(w) >= 5 {
				words = append(words, w)
			}
		}
		p.Facts = append(p.Facts, mockcall.Fact{About: strings.Join(words, "|"), Say: secondVoice.Replace(say)})
	}
	for _, do := range sections["DO, IN ORDER"] {
		for _, q := range briefQuote.FindAllStringSubmatch(do, -1) {
			p.Wants = append(p.Wants, q[1])
		}
	}
	return p
}

// deskJob asks for everything that callers of a hotel may be asked for.
func deskJob(t *testing.T) job.Job {
	t.Helper()
	j, err := job.New(job.Spec{Name: "Take a request", CallerIntent: "The caller wants anything of the hotel.",
		Instructions: "This job takes down what a guest wants.\n1. Ask for the caller's name.\n2. Ask for the confirmation code.\n3. Ask for the date of the stay.\n" +
			"4. Ask for the number of nights.\n5. Ask for the number of guests.\n6. Ask for the time.\n7. Ask for the phone number.\n8. Ask for the email address.\n" +
			"9. Ask for the room.\n10. Ask what else the hotel should know.\n11. Ask whether there is anything else.\n12. Say goodbye: {{action end_call}}",
		Results: []job.Field{{Name: "Name", Required: true, Ask: "What is your name?"}, {Name: "Phone number", Type: job.PhoneField, Ask: "What phone number can we reach you on?"}}})
	require.NoError(t, err)
	return j
}

// Personas made of real briefs call a desk that asks them for much. Nothing that they say may be invented: every word
// of theirs, and so every figure, date, name and code, is one of the brief outside of what it says is never told, or one
// of the few that a persona has of its own. And facts are told to who asks.
func TestEvalPersonasInventNoFact(t *testing.T) {
	j := deskJob(t)
	f, err := callflow.New(callflow.Simple("Hotel", "+15550100", callflow.SonaStep{Greeting: "Hello, this is Sona, an AI assistant. How can I help?", Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	snapshot := callflow.NewSnapshot(f, f.Draft(), []job.Job{j}, nil, callflow.Settings{})
	own := map[string]bool{}
	for _, w := range briefWord.FindAllString(strings.ToLower("Yes, that's right. No, that's all. Goodbye. I don't know. Okay. I'd rather not say. I'm I've I'd I'll I my"), -1) {
		own[w] = true
	}
	var turns, words, facts, told, unasked, unknown, wants, wanted, ended, endless, invented int
	all := corpus.Lines[deskScenario](t, "livekit/dev/scenarios.jsonl")
	for _, s := range all {
		p := personaOf(s)
		facts, wants = facts+len(p.Facts), wants+len(p.Wants)
		r, err := mockcall.RunOn(t.Context(), snapshot, mockcall.Config{Caller: p, MaxTurns: 40})
		if !errors.Is(err, mockcall.ErrEndless) {
			require.NoError(t, err, s.ID)
			ended++
		} else {
			endless++
		}
		known := map[string]bool{}
		for name, items := range briefSections(s.Brief) {
			if strings.HasSuffix(name, "TRUTH") {
				continue
			}
			for _, w := range briefWord.FindAllString(strings.ToLower(strings.Join(items, " ")), -1) {
				known[w] = true
			}
		}
		for _, w := range briefWord.FindAllString(strings.ToLower(s.Opening), -1) {
			known[w] = true
		}
		saidFact, asked := map[string]bool{}, false
		for i, turn := range r.Record.Turns {
			if turn.By != call.ByCaller {
				asked = i > 0 && (asked && r.Record.Turns[i-1].By != call.ByCaller || strings.Contains(turn.Heard(), "?"))
				continue
			}
			turns++
			if turn.Text == "I don't know." {
				unknown++
			}
			for _, fact := range p.Facts {
				if fact.Say != turn.Text || saidFact[fact.Say] {
					continue
				}
				saidFact[fact.Say] = true
				told++
				if !asked {
					unasked++
					t.Errorf("%s: told without being asked: %q", s.ID, turn.Text)
				}
			}
			for _, want := range p.Wants {
				if want == turn.Text {
					wanted++
				}
			}
			for _, w := range briefWord.FindAllString(strings.ToLower(turn.Text), -1) {
				if words++; !known[w] && !own[w] {
					invented++
					t.Errorf("%s: %q is not in the brief: %q", s.ID, w, turn.Text)
				}
			}
		}
	}
	t.Logf("%d briefs against the rehearsal model: %d calls ended, %d did not; %d caller turns with %d words, %d of them invented", len(all), ended, endless, turns, words, invented)
	t.Logf("%d of %d facts told, %d of them unasked; %d of %d wants said; %d times a question had no answer in the brief", told, facts, unasked, wanted, wants, unknown)
	require.Zero(t, endless)
	require.GreaterOrEqual(t, 2*told, facts, "most of what the briefs know is told: the desk asks for it")
}
