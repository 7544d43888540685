package prompt

import "slices"

// Model is a model that is often used, with what its maker says about its size.
type Model struct {
	Name    string // as it stands in requests
	Context int    // tokens
	Source  string // where it was read
	Read    string // when, as a date
}

// Profile returns the profile of the model: the zero Profile with its context.
func (m Model) Profile() Profile { return Profile{Name: m.Name, ContextTokens: m.Context} }

// Models returns models that are often used, by name. Makers change and withdraw models: what is not in the
// list, or has changed, is a Profile of the host's own.
func Models() []Model { return slices.Clone(models) }

const read = "2026-11-23"

const (
	pageOfOpenAI = "https://developers.openai.com/api/docs/models/compare.md"
	pageOfHaiku  = "https://platform.claude.com/docs/en/models/haiku-5-5/overview.md" // compares it with the others
	pageOfGoogle = "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/gemini/3-flash"
)

var models = []Model{
	{"claude-haiku-4-5", 200_000, "https://platform.claude.com/docs/zh-CN/models/haiku-4-5/overview.md", read},
	{"claude-haiku-5-5", 1_000_000, pageOfHaiku, read},
	{"claude-opus-5-5", 1_000_000, pageOfHaiku, read},
	{"claude-sonnet-4-5", 200_000, "https://platform.claude.com/docs/zh-CN/models/sonnet-4-5/overview.md", read},
	{"claude-sonnet-5", 1_000_000, "https://platform.claude.com/docs/zh-CN/models/sonnet-5/overview.md", read},
	{"claude-sonnet-5-5", 1_000_000, pageOfHaiku, read},
	{"gemini-3-flash-preview", 1_048_576, pageOfGoogle, read},
	{"gpt-4.1-mini", 1_047_576, "https://vercel.com/ai-gateway/models/gpt-4.1-mini-fast.md", read},
	{"gpt-4o-mini", 128_000, "https://vercel.com/ai-gateway/models/gpt-4o-mini-fast.md", read},
	{"gpt-5.5", 1_050_000, pageOfOpenAI, read},
	{"gpt-5.6-luna", 1_050_000, pageOfOpenAI, read},
	{"gpt-5.6-sol", 1_050_000, pageOfOpenAI, read},
	{"gpt-5.6-terra", 1_050_000, pageOfOpenAI, read},
}
