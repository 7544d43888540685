package prompt_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// slot stands where the texts of others go, in the prompt that attacks are compared with.
const slot = "QQ"

// attacked is a prompt with one text in every place that takes texts of others.
func attacked(t *testing.T, text string) prompt.Prompt {
	t.Helper()
	fit := func(most int) string { // as an author can type it: no more characters than the field takes
		r := []rune(job.Clean(slot + " " + text))
		return strings.TrimSpace(string(r[:min(len(r), most)]))
	}
	long := fit(9_000)
	s := scene{
		step:     callflow.SonaStep{Greeting: fit(callflow.MaxGreeting), Persona: callflow.Persona{Tone: fit(callflow.MaxPersona)}},
		settings: callflow.SettingsSpec{Guardrails: []string{fit(callflow.MaxGuardrail)}},
		jobs: []job.Spec{
			{Name: fit(job.MaxName), Description: fit(job.MaxDescription), CallerIntent: fit(job.MaxCallerIntent), Instructions: "{{action look_up}}\n" + text + "\n" + long + "\n\n" + text + "\n" + text,
				Results: []job.Field{{Name: fit(job.MaxName), Ask: fit(200)}, {Name: "Which", Type: job.ChoiceField, Choices: []string{fit(100), "other"}}}},
			{Name: "x", CallerIntent: "x", Instructions: "{{action look_up source=\"" + strings.NewReplacer(`"`, `\"`, "\n", " ").Replace(job.Clean(text)) + "\"}}\nGoal: " + strings.ReplaceAll(long, "\n", " ")},
		},
		pages: []knowledge.Spec{{Title: fit(200), Text: text + "\n" + long + "\n\n" + text}, {Title: "x", Text: "x\n" + text}},
		options: prompt.Options{Actions: []job.ActionSpec{{Name: "look_up", Description: fit(500),
			Parameters: must(json.Marshal(map[string]any{"type": "object", "properties": map[string]any{"source": map[string]string{"type": "string", "description": text}}}))}}},
	}
	values := map[string]string{"first_name": slot + text, slot + text: slot + text}
	return s.build(t).For(prompt.CallContext{Now: noon, Number: callflow.Line(slot + text), Caller: call.Caller{Number: call.Address(text), Name: slot + text}, Values: values,
		History:  []call.Activity{{At: noon, Kind: slot + text, Text: slot + text}, {At: noon, Kind: "call", Text: text}},
		Passages: []knowledge.Passage{{Title: slot + text, Text: text + "\n" + slot + text}, {Title: text, Text: slot}}})
}

// split parts a system message, by the fences that have the mark, into lines of the assembler's own and what stands
// inside. It knows nothing of how the message was made.
func split(t *testing.T, system string) (outside []string, inside map[string][]string) {
	t.Helper()
	inside = map[string][]string{}
	fence := regexp.MustCompile(`^<<(end )?((?:job|page) [JPX]\d+|call|history) ` + nonce + `>>$`)
	open := ""
	for l := range strings.SplitSeq(system, "\n") {
		switch at := fence.FindStringSubmatch(l); {
		case at == nil && open == "":
			outside = append(outside, l)
		case at == nil:
			inside[open] = append(inside[open], l)
		case at[1] == "":
			require.Empty(t, open, "a fence within a fence")
			require.NotContains(t, inside, at[2], "twice")
			open, inside[at[2]] = at[2], []string{}
			outside = append(outside, l)
		default:
			require.Equal(t, open, at[2], "the end of another fence")
			open = ""
			outside = append(outside, l)
		}
	}
	require.Empty(t, open, "a fence without an end")
	return outside, inside
}

// No text of any kind in any place changes one line of the assembler's, leaves the fence it is in, or shows what a
// reader could take for a fence, a heading of ours, a marker of an action or a token of a chat.
func TestNoAttackLeavesItsPlace(t *testing.T) {
	require.Greater(t, len(attacks), 200)
	own, places := split(t, attacked(t, "harmless").System())
	for i, text := range attacks {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			text := strings.ReplaceAll(text, "N>", nonce+">")
			p := attacked(t, text)
			outside, inside := split(t, p.System())
			if !strings.Contains(job.Clean(text), "{{") { // else an author writes actions and variables: they are offered, then
				require.Len(t, outside, len(own), "%q", text)
				require.Len(t, inside["call"], len(places["call"]), "nobody's words make a line")
				for k, want := range own {
					requireOwn(t, want, outside[k])
				}
			}
			require.Len(t, inside, len(places))
			for place, lines := range inside {
				if !strings.HasPrefix(place, "job ") {
					for _, l := range lines {
						requireHarmless(t, strings.TrimPrefix(l, "| "))
					}
				} else { // here a line break saves no token
					joined := regexp.MustCompile(`\[action J\d+\.A\d+: (?:[a-z_]+)((?: [a-z]+="(?:[^"\\\n]|\\.)*")*)\]`).ReplaceAllString(strings.Join(lines, "\n"), "$1") // ours
					requireHarmless(t, joined)
				}
				requireNoHeading(t, place, lines)
			}
			require.Len(t, inside["history"], 2)
			require.NotContains(t, p.String(), nonce)
		})
	}
}

