package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/schema"
)

func parse(t testing.TB, raw string) schema.Schema {
	t.Helper()
	s, err := schema.Parse(json.RawMessage(raw))
	require.NoError(t, err)
	return s
}

func value(t testing.TB, raw string) any {
	t.Helper()
	v, err := schema.Decode(json.RawMessage(raw))
	require.NoError(t, err)
	return v
}

func TestAValueIsTakenOrRefusedWithWhatIsWrong(t *testing.T) {
	for _, tt := range []struct{ schema, value, want string }{
		{``, `1`, ""},
		{`true`, `1`, ""},
		{`false`, `1`, "must not be there"},
		{`{}`, `null`, ""},
		{`{"frobnicate":3,"minLength":"x","enum":3,"items":[]}`, `"a"`, ""},

		{`{"type":"string"}`, `1`, "must be of type string"},
		{`{"type":["string","null"]}`, `null`, ""},
		{`{"type":["string","null"]}`, `1`, "must be of type string or null"},
		{`{"type":"integer"}`, `2.0`, ""},
		{`{"type":"integer"}`, `2.5`, "must be of type integer"},
		{`{"type":"integer"}`, `1e999`, "must be of type integer"},
		{`{"type":"number"}`, `true`, "must be of type number"},
		{`{"type":"array"}`, `{}`, "must be of type array"},
		{`{"type":"odd"}`, `{}`, ""},

		{`{"enum":["a","b"]}`, `"b"`, ""},
		{`{"enum":["a","b"]}`, `"c"`, `must be one of "a", "b"`},
		{`{"enum":[1]}`, `1.0`, ""},
		{`{"const":{"a":[1]}}`, `{"a":[1]}`, ""},
		{`{"const":2}`, `3`, "must be one of 2"},

		{`{"maxLength":3}`, `"äöü"`, ""}, // code points, not bytes
		{`{"maxLength":3}`, `"äöüß"`, "must have at most 3 characters"},
		{`{"minLength":2}`, `"a"`, "must have at least 2 characters"},
		{`{"pattern":"^[0-9]+$"}`, `"12a"`, "must match the pattern ^[0-9]+$"},
		{`{"pattern":"^[0-9]+$"}`, `"12"`, ""},
		{`{"pattern":"(?!a)"}`, `"a"`, ""}, // no regular expression of Go's: ignored

		{`{"minimum":1,"maximum":8}`, `0`, "must be at least 1"},
		{`{"minimum":1,"maximum":8}`, `9`, "must be at most 8"},
		{`{"minimum":1,"maximum":8}`, `1e999`, "must be at most 8"},
		{`{"exclusiveMinimum":1,"exclusiveMaximum":2}`, `1`, "must be more than 1"},
		{`{"exclusiveMinimum":1,"exclusiveMaximum":2}`, `2`, "must be less than 2"},
		{`{"multipleOf":0.1}`, `0.3`, ""},
		{`{"multipleOf":5}`, `7`, "must be a multiple of 5"},

		{`{"items":{"type":"string"}}`, `["a",1]`, `"[1]" must be of type string`},
		{`{"prefixItems":[{"type":"number"}],"items":{"type":"string"}}`, `[1,"a"]`, ""},
		{`{"minItems":1}`, `[]`, "must have at least 1 entries"},
		{`{"maxItems":1}`, `[1,2]`, "must have at most 1 entries"},
		{`{"uniqueItems":true}`, `[1,2,1.0]`, `"[2]" stands there twice`},

		{`{"required":["a"]}`, `{"b":1}`, `"a" is missing`},
		{`{"properties":{"a":{"type":"string"}}}`, `{"a":1}`, `"a" must be of type string`},
		{`{"properties":{"a":{}},"additionalProperties":false}`, `{"b":1}`, `"b" is not known: there are ["a"]`},
		{`{"additionalProperties":{"type":"number"}}`, `{"b":"x"}`, `"b" must be of type number`},
		{`{"minProperties":1}`, `{}`, "must have at least 1 properties"},
		{`{"maxProperties":1}`, `{"a":1,"b":2}`, "must have at most 1 properties"},
		{`{"properties":{"a":{"items":{"properties":{"b":{"enum":[1]}}}}}}`, `{"a":[{},{"b":2}]}`, `"a[1].b" must be one of 1`},

		{`{"allOf":[{"type":"string"},{"minLength":2}]}`, `"a"`, "must have at least 2 characters"},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `null`, ""},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `1`, "is none of what it may be"},
		{`{"anyOf":[{"type":"string"}]}`, `1`, "must be of type string"},
		{`{"oneOf":[{"type":"number"},{"type":"integer"}]}`, `1`, "is several of what it may be one of"},
		{`{"oneOf":[{"type":"number"},{"type":"string"}]}`, `1`, ""},

		{`{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"string"}}}`, `1`, "must be of type string"},
		{`{"$ref":"#/$defs/none"}`, `1`, ""},
		{`{"$ref":"https://example.com/x"}`, `1`, ""},
		{`{"properties":{"next":{"$ref":"#"},"n":{"type":"number"}}}`, `{"next":{"next":{"n":"x"}}}`, `"next.next.n" must be of type number`},
	} {
		err := parse(t, tt.schema).Check(value(t, tt.value))
		if tt.want == "" {
			require.NoError(t, err, "%s %s", tt.schema, tt.value)
			continue
		}
		require.EqualError(t, err, tt.want, "%s %s", tt.schema, tt.value)
	}
}

