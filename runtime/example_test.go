package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// publish saves a job in a fresh workspace, with a flow on +15550100 that has it live.
func publish(ctx context.Context, spec job.Spec) (*storage.Workspace, job.Job) {
	ws := storage.Open(memory.New(), "bakery")
	j, err := ws.CreateJob(ctx, spec)
	if err != nil {
		log.Fatal(err)
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Counter", "+15550100", callflow.SonaStep{
		Greeting: "Bakery, this is Sona, an AI assistant.", Jobs: []job.ID{j.ID()}}))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
		log.Fatal(err)
	}
	return ws, j
}

// A call by text: hand in what the caller said, and print what is said to it. Hosts give the client of their
// language model; here a script stands for it.
func ExampleRuntime_BeginChat() {
	ctx := context.Background()
	ws, order := publish(ctx, job.Spec{
		Name:         "Order a cake",
		Instructions: "1. Ask for how many guests the cake is.\n2. Text the price list: {{action send_sms text=\"Prices: example.com\"}}",
		Results:      []job.Field{{Name: "Guests", Type: job.NumberField, Ask: "For how many guests?"}},
	})
	model := scripted.New(
		scripted.Follow(order.ID(), "1", "Gladly. For how many guests?"),
		scripted.Follow(order.ID(), "2", "I text you our prices.").And(scripted.Use(order.ID(), job.SendSMS)),
		scripted.Follow(order.ID(), "2", "Did the text arrive?"),
	)
	rt, err := runtime.New(runtime.Config{
		Model: model,
		SMS: runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, text string) error {
			fmt.Printf("(text to %s: %s)\n", i.Caller.Number, text)
			return nil
		}),
	})
	if err != nil {
		log.Fatal(err)
	}

	chat, err := rt.BeginChat(ctx, ws, runtime.Incoming{To: "+15550100", Caller: call.Caller{Number: "+15550199"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"I need a cake", "For twelve"} {
		for event, err := range chat.Hear(ctx, text) {
			if err != nil {
				log.Fatal(err)
			}
			if said, ok := event.(runtime.Said); ok {
				fmt.Print(said.Text)
				if said.Last {
					fmt.Println()
				}
			}
		}
	}
	record, err := chat.End(ctx)
	if err != nil {
		log.Fatal(err)
	}
	guests, _ := record.Summary.Get("Order a cake", "Guests")
	fmt.Println("Guests:", guests)
	// Output:
	// Gladly. For how many guests?
	// I text you our prices.
	// (text to +15550199: Prices: example.com)
	// Did the text arrive?
	// Guests: 12
}

// console is a line that prints, to a caller who answers the greeting.
type console struct {
	session *runtime.Session
	answer  string
}

// Say prints a piece. A line with a voice hands it to its synthesis, and tells when it was heard.
func (c *console) Say(_ context.Context, s runtime.Speech) error {
	text := s.Text
	if s.Last {
		text += "\n"
	}
	if _, err := os.Stdout.WriteString(text); err != nil || !s.Last {
		return err
	}
	if err := c.session.Put(runtime.PlayedOut{Utterance: s.Utterance}); err != nil || s.Utterance > 1 {
		return err
	}
	return c.session.Put(runtime.CallerSaid{Text: c.answer})
}

func (c *console) Flush(context.Context) error { return nil }

func (c *console) End(_ context.Context, o call.Outcome) error {
	_, err := fmt.Fprintf(os.Stdout, "(%s; the flow goes on at %q)\n", o.Kind, o.Next)
	return err
}

// A call on a line: what the caller does is put in from any goroutine, what Sona says comes out of the port.
func ExampleSession_Run() {
	ctx := context.Background()
	ws, message := publish(ctx, job.Spec{Name: "Take a message", Instructions: "1. Send the caller to voicemail: {{action voicemail}}"})
	rt, err := runtime.New(runtime.Config{
		Model: scripted.New(scripted.Follow(message.ID(), "1", "Please speak after the tone.").And(scripted.Use(message.ID(), job.Voicemail))),
	})
	if err != nil {
		log.Fatal(err)
	}
	session, err := rt.Begin(ctx, ws, runtime.Incoming{To: "+15550100"})
	if err != nil {
		log.Fatal(err)
	}
	record, err := session.Run(ctx, &console{session, "Can I leave a message?"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.Status, len(record.Turns), "turns")
	// Output:
	// Bakery, this is Sona, an AI assistant.
	// Please speak after the tone.
	// (voicemail; the flow goes on at "voicemail")
	// completed 3 turns
}

// An action of the host's: the job says where it belongs and fixes the shop, the model fills in the number.
func ExampleAction() {
	ctx := context.Background()
	ws, track := publish(ctx, job.Spec{Name: "Track an order", Instructions: "1. Ask for the number of the order.\n2. Look it up: {{action look_up shop=\"bakery\"}}"})
	lookUp := runtime.Action{
		Spec: job.ActionSpec{
			Name: "look_up", Description: "Finds out where an order is.",
			Parameters: json.RawMessage(`{"type": "object", "properties": {"number": {"type": "string"}, "shop": {"type": "string"}}, "required": ["number", "shop"]}`),
		},
		Do: func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			fmt.Printf("look_up %s\n", args)
			return json.RawMessage(`{"where":"in the oven"}`), nil
		},
	}
	rt, err := runtime.New(runtime.Config{
		Actions: []runtime.Action{lookUp},
		Model: scripted.New(
			scripted.UseWith(track.ID(), "look_up", map[string]any{"number": "A7", "shop": "of the model's choice"}),
			scripted.Follow(track.ID(), "2", "It is in the oven."),
		),
	})
	if err != nil {
		log.Fatal(err)
	}
	chat, err := rt.BeginChat(ctx, ws, runtime.Incoming{To: "+15550100"})
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range chat.Hear(ctx, "Where is my order A7?") {
		if err != nil {
			log.Fatal(err)
		}
		switch event := event.(type) {
		case runtime.Acted:
			fmt.Printf("result: %s\n", event.Effect.Result)
		case runtime.Said:
			fmt.Print(event.Text)
		}
	}
	// Output:
	// look_up {"number":"A7","shop":"bakery"}
	// result: {"where":"in the oven"}
	// It is in the oven.
}
