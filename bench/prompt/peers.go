//go:build peers

package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/firebase/genkit/go/ai"
	"github.com/firebase/genkit/go/genkit"
	"github.com/tmc/langchaingo/prompts"
	"google.golang.org/adk/agent"
	"google.golang.org/adk/agent/llmagent"
	adkmodel "google.golang.org/adk/model"
	"google.golang.org/adk/runner"
	"google.golang.org/adk/session"
	"google.golang.org/adk/util/instructionutil"
	"google.golang.org/genai"
)

const (
	adkGo          = "adk-go, instruction with session state"
	genkitPrompt   = "genkit, Prompt.Render"
	langchainGo    = "langchaingo, Go template"
	langchainBrace = "langchaingo, f-string"
)

// peers makes the text by templates of other libraries for agents, each of one variable a part.
func peers(parts []string) ([]way, error) {
	values := map[string]any{}
	var goTemplate, braces, bars strings.Builder
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = fmt.Sprintf("part%d", i)
		values[names[i]] = part
		_, _ = fmt.Fprintf(&goTemplate, "{{.%s}}", names[i])
		_, _ = fmt.Fprintf(&braces, "{%s}", names[i])
		_, _ = fmt.Fprintf(&bars, "{{{%s}}}", names[i])
	}
	adk, err := adkWay(braces.String(), values)
	if err != nil {
		return nil, err
	}
	langchain := func(name string, template string, format prompts.TemplateFormat) way {
		t := prompts.PromptTemplate{Template: template, InputVariables: names, TemplateFormat: format}
		return way{name: name, batch: 10, make: func() (string, error) { return t.Format(values) }}
	}
	return []way{
		adk,
		langchain(langchainGo, goTemplate.String(), prompts.TemplateFormatGoTemplate),
		langchain(langchainBrace, braces.String(), prompts.TemplateFormatFString),
		genkitWay(bars.String(), values),
	}, nil
}

func genkitWay(template string, values map[string]any) way {
	ctx := context.Background()
	system := genkit.DefinePrompt(genkit.Init(ctx), "desk", ai.WithPrompt("%s", template), ai.WithInputType(values))
	return way{name: genkitPrompt, batch: 2, make: func() (string, error) {
		options, err := system.Render(ctx, values)
		if err != nil {
			return "", err
		}
		if len(options.Messages) != 1 || len(options.Messages[0].Content) != 1 {
			return "", errors.New("not one text")
		}
		return options.Messages[0].Content[0].Text, nil
	}}
}

// adkWay asks for the instruction inside of a turn of an agent: only there the library has the context that its
// template is filled from.
func adkWay(template string, values map[string]any) (way, error) {
	var inside agent.ReadonlyContext
	desk, err := llmagent.New(llmagent.Config{Name: "desk", Model: silent{}, InstructionProvider: func(ctx agent.ReadonlyContext) (string, error) {
		inside = ctx
		return "Be brief.", nil
	}})
	if err != nil {
		return way{}, err
	}
	ctx, sessions := context.Background(), session.InMemoryService()
	created, err := sessions.Create(ctx, &session.CreateRequest{AppName: "bench", UserID: "caller", State: values})
	if err != nil {
		return way{}, err
	}
	r, err := runner.New(runner.Config{AppName: "bench", Agent: desk, SessionService: sessions})
	if err != nil {
		return way{}, err
	}
	for _, err := range r.Run(ctx, "caller", created.Session.ID(), genai.NewContentFromText("Hello.", genai.RoleUser), agent.RunConfig{}) {
		if err != nil {
			return way{}, err
		}
	}
	if inside == nil {
		return way{}, errors.New("nobody asked for the instruction")
	}
	return way{name: adkGo, make: func() (string, error) { return instructionutil.InjectSessionState(inside, template) }}, nil
}

// silent is a model that says one word.
type silent struct{}

func (silent) Name() string { return "silent" }

func (silent) GenerateContent(context.Context, *adkmodel.LLMRequest, bool) iter.Seq2[*adkmodel.LLMResponse, error] {
	return func(yield func(*adkmodel.LLMResponse, error) bool) {
		yield(&adkmodel.LLMResponse{Content: genai.NewContentFromText("Hello.", genai.RoleModel), TurnComplete: true}, nil)
	}
}
