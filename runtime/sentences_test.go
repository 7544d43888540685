package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// voice is a Port that keeps what it is told.
type voice struct {
	all   []runtime.Speech
	other []string
	fails error
}

func (v *voice) Say(_ context.Context, s runtime.Speech) error {
	v.all = append(v.all, s)
	return v.fails
}

func (v *voice) Flush(context.Context) error {
	v.other = append(v.other, fmt.Sprintf("flush after %d", len(v.all)))
	return v.fails
}

func (v *voice) End(_ context.Context, o call.Outcome) error {
	v.other = append(v.other, fmt.Sprintf("%s after %d", o.Kind, len(v.all)))
	return v.fails
}

func (v *voice) texts() []string {
	var all []string
	for _, s := range v.all {
		all = append(all, s.Text)
	}
	return all
}

// utter says an utterance in pieces.
func utter(t testing.TB, p runtime.Port, pieces ...string) {
	t.Helper()
	for i, text := range pieces {
		require.NoError(t, p.Say(t.Context(), runtime.Speech{Utterance: 1, Text: text, Last: i == len(pieces)-1}))
	}
}

// sentenceTexts are cut at the bars.
var sentenceTexts = []string{
	"",
	"Hello.",
	"Hello.| How are you?| Fine!",
	"Hello there",
	"One... two… three.| Four...| Five…| Six.",
	"Really?!| No.| Yes!",
	"Dr. Ruiz and Mrs. Smith live at St. Mary, e.g. near Mr. J. R. Tolkien and J.R. Smith.| I am I.| They are, too.",
	"It is 3.5 miles, 10.30 dollars, at 5 p.m. today, or at 5 p.m.| We close at 6 a.m.| Good.",
	"Room No. 5 is free.| No.| I cannot.",
	"Sra. Gómez y el Sr. Ruiz, p.ej. hoy.| ¿Vale?| ¡Sí!",
	"Mme Dupont et M. Martin.| Ça va ?| Oui.",
	"It costs 5.| Do you want it?",
	"1. Cut.| 2. Wash.| 10. Shave.",
	"He said \"Stop.\"| Then \"Really?\" he asked.| (It was.)| “So.”| Good.",
	"你好。|很高兴！|“好吗？”|我们3.5点开门。|再见",
	"你好。|Hello.| Yes？|No",
	"We use Yahoo!| And acme.com or ann@x.com.| ok.| so we go",
	"One|\nTwo|\n\nThree.",
	"Voilà : dix euros, etc. et plus, etc.| Fin.",
	"Wait...| What?! ",
	" Hello.| There. ",
	"...",
	". . . A",
	"555 0100.| Anything else?",
}

func TestAnUtteranceIsHandedOnInSentences(t *testing.T) {
	for _, tt := range sentenceTexts {
		whole := strings.ReplaceAll(tt, "|", "")
		want := strings.Split(tt, "|")
		for i := range len(whole) + 1 {
			if i < len(whole) && !utf8.RuneStart(whole[i]) {
				continue
			}
			v := &voice{}
			utter(t, runtime.Sentences(v), whole[:i], whole[i:])
			require.Empty(t, cmp.Diff(want, v.texts()), "%q | %q", whole[:i], whole[i:])
			for k, s := range v.all {
				require.Equal(t, k == len(v.all)-1, s.Last, "%q", tt)
				require.Equal(t, runtime.UtteranceID(1), s.Utterance)
			}
		}
		v := &voice{}
		utter(t, runtime.Sentences(v), append(strings.Split(whole, ""), "")...)
		require.Empty(t, cmp.Diff(want, v.texts()), "%q in characters", whole)
	}
}

func TestASentenceIsHandedOnWhenTheNextOneBegins(t *testing.T) {
	v := &voice{}
	p := runtime.Sentences(v)
	for _, step := range []struct {
		piece string
		said  []string
	}{
		{"Hel", nil}, {"lo.", nil}, {" ", nil}, {"How", []string{"Hello."}}, {" are you", []string{"Hello."}}, {"? F", []string{"Hello.", " How are you?"}},
	} {
		require.NoError(t, p.Say(t.Context(), runtime.Speech{Utterance: 1, Text: step.piece}))
		require.Equal(t, step.said, v.texts(), "after %q", step.piece)
	}
}

func TestAVeryLongSentenceIsCut(t *testing.T) {
	for _, tt := range []struct{ name, text, first string }{
		{"after a comma", strings.Repeat("one two three, ", 30), strings.TrimSuffix(strings.Repeat("one two three, ", 20), " ")},
		{"at a blank", strings.Repeat("la ", 200), strings.TrimSuffix(strings.Repeat("la ", 100), " ")},
		{"a comma too early", "Well, " + strings.Repeat("la ", 200), "Well, " + strings.TrimSuffix(strings.Repeat("la ", 98), " ")},
		{"where it is", strings.Repeat("é", 1000), strings.Repeat("é", 300)},
		{"without blanks", strings.Repeat("你好，", 200), strings.Repeat("你好，", 100)},
		{"numbers", strings.Repeat("1,000", 100), strings.Repeat("1,000", 60)},
		{"blanks", strings.Repeat(" ", 400), strings.Repeat(" ", 299)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, pieces := range [][]string{{tt.text}, append(strings.Split(tt.text, ""), "")} {
				v := &voice{}
				utter(t, runtime.Sentences(v), pieces...)
				require.Equal(t, tt.first, v.all[0].Text)
				require.Equal(t, tt.text, strings.Join(v.texts(), ""), "nothing is lost")
				for _, s := range v.all {
					require.LessOrEqual(t, utf8.RuneCountInString(s.Text), 300)
				}
			}
		})
	}
}

