package langchain

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// reasons are the words of the providers, in small letters and without signs. googleai begins each with
// FinishReason.
var reasons = map[string]model.Reason{
	"stop": model.Stop, "endturn": model.Stop, "stopsequence": model.Stop, "eos": model.Stop, "endoftext": model.Stop,
	"finish": model.Stop, "finished": model.Stop, "complete": model.Stop, "completed": model.Stop,
	"toolcalls": model.ToolCalls, "functioncall": model.ToolCalls, "tooluse": model.ToolCalls, "toolcall": model.ToolCalls,
	"length": model.Length, "maxtokens": model.Length, "modellength": model.Length, "modelcontextwindowexceeded": model.Length,
	"contentfilter": model.Filtered, "contentfiltered": model.Filtered, "refusal": model.Filtered, "safety": model.Filtered,
	"recitation": model.Filtered, "blocklist": model.Filtered, "prohibitedcontent": model.Filtered, "spii": model.Filtered,
	"guardrailintervened": model.Filtered, "errortoxic": model.Filtered,
}

// broken are words for a fault of the provider.
var broken = map[string]bool{"error": true, "errorlimit": true, "networkerror": true, "malformedfunctioncall": true, "insufficientsystemresource": true}

var errNoReason = errors.New("the reply has no stop reason: its stream may have broken off")

// reason translates why a model stopped. No word is a broken stream, unless the reply can be believed without
// one. A word that is not known ends a reply as well as any other.
func reason(word string, believed bool) (model.Reason, error) {
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(word))
	key = strings.TrimPrefix(key, "finishreason")
	known, ok := reasons[key]
	switch {
	case ok:
		return known, nil
	case broken[key]:
		return "", &model.Error{Kind: model.Unavailable, Err: fmt.Errorf("the model stopped for the reason %q", key)}
	case believed && word == "":
		return model.Stop, nil
	case word == "", key == "null", key == "unspecified":
		return "", &model.Error{Kind: model.Truncated, Err: errNoReason}
	}
	return model.Stop, nil
}

// usage reads the counts under the names of the providers. anthropic counts what it reads from and writes to
// its cache beside the input; for all others the cached tokens are part of it.
func usage(info map[string]any) model.Usage {
	count := func(names ...string) int {
		for _, name := range names {
			if n := number(info[name]); n > 0 {
				return n
			}
		}
		return 0
	}
	u := model.Usage{
		In:     count("PromptTokens", "input_tokens", "prompt_tokens"),
		Cached: count("PromptCachedTokens", "CachedTokens", "CacheReadInputTokens"),
		Out:    count("CompletionTokens", "OutputTokens", "output_tokens", "completion_tokens"),
	}
	if _, beside := info["InputTokens"]; beside {
		u.Cached = count("CacheReadInputTokens")
		u.In = count("InputTokens") + u.Cached + count("CacheCreationInputTokens")
	}
	if u == (model.Usage{}) && info["usage"] != nil { // mistral: a struct of its client
		var nested map[string]any
		if raw, err := json.Marshal(info["usage"]); err == nil && json.Unmarshal(raw, &nested) == nil {
			delete(nested, "usage")
			return usage(nested)
		}
	}
	return u
}

// number takes the integers of clients and of JSON; a count that is none is 0.
func number(v any) int {
	const limit = 1 << 40
	n := int64(0)
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int32:
		n = int64(v)
	case int64:
		n = v
	case float64:
		if v > 0 && v < limit {
			n = int64(v)
		}
	}
	return int(min(max(n, 0), limit))
}
