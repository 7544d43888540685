package runtime_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func TestLogLinesAreNamedAsOpenTelemetryNamesThem(t *testing.T) {
	for name, tt := range map[string]struct {
		config     runtime.Config
		has, lacks []string
	}{
		"no words":        {runtime.Config{}, nil, []string{"xyzzy", "plugh"}},
		"words, asked":    {runtime.Config{LogTexts: true}, []string{`"gen_ai.input.messages":"xyzzy"`, `"gen_ai.output.messages":"plugh"`, `"gen_ai.tool.call.arguments":"{\"number\":\"xyzzy\",\"source\":\"shop\"}"`}, nil},
		"words, redacted": {runtime.Config{LogTexts: true, Redact: strings.NewReplacer("xyzzy", "•", "plugh", "•").Replace}, []string{`"gen_ai.input.messages":"•"`, `"gen_ai.output.messages":"•"`}, []string{"xyzzy", "plugh"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			var log bytes.Buffer
			tt.config.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			tt.config.Profile.Name = "big"
			tt.config.Model = scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "xyzzy"}), scripted.Say("plugh"))
			c := o.chat(t, tt.config, runtime.Incoming{ID: "call-1", Caller: call.Caller{Number: "+15550199", Name: "xyzzy"}})
			hear(t, c, "xyzzy")
			end(t, c)
			for _, want := range append(tt.has, `"msg":"model replied"`, `"msg":"action came back"`, `"msg":"call ended"`, `"gen_ai.conversation.id":"call-1"`, `"gen_ai.request.model":"big"`,
				`"gen_ai.prompt.version":"`+c.Prompt().Receipt.Stable+`"`, `"gen_ai.usage.input_tokens":`, `"gen_ai.usage.output_tokens":`, `"gen_ai.tool.name":"look_up"`, `"outcome":"hung_up"`) {
				require.Contains(t, log.String(), want)
			}
			for _, word := range append(tt.lacks, "+15550199") {
				require.NotContains(t, log.String(), word)
			}
		})
	}
}
