package template

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestSeed_27_AJobStartsFromScratchOrFromATemplate(t *testing.T) {
	scratch, err := job.New(job.Spec{Name: "Directions", Instructions: "This job gives directions to our door."})
	require.NoError(t, err)
	assert.Equal(t, "Directions", scratch.Name())

	for _, tmpl := range All() {
		fromTemplate, err := job.New(tmpl.Name.Spec())
		require.NoError(t, err, tmpl.Name)
		assert.Equal(t, tmpl.Spec.Name, fromTemplate.Name())
		assert.Equal(t, 0, fromTemplate.Revision(), "nothing is saved yet")
	}
}

func TestSeed_29_ChangingAJobFromATemplateChangesNothingElse(t *testing.T) {
	before := All()
	first, err := job.New(ChangeOrCancelABooking.Spec())
	require.NoError(t, err)
	other, err := job.New(ChangeOrCancelABooking.Spec())
	require.NoError(t, err)
	otherHash := other.Hash()

	// An author edits the job that came from the template …
	edited := first.Spec()
	edited.Name, edited.Instructions = "Move a table", "This job moves a table."
	edited.Results[3].Choices[0] = "postpone"
	changed, err := first.With(edited)
	require.NoError(t, err)
	assert.Equal(t, "postpone", changed.Spec().Results[3].Choices[0])

	// … and a host scribbles over everything that the catalogue handed out.
	for _, list := range [][]Template{All(), All()} {
		for i := range list {
			list[i].Spec.Instructions = "scribbled"
			for k := range list[i].Spec.Results {
				list[i].Spec.Results[k].Ask = "scribbled"
				for c := range list[i].Spec.Results[k].Choices {
					list[i].Spec.Results[k].Choices[c] = "scribbled"
				}
			}
			for k := range list[i].Blanks {
				list[i].Blanks[k] = Blank{Key: "scribbled", Default: "scribbled"}
			}
			list[i] = Template{}
		}
	}

	assert.Equal(t, before, All(), "the catalogue is as it was")
	assert.Equal(t, otherHash, other.Hash(), "so is the other job of the same template")
	assert.Equal(t, ChangeOrCancelABooking.Spec(), other.Spec())
}

func TestGet(t *testing.T) {
	for i, tmpl := range All() {
		got, ok := Get(tmpl.Name)
		assert.True(t, ok)
		assert.Equal(t, tmpl, got)
		assert.Equal(t, names[i], got.Name, "catalogue order")
		assert.Equal(t, got.Spec, tmpl.Name.Spec())
	}
	for _, unknown := range []Name{"", "nope", "../texts/take-a-message", "Take a message"} {
		got, ok := Get(unknown)
		assert.False(t, ok)
		assert.Zero(t, got)
		assert.Zero(t, unknown.Spec())
		assert.Error(t, unknown.Spec().Check(), "the zero Spec is no job")
	}
}
