package prompt_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/tree"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// bothPlans builds a scene with its jobs open, and with its jobs closed.
func bothPlans(t testing.TB, s scene) map[string]prompt.Prompt {
	t.Helper()
	full := s.build(t)
	s.options.Profile.InstructionCap = full.Tokens - 1
	closed := s.build(t)
	require.Equal(t, prompt.Index, closed.Plan.Kind)
	return map[string]prompt.Prompt{"full": full, "index": closed}
}

// howUsed is the section that says how jobs are used.
func howUsed(t testing.TB, p prompt.Prompt) string {
	t.Helper()
	return part(t, p.Stable, "# 8. How jobs are used\n", "# 9.")
}

func TestSeed_43_JobsAreGuidanceNotAScript(t *testing.T) {
	for plan, p := range bothPlans(t, salon()) {
		require.Contains(t, howUsed(t, p), "- A job is guidance, not a script. Use your own words,", plan)
		require.Contains(t, howUsed(t, p), "skip what the caller has told already", plan)
		for _, script := range []string{"word for word", "verbatim", "literally", "read aloud", "exactly as written"} {
			require.NotContains(t, strings.ToLower(p.Stable), script, plan)
		}
	}
	// What stands above the jobs in authority does not depend on them.
	require.Equal(t, howUsed(t, salon().build(t)), howUsed(t, actions().build(t)))
}

func TestSeed_44_ChangeOfSubjectFollowsAStatedRule(t *testing.T) {
	for plan, p := range bothPlans(t, salon()) {
		require.Contains(t, howUsed(t, p), "- The caller changes the subject: take up what they want now, then offer to go back to what was begun.\n", plan)
		require.Contains(t, howUsed(t, p), "At most one job is in hand at a time.", plan)
		require.Contains(t, howUsed(t, p), "Two jobs fit: ask one question that tells them apart. No job fits: say so,", plan)
	}
}

// What a call does then is requirement 46; here is what the agent is told.
func TestADeclinedQuestionIsAskedOnceMoreAtMost(t *testing.T) {
	for plan, p := range bothPlans(t, salon()) {
		require.Contains(t, howUsed(t, p), "- The caller does not want to answer: do what the job says for that. If it says nothing, ask once more with the reason, then go on without the answer. Never ask a third time.\n", plan)
	}
}

func TestSeed_45_NumberedStepsKeepTheirOrder(t *testing.T) {
	s := actions()
	s.jobs = append(s.jobs, job.Spec{Name: "Long", Instructions: `# Part one
1. Greet {{first_name}}.
   1.1 Ask for the street.
   1.2 Ask for the town.
2) Read both back. {{action send_sms text="1. first 2. second"}}
10. Say that ten comes before three here, as written.
3. {{action end_call}}
# Part two
a) Apples.
b) Pears.`})
	label := regexp.MustCompile(`(?m)^\s*(\d+(?:\.\d+)*|[a-z])[.) ]`)
	labels := func(text string) (found []string) {
		for _, m := range label.FindAllStringSubmatch(text, -1) {
			found = append(found, m[1])
		}
		return found
	}
	for plan, p := range bothPlans(t, s) {
		require.Contains(t, howUsed(t, p), "but keep the order of numbered steps", plan)
		for i, spec := range s.jobs {
			text, err := p.OpenJob(fmt.Sprintf("J%d", i+1))
			require.NoError(t, err)
			want := labels(spec.Instructions)
			require.Equal(t, want, labels(text), plan)
			require.True(t, len(want) > 4 || i == 1)
		}
	}
}

// synonyms are words that must not name what PRODUCT's words name.
var synonyms = map[string]string{
	"agenda": "job", "skill": "job", "playbook": "job", "routine": "job", "recipe": "job", "sop": "job", "runbook": "job", "procedure": "job",
	"workflow": "call flow", "node": "step", "bot": "Sona", "chatbot": "Sona", "ivr": "call flow",
	"trigger": "caller intent", "kb": "Knowledge", "faq": "Knowledge", "article": "Knowledge page",
	"deploy": "publish", "golive": "publish", "enhance": "Optimize", "simulation": "mock call", "wrapup": "call summary", "recap": "call summary",
	"organization": "workspace", "tenant": "workspace",
}

