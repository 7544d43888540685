package knowledge_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

func ExampleRead() {
	spec, err := knowledge.Read("prices.csv", []byte("Service,Price\nHaircut,40\nBeard trim,25\n"))
	fmt.Println(spec.Title, err)
	fmt.Print(spec.Text)
	// Output:
	// prices <nil>
	// Service: Haircut
	// Price: 40
	//
	// Service: Beard trim
	// Price: 25
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		what, name, data string
		title, text      string
	}{
		{"text is taken as it is", "Hours.TXT", "Nine to five.\n  Closed on Sunday.\n", "Hours", "Nine to five.\n  Closed on Sunday.\n"},
		{"and cleaned", "a.text", "a\r\nb\u200b\x07", "a", "a\nb"},
		{"directories are no part of the name", `C:\docs\team/hours.v2.txt`, "x", "hours.v2", "x"},
		{"a name that is only an extension is the title", ".txt", "x", ".txt", "x"},
		{"a long name is shortened", strings.Repeat("é", 300) + ".txt", "x", "", ""},
		{"Markdown's first heading is the title and stays in the text", "x.md", "\n# Opening hours #\nNine.", "Opening hours", "\n# Opening hours #\nNine."},
		{"without one the name is", "x.markdown", "Nine.\n# Later", "x", "Nine.\n# Later"},
		{"a hash tag is no heading", "x.md", "#nine", "x", "#nine"},
		{"nor is one without words", "x.md", "# #\nNine.", "x", "# #\nNine."},
		{"the byte order mark is no text", "x.txt", "\xef\xbb\xbfNine.", "x", "Nine."},
		{"UTF-16 is read, low byte first", "x.txt", "\xff\xfeN\x00\xe9\x00\x3d\xd8\x00\xde", "x", "Né😀"},
		{"and high byte first", "x.txt", "\xfe\xff\x00N\x00\xe9", "x", "Né"},
		{"a replacement character is text", "x.txt", "a\uFFFD", "x", "a\uFFFD"},

		{"a table has a paragraph a row", "x.csv", "Name,Price\nTea,2\nCake,4\n", "x", "Name: Tea\nPrice: 2\n\nName: Cake\nPrice: 4\n"},
		{"semicolons part cells", "x.csv", "Name;Price\nTea, green;2,50\n", "x", "Name: Tea, green\nPrice: 2,50\n"},
		{"tabs, too, and empty cells stay empty", "x.csv", "Name\tSize\tPrice\nTea\t\t2\n", "x", "Name: Tea\nPrice: 2\n"},
		{"in .tsv nothing else does", "x.tsv", "Name, full\nTea, green\n", "x", "Name, full: Tea, green\n"},
		{"the hint of spreadsheets is obeyed", "x.csv", "sep=|\nName|Price\nTea|2\n", "x", "Name: Tea\nPrice: 2\n"},
		{"quotes hold separators, quotes and lines", "x.csv", "\"Name;of,it\",Note\n\"Tea, \"\"green\"\"\",\"hot\r\n\r\nor cold\"\n", "x",
			"Name;of,it: Tea, \"green\"\nNote: hot\n  or cold\n"},
		{"a quote in the wrong place is a character", "x.csv", "Name,Size\nPizza,12\" wide\n", "x", "Name: Pizza\nSize: 12\" wide\n"},
		{"rows may be ragged and headers missing", "x.csv", "Name,,Price\nTea,hot\nCake,big,4,new\n,,\n", "x",
			"Name: Tea\nColumn 2: hot\n\nName: Cake\nColumn 2: big\nPrice: 4\nColumn 4: new\n"},
		{"a single row is a line", "x.csv", "Tea, Cake,Juice", "x", "Tea, Cake, Juice\n"},

		{"JSON becomes lines in the order of the file", "x.json", `{"name":"Spa","open":true,"fee":1.50,"rules":null,"tags":[],"note":" "}`, "x",
			"name: Spa\nopen: yes\nfee: 1.50\nrules: none\ntags: none\nnote: none\n"},
		{"nested values are indented", "x.json", `{"hours":{"mon":"9-5","sun":{"closed":false}},"phones":["1","2"],"":0}`, "x",
			"hours:\n  mon: 9-5\n  sun:\n    closed: no\nphones:\n  - 1\n  - 2\n\"\": 0\n"},
		{"lists of lists keep their shape", "x.json", `{"a":[[1,2],{"b":3,"c":[4]},{}]}`, "x", "a:\n  - - 1\n    - 2\n  - b: 3\n    c:\n      - 4\n  - none\n"},
		{"entries of the outermost list are paragraphs", "x.json", `[{"a":1},{"a":2},"b",["c"],[]]`, "x", "a: 1\n\na: 2\n- b\n\n- c\n\nnone\n"},
		{"a text of several lines stays one value", "x.json", `{"a":"one\n\ntwo"}`, "x", "a: one\n  two\n"},
		{"an empty list has nothing", "x.json", `[]`, "x", "none\n"},
		{"one value is a text", "x.json", `"Nine to five."`, "x", "Nine to five.\n"},
		{"JSON Lines is one document after the other", "x.json", "{\"a\":1}\n{\"a\":2}\n", "x", "a: 1\n\na: 2\n"},
	} {
		t.Run(c.what, func(t *testing.T) {
			got, err := knowledge.Read(c.name, []byte(c.data))
			require.NoError(t, err)
			require.NoError(t, got.Check())
			require.True(t, got.Equal(got.Clean()))
			require.Equal(t, knowledge.Uploaded, got.Source.Kind)
			if c.text == "" { // only the limits matter
				require.Equal(t, knowledge.MaxTitle, utf8.RuneCountInString(got.Title))
				require.Equal(t, knowledge.MaxSourceName, utf8.RuneCountInString(got.Source.Name))
				return
			}
			if diff := cmp.Diff([]string{c.title, c.text}, []string{got.Title, got.Text}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	wide := strings.Repeat("h", 5_000_000) + "\n" + strings.Repeat("x\n", 10) // each row repeats the header
	for _, c := range []struct {
		what, name, data string
		want             knowledge.ReadError
	}{
		{"more than 10 MB", "a.txt", strings.Repeat("a", knowledge.MaxUpload+1), knowledge.ReadError{Rule: "too_large", Limit: 10 << 20, Got: 10<<20 + 1}},
		{"a table that grows without end", "a.csv", wide, knowledge.ReadError{Rule: "too_large", Limit: 20 << 20}},
		{"and JSON that does", "a.json", strings.Repeat("[", 31) + `"` + strings.Repeat(`a\n`, 350_000) + `"`, knowledge.ReadError{Rule: "too_large", Limit: 20 << 20}},
		{"a PDF: the host extracts its text", "a.PDF", "%PDF-1.7", knowledge.ReadError{Rule: "pdf"}},
		{"a PDF under another name", "a.txt", "%PDF-1.7", knowledge.ReadError{Rule: "pdf"}},
		{"another type", "a.docx", "PK", knowledge.ReadError{Rule: "unknown_type"}},
		{"no type", "README", "hello", knowledge.ReadError{Rule: "unknown_type"}},
		{"what is no text", "a.txt", "ab\x00c", knowledge.ReadError{Rule: "not_text", Got: 2}},
		{"another encoding", "a.csv", "caf\xe9", knowledge.ReadError{Rule: "not_text", Got: 3}},
		{"half a character of UTF-16", "a.txt", "\xff\xfeN", knowledge.ReadError{Rule: "not_text", Got: 2}},
		{"JSON that is none", "a.json", "{\n\"a\" 1}", knowledge.ReadError{Rule: "malformed", Got: 2}},
		{"JSON that breaks off", "a.json", "{\n\"a\":\n[1,", knowledge.ReadError{Rule: "malformed", Got: 3}},
		{"or in an object", "a.json", "{\"a\"", knowledge.ReadError{Rule: "malformed", Got: 1}},
		{"or in the outermost list", "a.json", "[{}", knowledge.ReadError{Rule: "malformed", Got: 1}},
		{"or is broken there", "a.json", "[1,\n}", knowledge.ReadError{Rule: "malformed", Got: 2}},
		{"JSON nested without end", "a.json", strings.Repeat(`{"a":`, 99), knowledge.ReadError{Rule: "malformed", Got: 1}},
		{"lists nested without end", "a.json", strings.Repeat(`[`, 1_000_000), knowledge.ReadError{Rule: "malformed", Got: 1}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got, err := knowledge.Read(c.name, []byte(c.data))
			require.Zero(t, got)
			refused, ok := errors.AsType[*knowledge.ReadError](err)
			require.True(t, ok, "%T %v", err, err)
			require.Contains(t, err.Error(), `file "`+c.name+`": `, "the message names the file")
			c.want.File, c.want.Message = c.name, refused.Message
			if diff := cmp.Diff(c.want, *refused); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefusesAFileWithoutText(t *testing.T) {
	for _, name := range []string{"a.txt", "a.md", "a.csv", "a.json"} {
		_, err := knowledge.Read(name, []byte(" \n\n"))
		field, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, "text", field.Field)
		require.Equal(t, job.RuleRequired, field.Rule)
	}
}

func TestAFileThatIsTooLongForAPageIsHandedOverWhole(t *testing.T) {
	text := strings.Repeat("Nine to five. ", 2_000)
	_, err := knowledge.Read("hours.txt", []byte(text))
	long, ok := errors.AsType[*knowledge.TooLongError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, 20_000, long.Limit)
	require.Equal(t, 28_000, long.Got)
	require.Equal(t, text, long.Spec.Text)
	require.Equal(t, `file "hours.txt": 28000 characters, at most 20000 in one page: split it into several`, err.Error())
	field, ok := errors.AsType[*job.FieldError](err)
	require.True(t, ok, "it is a broken rule like any other, too")
	require.Equal(t, job.RuleMaxLength, field.Rule)
	for _, s := range knowledge.Split(long.Spec) {
		require.NoError(t, s.Check())
	}
}

func FuzzRead(f *testing.F) {
	for _, ext := range []string{"txt", "md", "csv", "tsv", "json", "pdf", "x"} {
		f.Add("a."+ext, []byte("# Hours\nName;Price\n\"Tea\n\n\";2"))
	}
	f.Add("a.json", []byte(`[{"a":[[],{"b\n":null}]},"\ud800",1e400]`))
	f.Add("a.csv", []byte("sep=;\na;b\n\"\"\";\t"))
	f.Add("a.txt", []byte("\xff\xfea\x00\x00\xd8"))
	f.Add("\xff/\u202e.JSON", []byte("{}{}[]"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		s, err := knowledge.Read(name, data)
		if err == nil {
			require.NoError(t, s.Check())
			require.True(t, s.Equal(s.Clean()), "%q", s)
			return
		}
		require.Zero(t, s)
		require.True(t, utf8.ValidString(err.Error()), "%q", err)
		if long, ok := errors.AsType[*knowledge.TooLongError](err); ok {
			require.Greater(t, long.Got, long.Limit)
			return
		}
		_, refused := errors.AsType[*knowledge.ReadError](err)
		_, invalid := errors.AsType[*job.ValidationError](err)
		require.True(t, refused || invalid, "%T", err)
	})
}
