package mockcall_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/mockcall"
)

func private() call.Record {
	return call.Record{
		ID: "CA1", Caller: call.Caller{Number: "+14155550123", Name: "Zoë Ångström"},
		Turns: []call.Turn{
			{By: call.ByCaller, Text: "Hi, my name is Zoë Ångström, I call for Peter Pan."},
			{By: call.ByAgent, Text: "Hello Zoë! Is it (415) 555-0123?", Interrupted: true, Spoken: 10},
			{By: call.ByCaller, Text: "Yes, four one five five five five zero one two three. Or zoe.a@mail.example.org."},
			{By: call.ByCaller, Text: "zoe.a at mail dot example dot org. This is Ms Ångström speaking, Z-O-E. Zoology is nice, 4 plates."},
		},
		Effects: []call.Effect{{Action: "book", Args: json.RawMessage(`{"who":"Zoë Ångström","n":4,"list":["ZOË"]}`), Done: true}},
		Summary: call.Summary{Summary: []string{"Zoë called."}, Jobs: []call.JobResult{{Name: "J", Result: call.Result{Data: []call.Datum{
			{Name: "Full name", Value: "Zoë Ångström"}, {Name: "Phone", Value: "+14155550123"}, {Name: "Recipient name", Value: "Peter Pan"}, {Name: "Plates", Value: 4.0}}}}}},
	}
}

func TestARedactedCallNamesNobody(t *testing.T) {
	was := private()
	r := mockcall.Redact(was)
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	for _, secret := range []string{"Zoë", "ZOË", "Ångström", "Peter", "Pan", "555-0123", "4155550123", "four one five", "zoe.a", "Z-O-E"} {
		require.NotContains(t, string(raw), secret)
	}
	require.Equal(t, private(), was, "the record itself is left alone")

	require.Equal(t, "Hi, my name is Alex Morgan, I call for Robin Carter.", r.Turns[0].Text)
	require.Equal(t, "Hello Alex! Is it +12025550100?", r.Turns[1].Text)
	require.Contains(t, r.Turns[2].Text, "+12025550100", "the same number, spoken")
	require.Contains(t, r.Turns[2].Text, "person1@example.com")
	require.Contains(t, r.Turns[3].Text, "person1 at example dot com", "the same address, spoken")
	require.Contains(t, r.Turns[3].Text, "Zoology is nice, 4 plates.")
	require.JSONEq(t, `{"who":"Alex Morgan","n":4,"list":["Alex"]}`, string(r.Effects[0].Args))
	name, _ := r.Summary.Get("J", "Full name")
	require.Equal(t, "Alex Morgan", name, "what is said and what is collected still agree")
	require.LessOrEqual(t, r.Turns[1].Spoken, len([]rune(r.Turns[1].Text)))
}

func TestRedactingTwiceChangesNothingMore(t *testing.T) {
	once := mockcall.Redact(private())
	numbers := strings.Count(once.Transcript(), "+1202555")
	require.Equal(t, numbers, strings.Count(mockcall.Redact(once).Transcript(), "+1202555"))
}

// No record makes Redact panic, and no phone number survives it.
func FuzzRedact(f *testing.F) {
	f.Add("my name is Ann (", "+1 (415) 555-0123", `{"a":"Ann"}`)
	f.Add("I am \xff\xfe", "İ", `[`)
	f.Fuzz(func(t *testing.T, text, name, args string) {
		r := call.Record{Caller: call.Caller{Name: name}, Turns: []call.Turn{{By: call.ByCaller, Text: text + " +14155550123", Interrupted: true, Spoken: 3}}}
		if json.Valid([]byte(args)) {
			r.Effects = []call.Effect{{Args: json.RawMessage(args)}}
		}
		require.NotContains(t, mockcall.Redact(r).Turns[0].Text, " +14155550123")
	})
}
