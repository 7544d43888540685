package call

// Receipt says which prompt the agent had, as hashes (hexadecimal SHA-256): enough to prove later that a
// prompt rebuilt from the kept revisions is the same to the byte.
type Receipt struct {
	Stable  string            `json:"stable"`  // of the part that all calls of the published step share
	Context string            `json:"context"` // of the part of this call; empty before it is known
	Tools   string            `json:"tools"`
	Inputs  map[string]string `json:"inputs"` // every input of the stable part: "job:<id>@<revision>" and its like → hash
	Format  int               `json:"format"` // of the layout; rises when the assembler changes a byte
}
