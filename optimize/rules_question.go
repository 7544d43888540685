package optimize

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/job/lint"
)

// asked are the questions to scaffolds that lint offers.
var asked = map[lint.RuleID]string{
	"goal-missing":      "What is this job for, and when is it done?",
	"refusal-missing":   "What should Sona do when the caller does not want to answer?",
	"end-missing":       "When is the job done, and how does the call end?",
	"intent-missing":    "What does a caller want who needs this job?",
	"size-tiny":         "What should Sona ask, say and do?",
	"action-no-failure": "What should Sona do when it fails?",
	"order-unnumbered":  "Do these steps follow one another, and can they have numbers?",
}

var policies = map[Policy]string{
	PolicySkip:      "If the caller declines to answer, skip the question and go on.",
	PolicyAskAgain:  "If the caller declines to answer, ask once more, then go on without the answer.",
	PolicyVoicemail: "If the caller declines to answer, offer to take a voicemail.",
}

// questions returns what only the author can answer, each once.
func questions(found []lint.Finding, policy Policy) []string {
	var all []string
	for _, f := range found {
		q := f.Question
		if f.Offer != nil {
			if q = asked[f.Rule]; q == "" {
				q = "What belongs there?"
			}
			scaffold := strings.Join(strings.Fields(f.Offer.Text), " ")
			if f.Rule == "refusal-missing" && policies[policy] != "" {
				scaffold = policies[policy]
			}
			q += " It could read: " + scaffold
		}
		if q == "" {
			continue
		}
		if q = f.Message + " " + q; !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	return all
}
