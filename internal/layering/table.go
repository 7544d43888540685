package layering

// Entry is one package and its place in the house.
type Entry struct {
	Package string   // directory in the repository; "." is the root
	Row     int      // it may import lower rows only, and no package of its own row
	Why     string   // what the row and the exceptions are good for; a failure quotes it
	Never   []string // lower packages that stay out of reach all the same; "storage/..." is storage and all below
	Allow   []string // imports that its row forbids and that it has a reason for
	Extern  []string // third-party packages besides golang.org/x/text, those below them included
	Use     Use
}

// Use says who may import a package.
type Use int

// Who may import a package.
const (
	Library Use = iota // packages of higher rows, and hosts
	Plugged            // hosts and tests only: the library is handed one through an interface
	Tooling            // tests and tooling only: never part of a host's program
)

// LastPure is the last row of values and rules: no I/O, no clock, no randomness.
const LastPure = 5

// rowOfNested is above all of the root module.
const rowOfNested = 11

const (
	value    = "an import of I/O or of a clock would make a rule depend on when and where it runs"
	chosen   = "the host chooses its storage and its model and hands them in"
	strange  = "saving and wording do not know each other: the host saves what an author accepted"
	tooling  = "tests and tooling see everything and nothing sees them"
	internal = "internal helpers stand below everything"
	nested   = "a nested module: a host's build holds nothing that it did not ask for"
)

var (
	noDriver = []string{"storage/memory", "storage/storagetest", "runtime/model/scripted", "runtime/model/cassette",
		"runtime/model/modeltest", "runtime/model/rehearsal", "runtime/model/openai", "runtime/model/langchain"}
	schema = []string{"github.com/invopop/jsonschema"}
	assert = []string{"github.com/stretchr/testify", "github.com/google/go-cmp"}
)

// Table returns the layers of the house, lowest first. A new package starts here.
func Table() []Entry {
	return []Entry{
		{Package: "internal/ident", Row: 0, Why: internal, Allow: []string{"crypto/rand"}}, // new IDs are random
		{Package: "internal/digest", Row: 0, Why: internal},
		{Package: "internal/bm25", Row: 0, Why: internal},
		{Package: "internal/assent", Row: 0, Why: internal},
		{Package: "internal/schema", Row: 0, Why: internal},
		{Package: "internal/spoken", Row: 0, Why: internal},
		{Package: "internal/rest", Row: 0, Why: internal},

		{Package: "job", Row: 1, Why: value},

		{Package: "job/template", Row: 2, Why: value},
		{Package: "job/lint", Row: 2, Why: value},
		{Package: "callflow/knowledge", Row: 2, Why: value},

		{Package: "callflow", Row: 3, Why: value, Allow: []string{"crypto/rand"}}, // the settings' nonce is random

		{Package: "callflow/call", Row: 4, Why: value},

		{Package: "runtime/prompt", Row: 5, Why: "the prompt is a pure function of the snapshot: " + value},

		{Package: "runtime/model", Row: 6, Why: "a port below everything that runs a call"},
		{Package: "storage", Row: 6, Why: strange},
		{Package: "optimize", Row: 6, Why: strange},

		{Package: "runtime/model/scripted", Row: 7, Why: "models know the port, not each other"},
		{Package: "runtime/model/cassette", Row: 7, Why: "models know the port, not each other"},
		{Package: "runtime/model/rehearsal", Row: 7, Why: "models know the port, not each other"},
		{Package: "runtime/model/modeltest", Row: 7, Why: "the suite knows the port and no model", Use: Plugged,
			Never: []string{"storage/...", "optimize/..."}, Extern: assert}, // it runs in the tests of models only
		{Package: "runtime/model/openai", Row: 7, Why: chosen, Use: Plugged},
		{Package: "runtime/model/langchain", Row: 7, Why: chosen, Use: Plugged, Extern: []string{"github.com/tmc/langchaingo"}},
		{Package: "storage/memory", Row: 7, Why: "a driver knows the contract and no domain rule", Use: Plugged,
			Never: []string{"job/...", "callflow/...", "optimize/...", "runtime/..."}},
		{Package: "storage/storagetest", Row: 7, Why: "the suite knows the contract and no driver", Use: Plugged,
			Never: []string{"optimize/...", "runtime/..."}, Extern: assert}, // it runs in the tests of drivers only
		{Package: "optimize/rewrite", Row: 7, Why: strange, Never: []string{"storage/..."}},

		{Package: "runtime", Row: 8, Why: chosen, Never: noDriver},

		{Package: "runtime/action", Row: 9, Why: "a convenience over runtime", Extern: schema},
		{Package: "runtime/mockcall", Row: 9, Why: "the test kit drives the same runtime"},

		{Package: "runtime/httpapi", Row: 10, Why: "a door of the house: nothing inside leans on it", Extern: schema},
		{Package: "runtime/voice/relay", Row: 10, Why: "a door of the house: nothing inside leans on it"},
		{Package: "runtime/voice/chatapi", Row: 10, Why: "a door of the house: nothing inside leans on it"},

		{Package: ".", Row: 10, Why: "the root package is documentation and imports nothing",
			Never: []string{"job/...", "callflow/...", "optimize/...", "runtime/...", "storage/...", "internal/..."}},

		{Package: "storage/sqlite", Row: rowOfNested, Why: nested},
		{Package: "storage/postgres", Row: rowOfNested, Why: nested},
		{Package: "examples", Row: rowOfNested, Why: nested},
		{Package: "bench", Row: rowOfNested, Why: nested},

		{Package: "internal/tree", Row: 12, Why: tooling, Use: Tooling},
		{Package: "internal/golden", Row: 13, Why: tooling, Use: Tooling, Extern: assert},
		{Package: "internal/corpus", Row: 13, Why: tooling, Use: Tooling},
		{Package: "internal/compilecheck", Row: 13, Why: tooling, Use: Tooling},
		{Package: "internal/layering", Row: 13, Why: tooling, Use: Tooling},
		{Package: "internal/docscheck", Row: 14, Why: tooling, Use: Tooling},
		{Package: "internal/cover", Row: 14, Why: tooling, Use: Tooling},
		{Package: "internal/stranger", Row: 14, Why: tooling, Use: Tooling},
	}
}
