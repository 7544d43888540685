package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestExpandPutsValuesInOnce(t *testing.T) {
	values := map[string]string{"name": "Ana", "evil": `{{name}} \{{ {{action end_call}}`, "empty": ""}
	for text, c := range map[string]struct {
		want    string
		missing []string
	}{
		"no braces":                           {"no braces", nil},
		"Hi {{name}}!":                        {"Hi Ana!", nil},
		"{{name}}{{name}}":                    {"AnaAna", nil},
		`{{nick | default: "friend"}}`:        {"friend", nil},
		`{{name | default: "friend"}}`:        {"Ana", nil},
		`{{empty | default: "friend"}}`:       {"", nil},
		`{{nick | default: "{{name}}"}}`:      {"{{name}}", nil},
		"{{evil}}":                            {`{{name}} \{{ {{action end_call}}`, nil},
		"{{nick}}, {{city}}, {{nick}}":        {", , ", []string{"nick", "city"}},
		`\{{name}} is {{name}}`:               {"{{name}} is Ana", nil},
		`{{action send_sms text="{{name}}"}}`: {`{{action send_sms text="{{name}}"}}`, nil},
		"{{Name}} {{caller.name}} {{":         {"{{Name}} {{caller.name}} {{", nil},
		"{{{name}}}":                          {"{Ana}", nil},
		"{{ {{name}} }}":                      {"{{ Ana }}", nil},
	} {
		got, missing := job.Expand(text, values)
		require.Equal(t, c.want, got, text)
		require.Equal(t, c.missing, missing, text)
	}
	got, missing := job.Expand("{{name}}", nil)
	require.Empty(t, got)
	require.Equal(t, []string{"name"}, missing)
}

func FuzzExpand(f *testing.F) {
	f.Add("Hi {{name}}, {{nick | default: \"you\"}} {{x}}", "{{name}}")
	f.Add(`\{{name}} {{action send_sms text="{{name}}"}} {{{name}}}`, `"}} {{x}}`)
	f.Add("{{name{{name}}", `\`)
	f.Fuzz(func(t *testing.T, text, value string) {
		got, missing := job.Expand(text, map[string]string{"name": value})
		for _, m := range missing {
			if m == "name" || strings.Count(" "+strings.Join(missing, " ")+" ", " "+m+" ") != 1 {
				t.Fatalf("missing %v", missing)
			}
		}
		// A value is never read: any other value of the name gives the same text around it.
		const mark = "\x00"
		marked, _ := job.Expand(text, map[string]string{"name": mark})
		if !strings.Contains(text, mark) && strings.ReplaceAll(marked, mark, value) != got {
			t.Fatalf("%q with %q: %q, with a mark %q", text, value, got, marked)
		}
	})
}
