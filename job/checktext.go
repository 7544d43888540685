package job

// CheckText returns the rules of typed text that raw breaks under the name field, counted on the
// cleaned text: UTF-8; not blank, when required; at most limit characters. It is how another package
// (a Knowledge page) holds its texts to the same rules with the same messages. None broken: nil.
func CheckText(field, raw string, required bool, limit int) []FieldError {
	var c checker
	clean := Clean(raw)
	c.utf8(field, raw)
	if required {
		c.required(field, clean)
	}
	c.atMost(field, count(clean), limit)
	return c.found
}

// CleanLine is [Clean] for a text of one line: line breaks and tabs become spaces.
func CleanLine(s string) string { return cleanLine(s) }