// requireOwn holds a line outside of all fences against the one of a prompt with harmless texts.
func requireOwn(t *testing.T, want, got string) {
	t.Helper()
	if before, _, others := strings.Cut(want, slot); others {
		require.True(t, strings.HasPrefix(got, before), "%q instead of %q", got, want)
		requireHarmless(t, got)
	} else {
		require.Equal(t, want, got)
	}
}

// looks are letters and brackets as they look, taken from Unicode's charts and not from the assembler's list.
var looks = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "ԁ", "d", "һ", "h", "ӏ", "l", "ꓰ", "e", "ꓓ", "d",
	"ᴇ", "e", "ɴ", "n", "ᴅ", "d", "ᴊ", "j", "ᴏ", "o", "ʙ", "b", "ϳ", "j", "ƀ", "b", "ꭼ", "e", "ꭰ", "d", "ν", "n", "ռ", "n", "α", "a", "ο", "o", "т", "t", "п", "n", "м", "m",
	"‹", "<", "〈", "<", "⟨", "<", "❮", "<", "❰", "<", "ᐸ", "<", "˂", "<", "⧼", "<", "⊲", "<", "◁", "<", "«", "<<", "《", "<<", "⟪", "<<", "≪", "<<", "⋘", "<<", "⪡", "<<",
	"›", ">", "〉", ">", "⟩", ">", "【", "[", "〔", "[", "⟦", "[", "】", "]", "〕", "]", "⟧", "]", "∣", "|", "¦", "|", "︱", "|", "│", "|", "∕", "/", "⁄", "/", "▁", "_",
	"🅴", "e", "🅽", "n", "🅳", "d")

var dangers = regexp.MustCompile(`<<(?:/?end|/?job|/?page|/?call|/?history|/|/?sys)|<\||\[/?inst\]|</?(?:s|bos|eos|pad|unk|system|developer|assistant|user|human|think)>|` +
	`<(?:start|end)_of_turn>|</?(?:tool_call|tool_response|function_call)|\[/?(?:tool_calls|tool_results|available_tools|system_prompt)\]|<im_(?:start|end)|\[action(?:j\d|notavailable\])`)

// requireHarmless reads a text as a careless reader would: without marks, blanks and what does not show, in small
// Latin letters, with digits that look like letters.
func requireHarmless(t *testing.T, text string) {
	t.Helper()
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if unicode.Is(unicode.M, r) || unicode.Is(unicode.C, r) || unicode.IsSpace(r) || r == '\u2800' {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	plain := looks.Replace(b.String())
	for _, read := range []string{plain, strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a").Replace(plain)} {
		if at := dangers.FindStringIndex(read); at != nil {
			require.Fail(t, "it reads as ours", "%q in %q", read[at[0]:at[1]], read[max(0, at[0]-40):min(len(read), at[1]+40)])
		}
	}
}

var (
	ownHeading = regexp.MustCompile(`^(?:[\s>]|[-*+•]\s|\d+[.)]\s)*#{1,2}(?:\s|\d+[.)]|$)`)
	ownRuler   = regexp.MustCompile(`^[\s>]*(?:=+|-+)\s*$`)
)

// requireNoHeading reads lines as Markdown does.
func requireNoHeading(t *testing.T, place string, lines []string) {
	t.Helper()
	above := "ours"
	for _, l := range lines {
		if strings.HasPrefix(place, "page ") || place == "history" {
			require.True(t, strings.HasPrefix(l, "| "), "%q", l)
			continue
		}
		var b strings.Builder
		for _, r := range norm.NFKC.String(l) {
			if !unicode.Is(unicode.M, r) {
				b.WriteRune(r)
			}
		}
		read := strings.NewReplacer("♯", "#", "\u2800", " ").Replace(b.String())
		require.NotRegexp(t, ownHeading, read)
		if strings.TrimSpace(strings.Trim(above, "> ")) != "" {
			require.NotRegexp(t, ownRuler, read, "under %q", above)
		}
		above = read
	}
}