func TestWhatWasNotHandedOnIsDroppedWithItsUtterance(t *testing.T) {
	ctx := t.Context()
	say := func(p runtime.Port, s runtime.Speech) { require.NoError(t, p.Say(ctx, s)) }
	v := &voice{}
	p := runtime.Sentences(v)
	say(p, runtime.Speech{Utterance: 1, Text: "One. Two"})
	require.NoError(t, p.Flush(ctx))
	say(p, runtime.Speech{Utterance: 2, Text: "Three. Four"})
	say(p, runtime.Speech{Utterance: 3, Text: "Five.", Last: true})
	say(p, runtime.Speech{Utterance: 4, Text: "Six. Seven"})
	require.NoError(t, p.End(ctx, call.Outcome{Kind: call.Ended}))
	require.Equal(t, []string{"One.", "Three.", "Five.", "Six."}, v.texts())
	require.Equal(t, []string{"flush after 1", "ended after 4"}, v.other)
}

func TestASentenceKeepsWhatIsSaidAboutItsPieces(t *testing.T) {
	v := &voice{}
	p := runtime.Sentences(v)
	for _, s := range []runtime.Speech{
		{Utterance: 7, Text: "One. Tw", Lang: callflow.French, NoInterrupt: true},
		{Utterance: 7, Text: "o, three", Lang: callflow.French, NoInterrupt: true},
		{Utterance: 7, Text: " cuatro", Lang: callflow.Spanish, NoInterrupt: true},
		{Utterance: 7, Text: " cinco", Lang: callflow.Spanish},
		{Utterance: 7, Lang: callflow.Spanish, Last: true},
	} {
		require.NoError(t, p.Say(t.Context(), s))
	}
	require.Equal(t, []runtime.Speech{
		{Utterance: 7, Text: "One.", Lang: callflow.French, NoInterrupt: true},
		{Utterance: 7, Text: " Two, three", Lang: callflow.French, NoInterrupt: true},
		{Utterance: 7, Text: " cuatro", Lang: callflow.Spanish, NoInterrupt: true},
		{Utterance: 7, Text: " cinco", Lang: callflow.Spanish, Last: true},
	}, v.all)
}

func TestErrorsOfThePortBelowComeThrough(t *testing.T) {
	broken := errors.New("broken")
	v := &voice{fails: broken}
	p := runtime.Sentences(v)
	require.ErrorIs(t, p.Say(t.Context(), runtime.Speech{Utterance: 1, Text: "One. Two"}), broken)
	require.ErrorIs(t, p.Say(t.Context(), runtime.Speech{Utterance: 1, Text: "x", Lang: callflow.French}), broken)
	require.ErrorIs(t, p.Flush(t.Context()), broken)
	require.ErrorIs(t, p.End(t.Context(), call.Outcome{}), broken)
}

// On a call the caller hears the same words, and what is cut is counted in the same characters.
func TestASessionSpeaksInSentences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := o.session(t, runtime.Config{Model: scripted.New(
			scripted.Say("[J1.1] **One** two. Three [four](https://x.y), five! Six seven."), scripted.Say("Bye."))})
		v := &voice{}
		done := make(chan call.Record)
		go func() {
			r, err := s.Run(t.Context(), runtime.Sentences(v))
			if err != nil {
				t.Error(err)
			}
			done <- r
		}()
		for _, in := range []runtime.Input{
			runtime.PlayedOut{}, caller("Hi"),
			runtime.PlayedOut{Utterance: 2, Upto: 12}, runtime.Interrupted{Utterance: 2, Heard: "One two. Three"}, runtime.HungUp{},
		} {
			require.NoError(t, s.Put(in))
			synctest.Wait()
		}
		r := <-done
		require.Equal(t, []string{"Hello.", "One two.", " Three four, five!", " Six seven."}, v.texts())
		require.Equal(t, []string{"S: Hello.", "C: Hi", "S: One two. Three—"}, transcript(r.Turns))
	})
}

func FuzzSentences(f *testing.F) {
	for _, text := range sentenceTexts {
		f.Add(strings.ReplaceAll(text, "|", ""), uint8(3), uint8(7))
	}
	f.Fuzz(func(t *testing.T, text string, a, b uint8) {
		if !utf8.ValidString(text) {
			return
		}
		whole := &voice{}
		utter(t, runtime.Sentences(whole), text)
		var pieces []string
		for rest, n := []rune(text), int(a); len(rest) > 0; n = (n*31 + int(b) + 1) % 17 {
			k := min(n+1, len(rest))
			pieces, rest = append(pieces, string(rest[:k])), rest[k:]
		}
		cut := &voice{}
		utter(t, runtime.Sentences(cut), append(pieces, "")...)
		require.Equal(t, whole.texts(), cut.texts(), "cut into %q", pieces)
		require.Equal(t, text, strings.Join(whole.texts(), ""))
		for _, s := range whole.all {
			require.LessOrEqual(t, utf8.RuneCountInString(s.Text), 300)
		}
	})
}

// A host whose voice wants whole sentences wraps its line.
func ExampleSentences() {
	ctx := context.Background()
	v := &voice{} // the host's line
	port := runtime.Sentences(v)
	for _, piece := range []string{"Dr. Ruiz ", "is free at ", "3.30 p.m. tod", "ay. Shall ", "I book it?"} {
		_ = port.Say(ctx, runtime.Speech{Utterance: 1, Text: piece})
	}
	_ = port.Say(ctx, runtime.Speech{Utterance: 1, Last: true})
	for _, s := range v.all {
		fmt.Printf("%q %t\n", s.Text, s.Last)
	}
	// Output:
	// "Dr. Ruiz is free at 3.30 p.m. today." false
	// " Shall I book it?" true
}
