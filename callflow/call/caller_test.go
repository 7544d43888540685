package call_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

func TestParseID_TakesWhatTelephonySystemsUse(t *testing.T) {
	for _, s := range []string{"CA1234567890abcdef", "a84b4c76e66710@pc33.example.com", "3848276298220188511", "<x:y;z=1>", strings.Repeat("a", 255)} {
		id, err := call.ParseID(s)
		require.NoError(t, err)
		assert.Equal(t, call.ID(s), id)
	}
	for _, s := range []string{"", " ", "a b", "a\n", "é", "\x00", "\x7f", strings.Repeat("a", 256)} {
		_, err := call.ParseID(s)
		fault, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%q", s)
		assert.Equal(t, "id", fault.Field)
		assert.Equal(t, 255, fault.Limit)
	}
	fresh := call.NewID()
	_, err := call.ParseID(string(fresh))
	require.NoError(t, err)
	assert.NotEqual(t, fresh, call.NewID())
}

// A call never fails for the shape of an address, so every method answers every text.
func TestAddress_EveryShapeThatRings(t *testing.T) {
	for _, tt := range []struct {
		address  call.Address
		normal   call.Address
		valid    bool
		withheld bool
		phone    job.PhoneNumber
	}{
		{"+15551234567", "+15551234567", true, false, "+15551234567"},
		{"+1 (555) 123-4567", "+15551234567", true, false, "+15551234567"},
		{" +44.20.7946.0958\n", "+442079460958", true, false, "+442079460958"},
		{"0015551234567", "0015551234567", false, false, ""},
		{"15551234567", "15551234567", false, false, ""},
		{"5551234567", "5551234567", true, false, ""},
		{"204", "204", true, false, ""},
		{"72727", "72727", true, false, ""},
		{"2562533", "2562533", true, false, ""},
		{"SIP:Desk@Example.COM", "sip:Desk@example.com", true, false, ""},
		{"sip:+15551234567@gw.example.com", "sip:+15551234567@gw.example.com", true, false, ""},
		{"tel:+15551234567", "tel:+15551234567", false, false, ""},
		{"J. Doe", "J. Doe", false, false, ""},
		{"\xff\x00", "\xff\x00", false, false, ""},
		{"", "", false, true, ""},
		{"  ", "", false, true, ""},
		{"anonymous", "anonymous", false, true, ""},
		{"Restricted", "Restricted", false, true, ""},
		{"UNKNOWN", "UNKNOWN", false, true, ""},
		{"No Caller ID", "No Caller ID", false, true, ""},
		{"sip:anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid", false, true, ""},
		{"sip:Anonymous@example.com", "sip:Anonymous@example.com", false, true, ""},
		{"sips:c8oqz84zk7z@anonymous.invalid", "sips:c8oqz84zk7z@anonymous.invalid", false, true, ""},
		{"+266696687", "+266696687", false, true, ""},
	} {
		assert.Equal(t, tt.normal, tt.address.Normal(), "%q", tt.address)
		again := tt.normal.Normal()
		assert.Equal(t, tt.normal, again, "%q: the normal form is its own", tt.address)
		assert.Equal(t, tt.valid, tt.address.Valid(), "%q", tt.address)
		assert.Equal(t, tt.withheld, tt.address.Withheld(), "%q", tt.address)
		phone, ok := tt.address.Phone()
		assert.Equal(t, tt.phone, phone, "%q", tt.address)
		assert.Equal(t, tt.phone != "", ok, "%q", tt.address)
	}
}