func TestWhatIsNoSchemaIsAnError(t *testing.T) {
	for _, raw := range []string{`1`, `"a"`, `[]`, `null`, `{`, `{} {}`} {
		_, err := schema.Parse(json.RawMessage(raw))
		require.Error(t, err, raw)
	}
	_, err := schema.Decode(json.RawMessage(`{`))
	require.Error(t, err)
}

func TestASchemaTellsItsProperties(t *testing.T) {
	s := parse(t, `{"$ref":"#/$defs/x","$defs":{"x":{"properties":{"b":{"type":["integer","null"]},"a":{"$ref":"#/$defs/y"}},"required":["a"],"additionalProperties":true},"y":{"type":"string"}}}`)
	names, more := s.Properties()
	require.Equal(t, []string{"a", "b"}, names)
	require.True(t, more)
	require.Equal(t, []string{"a"}, s.Required())
	require.Equal(t, []string{"integer", "null"}, s.Types("b"))
	require.Equal(t, []string{"string"}, s.Types("a"))
	require.Empty(t, s.Types("c"))
	require.EqualError(t, s.CheckProperty("b", "x"), `"b" must be of type integer or null`)
	require.NoError(t, s.CheckProperty("c", "x"))

	names, more = schema.Schema{}.Properties()
	require.Empty(t, names)
	require.False(t, more)
	require.Empty(t, schema.Schema{}.Required())
	require.Empty(t, schema.Schema{}.Types("a"))
	require.NoError(t, schema.Schema{}.CheckProperty("a", 1))
	_, more = parse(t, `{"additionalProperties":false}`).Properties()
	require.False(t, more)
}

// A schema that refers to itself in more ways than can be followed, and values without a bottom, come to an end.
func TestHostileSchemasAndValuesComeToAnEnd(t *testing.T) {
	loop := `{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}],"type":"number"}`
	require.Error(t, parse(t, loop).Check("x"))
	_ = parse(t, `{"$ref":"#"}`).Check("x")
	deep := strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000)
	require.NoError(t, parse(t, `{"items":{"$ref":"#"}}`).Check(value(t, deep)))
	_ = parse(t, strings.Repeat(`{"items":`, 5000)+`{}`+strings.Repeat(`}`, 5000))
}

func TestAMessageDoesNotRepeatTheValue(t *testing.T) {
	for _, raw := range []string{`{"type":"number"}`, `{"enum":["a"]}`, `{"maxLength":1}`, `{"pattern":"^a"}`} {
		err := parse(t, raw).Check("xyzzy")
		require.Error(t, err)
		require.NotContains(t, err.Error(), "xyzzy")
	}
}

func FuzzSchema(f *testing.F) {
	f.Add(`{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}`, `{"a":{}}`)
	f.Add(`{"enum":[1,2],"oneOf":[{},{}]}`, `1e400`)
	f.Fuzz(func(_ *testing.T, rawSchema, rawValue string) {
		s, err := schema.Parse(json.RawMessage(rawSchema))
		if err != nil {
			return
		}
		v, err := schema.Decode(json.RawMessage(rawValue))
		if err != nil {
			return
		}
		_ = s.Check(v)
		_ = s.CheckProperty("a", v)
	})
}
