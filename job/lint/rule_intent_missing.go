package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleIntentMissing = &rule{
	RuleInfo: RuleInfo{
		ID: "intent-missing", Practice: Goal, Severity: Hint, Language: "any",
		Title:   "Caller intent missing",
		Catches: "A job without a caller intent, whose instructions do not say either when it applies.",
		Why:     "Sona picks a job by what the caller means; a job that does not say when it applies is picked too late or not at all.",
		Source:  "Seed 8, Seed 42",
		How:     "The caller intent is blank, and no sentence speaks of callers who want, need or ask for something. Other ways to say it are not seen.",
		Bad: []Example{
			{Jobs: []job.Spec{{Name: "Message", Instructions: "1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye and end the call."}}},
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: " ", Instructions: "This job takes a message for the office. Ask for the full name and the message, one after the other."}}},
		},
		Good: []Example{
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller wants to leave a message.", Instructions: "1. Ask for the full name.\n2. Ask for the message."}}},
			{Jobs: []job.Spec{{Name: "Message", Instructions: "Use this job when a caller wants to leave a message. Ask for the full name and the message, one after the other."}}},
			{Jobs: []job.Spec{{Name: "Message", Instructions: "You are handling calls about lost keys. Ask where the caller is, then say who comes and when."}}},
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if len(t.words) < 8 || strings.TrimSpace(t.spec.CallerIntent) != "" || intents.any(t) || t.situation() {
			return
		}
		found(Finding{
			Field:   "callerIntent",
			Message: "Nothing says what a caller wants when this job applies.",
			Offer:   &Fix{Text: "The caller wants ____."},
		})
	},
}

// situation reports whether the first sentence tells what happened to a caller.
func (t *text) situation() bool {
	if len(t.sents) == 0 || t.sents[0].heading {
		return false
	}
	_, ok := callersAre.begins(t, 0)
	return ok
}

var callersAre = phrases(`the caller | the customer | the customer's | customer | customer's | caller | callers | customers | the patient | the guest | the client | the user | a caller | a customer | someone | el cliente | l'appelant | le client`)

// intents are ways to say for which callers something is.
var intents = phrases(`caller wants | callers want | caller would like | caller needs | callers need | callers who | caller who | caller asks | callers ask | caller calls
	customer wants | customers want | customer would like | customer needs | customers who | customer who | customer asks | customer has | customer is | customer calls | customer cannot | customer believes
	customer did | customer does | customer received | customers need | customer reports | customer requests
	user wants | users want | user needs | users who | user asks | user intends | user would like | user requests | user is
	patient wants | patients who | patient needs | client wants | clients who | guest wants | guests who | someone wants | someone calls | someone asks | they want | people who want
	wants to | want to | who want | who wants | who need | who needs | calling about | calling to | calls about | calls for | calling for | inbound calls | incoming calls | callers about
	use this job | use this when | use this procedure | use this process | use when | applies when | applies to | this job applies | only when | for callers | for customers
	when a caller | when a customer | when someone | when the caller | when the customer | if the caller | if the customer | if a caller | if a customer | if the user | if a user | when a user | when the user
	caller intends | intends to | looking to | interested in | has a question | have questions | questions about | requests for | inquiries | inquiry | enquiries
	help customers | help callers | help users | help patients | helping customers | helping callers | help the caller | help the customer | help the patient | help the user | assist customers | assist callers | assist users | assist patients | helping a | helping the customer | helping the caller | helping the user | helping the patient | assist with | handling a | handling the | listen to the | listen for the | your goal is to | your primary goal is to | goal is to
	el cliente quiere | la persona quiere | quien llama quiere | clientes que | si el cliente | cuando el cliente | cuando alguien | para quienes | quiere
	l'appelant veut | appelants qui | clients qui | si l'appelant | quand l'appelant | lorsque l'appelant | veut | souhaite | souhaitent`)
