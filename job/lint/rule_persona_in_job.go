package lint

// rulePersona: who Sona is, said in one of its jobs.
var rulePersona = &rule{RuleInfo: RuleInfo{
	ID: "persona-in-job", Practice: Together, Severity: Hint, Title: "Who Sona is belongs to the step",
	Catches:  "A sentence that gives Sona a name, a role or a character in the instructions of one job.",
	Why:      "The other jobs of the step do not know it: Sona changes its name and manner in the middle of a call.",
	Source:   "Package callflow: a step has one greeting and one persona",
	How:      "“You are …” with a role, “your name is”, “act as”, “you are …, a friendly …”, outside of quotations.",
	Language: "en",
	Bad: []Example{
		says("You are Alex, a friendly receptionist.\n1. Ask for the name."),
		says("Your name is Kim. Ask for the day."),
		says("You are a helpful assistant for a dental office. Book visits."),
	},
	Good: []Example{
		says("You are helping the caller book a table."),
		says("If they ask whether you are a bot, say yes."),
		says("Say: “You are speaking with a virtual assistant.”"),
		says("You are done when the caller has agreed."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "persona-in-job"}
	for _, h := range youAre.all(t) {
		s := t.sents[h.sent]
		sp := t.span(h.from, h.to)
		if h.from-s.from > 3 || !t.instructs(h.sent) || t.quoted(sp) || t.has(ifWords, s.from, h.from) >= 0 {
			continue
		}
		role := t.has(sonaRoles, h.to, min(h.to+14, s.to))
		if gives := t.plain(h.to-1) == "is" || t.plain(h.from) != "you" && t.plain(h.from) != "you're"; !gives && (role < 0 || t.has(ifWords, h.to, role) >= 0 || t.plain(h.to) == "now" || t.plain(h.to) == "talking" || t.plain(h.to) == "speaking") {
			continue
		}
		found.add(t.span(h.from, min(max(role+1, h.to+1), s.to)))
	}
	if len(found.list) > 1 {
		found.list = found.list[:1]
	}
	found.report(r, Finding{Message: "%s says who Sona is, not what this job does.", Question: "Should all jobs of the step know it? Then it belongs to the step's personality."})
}}

var (
	youAre    = phrases("you are|you're|your name is|act as|your persona is|speak as|pretend to be")
	sonaRoles = setOf(`assistant agent receptionist representative specialist ai bot chatbot concierge coordinator consultant advisor adviser operator host
		hostess persona secretary scheduler manager clerk expert professional interviewer recruiter salesperson dispatcher attendant helper server waiter nurse
		technician collector surveyor guide butler`)
)
