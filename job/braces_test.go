package job_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

// braced is what an outline finds in double braces, without the spans.
func braced(text string) (actions []job.ActionUse, variables []job.Variable) {
	o := job.ParseOutline(text)
	for _, u := range o.Actions {
		u.Span = job.Span{}
		actions = append(actions, u)
	}
	for _, v := range o.Variables {
		v.Span = job.Span{}
		variables = append(variables, v)
	}
	return actions, variables
}

func sms(text string) []job.ActionUse {
	return []job.ActionUse{{Name: job.SendSMS, Args: map[string]string{"text": text}}}
}

func TestActionsAreReadAsAuthorsWriteThem(t *testing.T) {
	support := job.Target{Kind: job.TargetInbox, ID: "support"}
	for name, c := range map[string]struct {
		text string
		want []job.ActionUse
	}{
		"a text message":        {`{{action send_sms text="Here you are."}}`, sms("Here you are.")},
		"no arguments":          {`{{action voicemail}}`, []job.ActionUse{{Name: job.Voicemail}}},
		"blanks":                {"{{  action \t end_call  }}", []job.ActionUse{{Name: job.EndCall}}},
		"a wrapped line":        {"{{action\nsend_sms\n  text=\"a\nb\"}}", sms("a\nb")},
		"a line of Windows":     {"{{action\r\nvoicemail}}", []job.ActionUse{{Name: job.Voicemail}}},
		"a target":              {`{{action transfer_call to="inbox:support"}}`, []job.ActionUse{{Name: job.TransferCall, Args: map[string]string{"to": "inbox:support"}, Target: support}}},
		"an unreadable target":  {`{{action transfer_call to="support"}}`, []job.ActionUse{{Name: job.TransferCall, Args: map[string]string{"to": "support"}}}},
		"an action of the host": {`{{action book_table day="today" size="4"}}`, []job.ActionUse{{Name: "book_table", Args: map[string]string{"day": "today", "size": "4"}}}},
		"escapes":               {`{{action send_sms text="say \"hi\" \\ twice\nbye C:\temp"}}`, sms("say \"hi\" \\ twice\nbye C:\\temp")},
		"smart quotes":          {`{{action send_sms text=“Here you are.”}}`, sms("Here you are.")},
		"German quotes":         {`{{action send_sms text=„Bitte.“}}`, sms("Bitte.")},
		"two closing quotes":    {`{{action send_sms text=”Here.”}}`, sms("Here.")},
		"mixed quotes":          {`{{action send_sms text=“Here."}}`, sms("Here.")},
		"smart quotes inside":   {`{{action send_sms text="He said “hi”."}}`, sms("He said “hi”.")},
		"an empty text":         {`{{action send_sms text=""}}`, sms("")},
		"braces inside":         {`{{action send_sms text="a }} b"}}`, sms("a }} b")},
		"two on a line":         {`{{action voicemail}}{{action end_call}}`, []job.ActionUse{{Name: job.Voicemail}, {Name: job.EndCall}}},
		"third brace":           {`{{{action voicemail}}}`, []job.ActionUse{{Name: job.Voicemail}}},
		"behind a broken one":   {`{{action {{action voicemail}}`, []job.ActionUse{{Name: job.Voicemail}}},

		"escaped":               {`\{{action voicemail}}`, nil},
		"one brace":             {`{action voicemail}`, nil},
		"unclosed":              {`{{action voicemail`, nil},
		"unclosed quote":        {`{{action send_sms text="Here}}`, nil},
		"unclosed smart quote":  {`{{action send_sms text=“Here}}`, nil},
		"low quote in a text":   {`{{action send_sms text=„a „b”}}`, nil},
		"no quotes":             {`{{action send_sms text=Here}}`, nil},
		"no value":              {`{{action send_sms text}}`, nil},
		"blank before the sign": {`{{action send_sms text ="a"}}`, nil},
		"no blank between":      {`{{action book a="1"b="2"}}`, nil},
		"the same key twice":    {`{{action book a="1" a="2"}}`, nil},
		"capitals":              {`{{action SendSMS text="a"}}`, nil},
		"no name":               {`{{action =}}`, nil},
		"a digit first":         {`{{action 2nd}}`, nil},
		"a paragraph between":   {"{{action\n\nvoicemail}}", nil},
		"a name of 65":          {`{{action ` + strings.Repeat("a", 65) + `}}`, nil},
		"33 arguments":          {`{{action book ` + manyArgs(33) + `}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := braced(c.text)
			require.Empty(t, cmp.Diff(c.want, got))
		})
	}
	got, _ := braced(`{{action book ` + manyArgs(32) + `}}`)
	require.Len(t, got[0].Args, 32)
}

func manyArgs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(` a` + strings.Repeat("x", i) + `="v"`)
	}
	return b.String()
}

func TestVariablesAreReadAsAuthorsWriteThem(t *testing.T) {
	named := func(name string) []job.Variable { return []job.Variable{{Name: name}} }
	or := func(text string) []job.Variable {
		return []job.Variable{{Name: "name", Default: text, HasDefault: true}}
	}
	for text, want := range map[string][]job.Variable{
		`{{name}}`:                        named("name"),
		`{{ name }}`:                      named("name"),
		"{{\n name\n}}":                   named("name"),
		`{{first_name2}}`:                 named("first_name2"),
		`{{{name}}}`:                      named("name"),
		`{{ {{name}} }}`:                  named("name"),
		`{{action}}`:                      named("action"),
		`{{action }}`:                     named("action"),
		`{{name|default:"you"}}`:          or("you"),
		`{{name | default: "you"}}`:       or("you"),
		`{{name | default: “you”}}`:       or("you"),
		`{{name | default: ""}}`:          or(""),
		`{{name | default: "say \"x\""}}`: or(`say "x"`),
		`{{a}}{{a}}`:                      {{Name: "a"}, {Name: "a"}},

		`\{{name}}`:                           nil,
		`{{}}`:                                nil,
		`{{ }}`:                               nil,
		`{{Name}}`:                            nil,
		`{{caller.name}}`:                     nil,
		`{{name`:                              nil,
		`{{name}`:                             nil,
		`{{2x}}`:                              nil,
		`{{_x}}`:                              nil,
		`{{first name}}`:                      nil,
		`{{name | upper}}`:                    nil,
		`{{name | default: you}}`:             nil,
		`{{name | default: "you}}`:            nil,
		`{{name} }`:                           nil,
		`{{prénom}}`:                          nil,
		`{% if x %}`:                          nil,
		`{{` + strings.Repeat("a", 65) + `}}`: nil,
	} {
		_, got := braced(text)
		require.Empty(t, cmp.Diff(want, got), text)
	}
}

func TestVariablesInTheTextOfAnActionAreListedAtTheAction(t *testing.T) {
	text := `Hi {{a}}. {{action book day="{{b}} or {{c | default: \"today\"}}" size="\{{d}}"}} {{e}}`
	o := job.ParseOutline(text)
	var got []string
	for _, v := range o.Variables {
		got = append(got, v.Name+" "+v.Default)
	}
	require.Equal(t, []string{"a ", "b ", "c today", "e "}, got)
	require.Equal(t, o.Actions[0].Span, o.Variables[1].Span)
	require.Equal(t, o.Actions[0].Span, o.Variables[2].Span)
	require.Equal(t, "{{e}}", o.Variables[3].Span.In(text))
}

func TestSpansOfActionsAndVariablesCoverTheBraces(t *testing.T) {
	text := `é \{{x}} {{ name }} {{action voicemail}}`
	o := job.ParseOutline(text)
	require.Equal(t, "{{ name }}", o.Variables[0].Span.In(text))
	require.Equal(t, "{{action voicemail}}", o.Actions[0].Span.In(text))
}
