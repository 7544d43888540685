package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/golden"
)

// env is an environment that a test makes up.
func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// talk runs the command with what the caller types, and returns what is on the screen.
func talk(t *testing.T, values map[string]string, typed string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, env(values), strings.NewReader(typed), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	return out.String()
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds checks that the screen shows these texts, in this order.
func holds(t *testing.T, screen string, texts ...string) {
	t.Helper()
	rest := screen
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			t.Fatalf("%q is not on the screen, or not in its place:\n%s", text, screen)
		}
		rest = after
	}
}

func TestARehearsalGoesFromTheFirstWordToTheSummary(t *testing.T) {
	golden.Assert(t, "testdata/message.golden", []byte(talk(t, nil, `Hi, I'd like to leave a message.
Jane Doe.
It's 555 010 1234.
Yes.

The owner.
The boiler leaks again.
Yes.
I'd rather not say.
No, really.
`)))
}

func TestATransferIsShownAndEndsTheCall(t *testing.T) {
	golden.Assert(t, "testdata/transfer.golden", []byte(talk(t, nil, `I want to speak to a real person.
The dispatcher.
Jane Doe.
A delivery.
Yes, please.
this line is not heard any more
`)))
}

func TestAJobAndKnowledgeOfOnesOwn(t *testing.T) {
	refund := file(t, "refund-request.txt", "This job notes a refund.\n\n1. Ask for the order number.\n2. Text the link: {{action send_sms text=\"https://example.com/refund\"}}\n3. Thank the caller, say goodbye and end the call: {{action end_call}}\n")
	hours := file(t, "hours.md", "# Opening hours\n\nThe shop is open from 8 am to 6 pm.\n")
	screen := talk(t, nil, "I want a refund.\nAre you open at 8 am?\nA 17.\nYes.\n",
		"-job", refund, "-knowledge", hours, "-greeting", "Corner shop.", "-caller", "+15550123")
	holds(t, screen,
		"Jobs: refund request.",
		"Sona: Corner shop.\n> I want a refund.\n",
		"[job: refund request]",
		"Sona (refund request, step 1): Could you tell me the order number?",
		"The shop is open from 8 am to 6 pm.",
		`[effect: send_sms {"text":"https://example.com/refund"} (printed only)]`,
		"[effect: end_call]",
		"The call is over: ended. The flow goes on at: hangup.")
}

func TestHangingUp(t *testing.T) {
	for name, typed := range map[string]string{"by /quit": "/quit\nnot heard\n", "by Ctrl-D": ""} {
		t.Run(name, func(t *testing.T) {
			screen := talk(t, nil, typed)
			holds(t, screen, "How can I help?\n", "The call is over: hung up.", "The caller hung up.", "Results:\n  none\nNext steps:\n  none\n")
			if strings.Contains(screen, "not heard") {
				t.Errorf("what came after the end is on the screen:\n%s", screen)
			}
		})
	}
}

// prompted is a screen that tells when the caller is to speak.
type prompted struct {
	bytes.Buffer
	then func()
}

func (p *prompted) Write(b []byte) (int, error) {
	if string(b) == "> " {
		p.then()
	}
	return p.Buffer.Write(b)
}

func TestCtrlCIsACleanEnd(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	terminal, _ := io.Pipe() // where nobody types
	defer func() { _ = terminal.Close() }()
	screen := &prompted{then: interrupt}
	if err := run(ctx, nil, env(nil), terminal, screen); err != nil {
		t.Fatal(err)
	}
	holds(t, screen.String(), "How can I help?\n", "The call is over: hung up.", "Next steps:\n  none\n")
}

func TestWhatIsTypedInOneLineHasABound(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), nil, env(nil), strings.NewReader(strings.Repeat("x", mostLine+1)), &out)
	if err == nil || !strings.HasPrefix(err.Error(), "input: ") {
		t.Errorf("error: %v", err)
	}
	holds(t, out.String(), "The call is over: hung up.")
}

func TestHelpSaysWhatHappensWithoutAKey(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), []string{"-help"}, env(nil), strings.NewReader(""), &out)
	if !errors.Is(err, flag.ErrHelp) {
		t.Errorf("error: %v", err)
	}
	holds(t, out.String(), "Without a key the rehearsal model answers", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "Ctrl-C hangs up",
		"-caller", "-greeting", "-job file", "-knowledge file")
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	empty := file(t, "empty.txt", " \n")
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"no model", map[string]string{"OPENAI_API_KEY": "k"}, nil, "OPENAI_MODEL is not set"},
		{"no server", map[string]string{"OPENAI_MODEL": "m"}, nil, "neither OPENAI_API_KEY nor OPENAI_BASE_URL"},
		{"no address", map[string]string{"OPENAI_MODEL": "m", "OPENAI_BASE_URL": "localhost"}, nil, "OPENAI_BASE_URL is no address"},
		{"a broken address", map[string]string{"OPENAI_MODEL": "m", "OPENAI_BASE_URL": "http://u:secret@%"}, nil, "OPENAI_BASE_URL is no address"},
		{"arguments", nil, []string{"refund.txt"}, `no arguments but flags: ["refund.txt"]`},
		{"no job file", nil, []string{"-job", "none.txt"}, "none.txt"},
		{"an empty job", nil, []string{"-job", empty}, `job "empty": `},
		{"too many jobs", nil, strings.Fields(strings.Repeat("-job x ", 11)), "11 jobs, at most 10"},
		{"no page", nil, []string{"-knowledge", "none.md"}, "none.md"},
		{"an empty page", nil, []string{"-knowledge", empty}, "empty.txt: "},
		{"a greeting without a word", nil, []string{"-greeting", strings.Repeat("x", 100_000)}, "greeting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(t.Context(), tt.args, env(tt.env), strings.NewReader(""), &out)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, not %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells a password: %v", err)
			}
		})
	}
}

func TestNothingSteersTheTerminal(t *testing.T) {
	if got := plain("a\x1b[2Jb\nc\u009bd"); got != "a [2Jb c d" {
		t.Errorf("%q", got)
	}
}