// kept are words of the product, and where a host finds each of them.
var kept = map[string]string{
	"workspace": "storage.Workspace", "phone number": "job.PhoneNumber", "call flow": "callflow.Flow", "step": "callflow.Step", "Sona step": "callflow.SonaStep",
	"job": "job.Job", "template": "template.Template", "caller intent": "job.Spec.CallerIntent", "instructions": "job.Spec.Instructions",
	"action": "job.ActionName", "Knowledge page": "knowledge.Page", "draft": "callflow.Draft", "publish": "callflow.Flow.Publish",
	"mock call": "mockcall.Run", "call summary": "call.Summary",
}

func TestSeed_54_TheVocabulary(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	names := map[string]bool{}
	for _, p := range house.Packages {
		if p.Module == "." && !strings.HasPrefix(p.Dir, "internal/") {
			for _, f := range p.Files {
				if !f.Test {
					exportedNames(f.Syntax, names)
				}
			}
		}
	}
	require.Greater(t, len(names), 300)
	for name := range names {
		for _, word := range words(name[strings.IndexByte(name, '.')+1:]) {
			require.Empty(t, synonyms[word], "%s: PRODUCT calls it so", name)
		}
	}
	for word, name := range kept {
		require.True(t, names[name], "%s: there is no %s", word, name)
	}

	// The agent reads the same words.
	said := salon()
	said.jobs, said.pages, said.settings.Guardrails = said.jobs[:1], said.pages[:1], nil
	for plan, p := range bothPlans(t, said) {
		text := strings.ToLower(p.System())
		for _, word := range regexp.MustCompile(`[a-z]+`).FindAllString(text, -1) {
			require.Empty(t, synonyms[word], "%s plan: %q", plan, word)
		}
		for _, word := range []string{"sona", "job", "knowledge", "action", "caller", "page", "step"} {
			require.Contains(t, text, word)
		}
	}
}

func TestTheVocabularyCheckCanFail(t *testing.T) {
	found := map[string]bool{}
	for _, name := range []string{"job.NewPlaybook", "job.Spec.SkillIDs", "callflow.FAQ", "callflow.IVRStep", "prompt.Diff"} {
		for _, word := range words(name[strings.IndexByte(name, '.')+1:]) {
			if synonyms[word] != "" {
				found[word] = true
			}
		}
	}
	require.Equal(t, []string{"faq", "ivr", "playbook", "skill"}, slices.Sorted(maps.Keys(found)))
}

// exportedNames adds the exported names of a file as package.Name, package.Type.Method and
// package.Type.Field.
func exportedNames(f *ast.File, names map[string]bool) {
	pkg := f.Name.Name + "."
	add := func(prefix string, ids ...*ast.Ident) {
		for _, id := range ids {
			if id.IsExported() {
				names[prefix+id.Name] = true
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			receiver := ""
			if d.Recv != nil {
				receiver = strings.TrimPrefix(fmt.Sprint(typeName(d.Recv.List[0].Type)), "*") + "."
			}
			add(pkg+receiver, d.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					if d.Tok == token.CONST || d.Tok == token.VAR {
						add(pkg, spec.Names...)
					}
				case *ast.TypeSpec:
					add(pkg, spec.Name)
					if s, ok := spec.Type.(*ast.StructType); ok && spec.Name.IsExported() {
						for _, field := range s.Fields.List {
							add(pkg+spec.Name.Name+".", field.Names...)
						}
					}
				}
			}
		}
	}
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// words splits a Go name into its words, in small letters and the singular: CallerIntents → caller, intent.
func words(name string) []string {
	var all []string
	runes := []rune(name)
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || !unicode.IsLetter(runes[i]) || unicode.IsUpper(runes[i]) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			word := strings.ToLower(strings.Trim(string(runes[start:i]), "._0123456789"))
			all, start = append(all, word, strings.TrimSuffix(word, "s")), i
		}
	}
	return all
}
