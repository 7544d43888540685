package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestParsePhoneNumberReadsE164AsPeopleWriteIt(t *testing.T) {
	for raw, want := range map[string]job.PhoneNumber{
		"+15551234567":            "+15551234567",
		" +1 (555) 123-4567 ":     "+15551234567",
		"+33.1.23.45.67.89":       "+33123456789",
		"+34\u00a0912 345 678":    "+34912345678",
		"+49\u201130\u2011123456": "+4930123456",
		"+1234567":                "+1234567",
		"+123456789012345":        "+123456789012345",
	} {
		got, err := job.ParsePhoneNumber(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, got)
	}
	for raw, digits := range map[string]int{
		"":                  0,
		"5551234567":        10, // no country code
		"+05551234567":      11, // no country begins with 0
		"+123456":           6,
		"+1234567890123456": 16,
		"++15551234567":     11,
		"15551234567+":      11,
		"+1555CALLNOW":      4,
		"+1555123４567":      10, // full-width
		"sip:desk":          0,
	} {
		_, err := job.ParsePhoneNumber(raw)
		var field *job.FieldError
		require.ErrorAs(t, err, &field, raw)
		require.Equal(t, "number", field.Field)
		require.Equal(t, job.RuleFormat, field.Rule)
		require.Equal(t, 15, field.Limit)
		require.Equal(t, digits, field.Got, raw)
	}
	_, err := job.ParsePhoneNumber(strings.Repeat("9", 500))
	require.Less(t, len(err.Error()), 250, "a pasted page does not become the message")
}

func TestParseTarget(t *testing.T) {
	for raw, want := range map[string]job.Target{
		"member:u-7/desk":                   {Kind: job.TargetMember, ID: "u-7", Inbox: "desk"},
		"member:ana@shop/línea2":            {Kind: job.TargetMember, ID: "ana@shop", Inbox: "línea2"},
		"inbox:support":                     {Kind: job.TargetInbox, ID: "support"},
		"inbox:a:b":                         {Kind: job.TargetInbox, ID: "a:b"},
		"number:+15551234567":               {Kind: job.TargetNumber, Number: "+15551234567"},
		"number:+1 555 123 4567":            {Kind: job.TargetNumber, Number: "+15551234567"},
		"inbox:" + strings.Repeat("é", 100): {Kind: job.TargetInbox, ID: strings.Repeat("é", 100)},
	} {
		got, err := job.ParseTarget(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, got)
		again, err := job.ParseTarget(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	for _, raw := range []string{
		"", "support", "inbox:", "inbox: support", "Inbox:support", "member:u-7", "member:/desk", "member:u-7/", "member:a/b/c",
		"number:", "number:5551234567", "sip:desk@example.com", "inbox:a b", "inbox:a\u00a0b", "inbox:a\"b", "inbox:a'b", "inbox:{{x}}",
		`inbox:a\b`, "inbox:a\u200bb", "inbox:e\u0301", "inbox:“a”", "inbox:" + strings.Repeat("x", 101),
	} {
		got, err := job.ParseTarget(raw)
		var field *job.FieldError
		require.ErrorAs(t, err, &field, raw)
		require.Equal(t, "to", field.Field)
		require.Zero(t, got)
		require.True(t, got.IsZero())
	}
	require.Empty(t, job.Target{}.String())
	require.Equal(t, `to: "desk" is no transfer target: write member:<id>/<inbox>, inbox:<id> or number:+15551234567`,
		second(job.ParseTarget("desk")).Error())
}

func TestATargetIsOneStringInJSON(t *testing.T) {
	type box struct {
		To job.Target `json:"to"`
	}
	for _, to := range []job.Target{{}, {Kind: job.TargetInbox, ID: "support"}, {Kind: job.TargetMember, ID: "u", Inbox: "i"}, {Kind: job.TargetNumber, Number: "+15551234567"}} {
		stored, err := json.Marshal(box{to})
		require.NoError(t, err)
		require.Equal(t, `{"to":"`+to.String()+`"}`, string(stored))
		var back box
		require.NoError(t, json.Unmarshal(stored, &back))
		require.Equal(t, to, back.To)
	}
	kept := box{job.Target{Kind: job.TargetInbox, ID: "kept"}}
	require.Error(t, json.Unmarshal([]byte(`{"to":"nowhere"}`), &kept))
	require.Equal(t, "kept", kept.To.ID)
}

func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"member:u-7/desk", "inbox:support", "number:+1 (555) 123-4567", "inbox:", "x:y", "inbox:a\\b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		to, err := job.ParseTarget(s)
		if (err == nil) == to.IsZero() {
			t.Fatalf("%q: %v, %v", s, to, err)
		}
		if err != nil {
			return
		}
		again, err := job.ParseTarget(to.String())
		if err != nil || again != to {
			t.Fatalf("%q: %v became %v, %v", s, to, again, err)
		}
		text := `Then {{action transfer_call to="` + to.String() + `"}}.`
		o := job.ParseOutline(text)
		if len(o.Actions) != 1 || o.Actions[0].Target != to {
			t.Fatalf("%q: not found in %q", s, text)
		}
	})
}
