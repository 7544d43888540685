package call

import "time"

// SummaryStatus says how far the summary of a call is.
type SummaryStatus string

// The states of a summary. Summaries come after the call.
const (
	SummaryAbsent     SummaryStatus = "absent"
	SummaryInProgress SummaryStatus = "in-progress"
	SummaryCompleted  SummaryStatus = "completed"
	SummaryFailed     SummaryStatus = "failed"
)

// Summary is what a person reads after the call, in the shape of the vendor's public API.
type Summary struct {
	Status    SummaryStatus `json:"status"`
	Summary   []string      `json:"summary"`
	NextSteps []string      `json:"nextSteps"`
	Jobs      []JobResult   `json:"jobs"` // one entry for each job that was used, in the order of use
}

// JobResult is what one job found out.
type JobResult struct {
	Icon   string `json:"icon"` // for the host's own display; the library leaves it empty
	Name   string `json:"name"`
	Result Result `json:"result"`
}

// Result holds the values of a job, in the order of its fields.
type Result struct {
	Data []Datum `json:"data"`
}

// Datum is one typed value: a string, a float64, a bool, or nil when the call did not tell.
type Datum struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Get returns the value of a job's result; false when there is no such job or field.
func (s Summary) Get(job, field string) (value any, ok bool) {
	for _, j := range s.Jobs {
		for _, d := range j.Result.Data {
			if j.Name == job && d.Name == field {
				return d.Value, true
			}
		}
	}
	return nil, false
}

// Activity is one earlier contact of this caller with this inbox.
type Activity struct {
	Kind string    `json:"kind"` // call, message, voicemail
	Text string    `json:"text"` // untrusted
	At   time.Time `json:"at"`
}

// Usage counts the model's tokens.
type Usage struct {
	In     int `json:"in"`     // all input tokens
	Cached int `json:"cached"` // of these, read from the provider's cache
	Out    int `json:"out"`
}

// Add returns the sum of u and v.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.In + v.In, u.Cached + v.Cached, u.Out + v.Out}
}
