package lint

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

func TestSeed_28_EveryTemplateAsItIsIsAValidJobWithoutFindings(t *testing.T) {
	require.Len(t, template.All(), 10)
	for _, one := range template.All() {
		_, err := job.New(one.Spec)
		require.NoError(t, err, one.Name)
		for _, f := range Spec(one.Spec, Context{}) {
			assert.Fail(t, "a finding", "%s: %s", one.Name, NewReport([]Source{{Spec: one.Spec}}, Context{}, []Finding{f}).Text())
		}
	}
}
