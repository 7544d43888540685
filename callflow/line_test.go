package callflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

func TestParseLine_ReadsWhatCanBeDialledAndGivesItsNormalForm(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want callflow.Line
	}{
		{"+15551234567", "+15551234567"},
		{" +1 (555) 123-4567 ", "+15551234567"},
		{"+44.20.7946.0958", "+442079460958"},
		{"sip:desk@example.com", "sip:desk@example.com"},
		{"SIP:Desk@Example.COM", "sip:Desk@example.com"},
		{"sips:desk@example.com:5061", "sips:desk@example.com:5061"},
		{"sip:example.com", "sip:example.com"},
		{"204", "204"},
		{"*9", "*9"},
		{"#31#", "#31#"},
		{"1234567890", "1234567890"},
	} {
		got, err := callflow.ParseLine(tt.in)
		require.NoError(t, err, tt.in)
		assert.Equal(t, tt.want, got, tt.in)
	}
}

func TestParseLine_RefusesWhatNobodyCanDialAndSaysWhatToWrite(t *testing.T) {
	for _, in := range []string{
		"", "   ", "anonymous", "+", "+0123456789", "12345678901", "555-1234", "20 4",
		"tel:+15551234567", "sip:", "sip:@example.com", "sip:desk@", "sip:a@b@c", "sip:de sk@example.com",
		"sip:dösk@example.com", "sip:<desk>@example.com", "mailto:desk@example.com",
		"sip:" + strings.Repeat("a", 252), "\x00204", "204\n205",
	} {
		line, err := callflow.ParseLine(in)
		fault, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%q", in)
		assert.Empty(t, line)
		assert.Equal(t, "numbers", fault.Field)
		assert.Equal(t, job.RuleFormat, fault.Rule)
		assert.Contains(t, err.Error(), "+15551234567", "it says what to write")
		assert.Less(t, len(err.Error()), 600, "a pasted page does not flood the message")
	}
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"+15551234567", "+1 (555) 123-4567", "sip:Desk@Example.com", "sips:x", "204", "*#", "", "sip:a:b@c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, err := callflow.ParseLine(s)
		if err != nil {
			assert.Empty(t, line)
			return
		}
		again, err := callflow.ParseLine(string(line))
		require.NoError(t, err)
		assert.Equal(t, line, again, "the normal form is its own normal form")
	})
}
