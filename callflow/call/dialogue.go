package call

// Line is one entry of a transcript in the shape of the vendor's public API.
type Line struct {
	Content    string   `json:"content"`
	Start      float64  `json:"start"` // seconds from the beginning of the call
	End        float64  `json:"end"`   // where the next turn begins, or the call ends; Start while that is not known
	Identifier *Address `json:"identifier"`
	UserID     *string  `json:"userId"` // always null: Sona is no user
}

// Dialogue returns the transcript in the shape of the vendor's public API. The agent's lines have no
// identifier.
func (r Record) Dialogue() []Line {
	lines := make([]Line, len(r.Turns))
	for i, t := range r.Turns {
		end := r.EndedAt
		if i+1 < len(r.Turns) {
			end = r.Turns[i+1].At
		}
		start := max(0, t.At.Sub(r.StartedAt).Seconds())
		lines[i] = Line{Content: t.Heard(), Start: start, End: max(start, end.Sub(r.StartedAt).Seconds())}
		if t.By == ByCaller {
			number := r.Caller.Number
			lines[i].Identifier = &number
		}
	}
	return lines
}
