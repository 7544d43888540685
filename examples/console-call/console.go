package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
)

// mostLine bounds one line of input.
const mostLine = 64 << 10

// console is a call whose line is a terminal.
type console struct {
	out     io.Writer
	meter   *meter
	chat    *runtime.Chat
	names   map[string]string // of the jobs, by ID
	inTurn  bool              // a turn of Sona's stands on the last line, without its end
	counted bool              // the model tells tokens
	echo    bool              // what the caller says is not on the screen by itself
}

// begin publishes the step and begins the call.
func (c *console) begin(ctx context.Context, o options, model string) error {
	ws, err := publish(ctx, o)
	if err != nil {
		return err
	}
	rt, err := runtime.New(runtime.Config{
		Model:    c.meter,
		SMS:      runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { return nil }), // printed as an effect
		Transfer: runtime.Handoff,
	})
	if err != nil {
		return err
	}
	c.chat, err = rt.BeginChat(ctx, ws, runtime.Incoming{To: number, Caller: call.Caller{Number: o.caller}})
	if err != nil {
		return err
	}
	if model == "" {
		c.printf("Rehearsal: no language model is asked, and nothing costs. For a real one see -help.\n")
	} else {
		c.counted = true
		c.printf("Model: %s.\n", model)
	}
	var names []string
	p := c.chat.Prompt()
	for _, j := range p.Plan.Jobs {
		c.names[string(j.Job.ID())] = j.Job.Name()
		names = append(names, j.Job.Name())
	}
	c.printf("Jobs: %s. The prompt has about %d tokens.\n", strings.Join(names, ", "), (p.Tokens+50)/100*100)
	c.printf("Type what the caller says; /quit hangs up.\n\n")
	return nil
}

// talk runs the call until one side ends it, and prints what came of it. That ctx ends is no error: the caller hung up.
func (c *console) talk(ctx context.Context, in io.Reader) error {
	leave, stop := context.WithCancel(ctx)
	defer stop()
	lines, broken := read(leave, in)
	err := c.show(c.chat.Greet(ctx))
	for err == nil && ctx.Err() == nil {
		if _, over := c.chat.Over(); over {
			break
		}
		said, ok := c.listen(ctx, lines)
		if !ok {
			break
		}
		if said != "" {
			err = c.show(c.chat.Hear(ctx, said))
		}
	}
	if ctx.Err() != nil {
		err = nil
	}
	record, failed := c.chat.End(context.WithoutCancel(ctx))
	c.report(record)
	select {
	case unread := <-broken:
		err = errors.Join(err, unread)
	default:
	}
	return errors.Join(err, failed)
}

// read sends the lines of in until it ends or ctx does. What is wrong with in comes out of the second channel, before
// the first is closed.
func read(ctx context.Context, in io.Reader) (<-chan string, <-chan error) {
	lines, broken := make(chan string), make(chan error, 1)
	go func() { // not waited for: a terminal cannot be told to stop reading
		defer close(lines)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, mostLine)
		for scanner.Scan() {
			select {
			case lines <- strings.TrimSpace(scanner.Text()):
			case <-ctx.Done():
				return
			}
		}
		if err := scanner.Err(); err != nil {
			broken <- fmt.Errorf("input: %w", err)
		}
	}()
	return lines, broken
}

// listen returns what the caller says; false when they hung up.
func (c *console) listen(ctx context.Context, lines <-chan string) (string, bool) {
	c.printf("> ")
	select {
	case said, ok := <-lines:
		if c.echo || !ok {
			c.printf("%s\n", plain(said))
		}
		return said, ok && said != "/quit"
	case <-ctx.Done():
		c.printf("\n")
		return "", false
	}
}

// show prints what happens as it happens, then the tokens that it took.
func (c *console) show(events iter.Seq2[runtime.Event, error]) error {
	for ev, err := range events {
		if err != nil {
			c.endTurn()
			return err
		}
		switch ev := ev.(type) {
		case runtime.Said:
			c.said(ev)
		case runtime.JobChosen:
			c.notef("job: %s", or(ev.Name, "none"))
		case runtime.Acted:
			c.acted(ev.Effect)
		case runtime.Trouble:
			c.notef("trouble: %s", ev.Note.Text)
		}
	}
	c.endTurn()
	if u := c.meter.take(); u != (call.Usage{}) {
		c.notef("tokens: %d in, of these %d cached; %d out", u.In, u.Cached, u.Out)
	} else if c.counted && len(c.chat.Turns()) > 1 {
		c.notef("tokens: the model did not tell")
	}
	return nil
}

// said prints a piece of a turn. The first one brings the speaker, with job and step in hand.
func (c *console) said(s runtime.Said) {
	if s.Text != "" && !c.inTurn {
		c.inTurn = true
		c.printf("Sona%s: ", c.inHand(s))
	}
	c.printf("%s", plain(s.Text))
	if s.Last {
		c.endTurn()
	}
}

func (c *console) inHand(s runtime.Said) string {
	if s.Job == "" {
		return ""
	}
	name := c.names[string(s.Job)]
	if s.Step == "" {
		return " (" + name + ")"
	}
	return " (" + name + ", step " + s.Step + ")"
}

func (c *console) acted(f call.Effect) {
	text := string(f.Action)
	if args := string(f.Args); args != "" && args != "{}" {
		text += " " + args
	}
	if to := f.Target.String(); to != "" {
		text += " to " + to
	}
	switch {
	case f.Err != "":
		text += ": failed: " + f.Err
	case !f.Done:
		text += ": did not come back"
	case f.Action == job.SendSMS || f.Action == job.TransferCall:
		text += " (printed only)"
	}
	c.notef("effect: %s", text)
}

// notef prints a line about the call, apart from what is said.
func (c *console) notef(format string, args ...any) {
	c.endTurn()
	c.printf("  [%s]\n", plain(fmt.Sprintf(format, args...)))
}

func (c *console) endTurn() {
	if c.inTurn {
		c.inTurn = false
		c.printf("\n")
	}
}

// report prints what came of the call.
func (c *console) report(r call.Record) {
	end := strings.ReplaceAll(string(r.Outcome.Kind), "_", " ")
	if t := r.Outcome.Target.String(); t != "" {
		end += " to " + t
	}
	c.printf("\nThe call is over: %s.", end)
	if r.Outcome.Next != "" {
		c.printf(" The flow goes on at: %s.", r.Outcome.Next)
	}
	c.printf("\n")
	c.list("Summary", r.Summary.Summary)
	var results []string
	for _, j := range r.Summary.Jobs {
		for _, d := range j.Result.Data {
			value := "unknown"
			if d.Value != nil {
				value = fmt.Sprint(d.Value)
			}
			results = append(results, fmt.Sprintf("%s, %s: %s", j.Name, d.Name, value))
		}
	}
	c.list("Results", results)
	c.list("Next steps", r.Summary.NextSteps)
	if u := r.Usage; u != (call.Usage{}) {
		c.printf("Tokens: %d in, of these %d cached; %d out\n", u.In, u.Cached, u.Out)
	}
}

func (c *console) list(title string, lines []string) {
	if len(lines) == 0 {
		lines = []string{"none"}
	}
	c.printf("%s:\n", title)
	for _, l := range lines {
		c.printf("  %s\n", plain(l))
	}
}

// printf writes at once, so that speech appears as it comes. A terminal that is gone is noticed by the reader.
func (c *console) printf(format string, args ...any) { _, _ = fmt.Fprintf(c.out, format, args...) }

// plain keeps what a model or a file says from steering the terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
