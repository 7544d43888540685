package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestProblemSaysWhyAnActionCannotBeCarriedOut(t *testing.T) {
	for text, want := range map[string]string{
		`{{action send_sms text="Here."}}`:            "",
		`{{action transfer_call to="inbox:support"}}`: "",
		`{{action voicemail}}`:                        "",
		`{{action end_call}}`:                         "",
		`{{action book_table}}`:                       "",
		`{{action send_sms}}`:                         "text",
		`{{action send_sms text=" "}}`:                "text",
		`{{action transfer_call}}`:                    "to",
		`{{action transfer_call to="Ana"}}`:           "to",
	} {
		u := job.ParseOutline(text).Actions[0]
		err := u.Problem()
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		var field *job.FieldError
		require.ErrorAs(t, err, &field, text)
		require.Equal(t, want, field.Field)
		require.Contains(t, err.Error(), want+": ")
	}
}

func TestThereAreFourBuiltInActions(t *testing.T) {
	terminal := map[job.ActionName]bool{job.SendSMS: false, job.TransferCall: true, job.Voicemail: true, job.EndCall: true}
	specs := job.BuiltinActions()
	require.Len(t, specs, len(terminal))
	for _, s := range specs {
		require.Equal(t, terminal[s.Name], s.Terminal, s.Name)
		require.NotEmpty(t, s.Description)
		require.Empty(t, s.Parameters, "the model fills in nothing")
	}
	specs[0].Name = "changed"
	require.Equal(t, job.SendSMS, job.BuiltinActions()[0].Name)
}

func TestParseActionName(t *testing.T) {
	for _, good := range []string{"a", "book_table", "x2", strings.Repeat("a", 64)} {
		name, err := job.ParseActionName(good)
		require.NoError(t, err)
		require.Equal(t, job.ActionName(good), name)
	}
	for bad, rule := range map[string]string{
		"":                      job.RuleFormat,
		"Book":                  job.RuleFormat,
		"book table":            job.RuleFormat,
		"2nd":                   job.RuleFormat,
		"_x":                    job.RuleFormat,
		"größe":                 job.RuleFormat,
		strings.Repeat("a", 65): job.RuleFormat,
		"send_sms":              job.RuleUnique,
		"end_call":              job.RuleUnique,
	} {
		name, err := job.ParseActionName(bad)
		var field *job.FieldError
		require.ErrorAs(t, err, &field, bad)
		require.Equal(t, "name", field.Field)
		require.Equal(t, rule, field.Rule)
		require.Empty(t, name)
	}
}
