package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// number is the one that is called.
const number callflow.Line = "+15550100"

// publish puts the jobs and pages into a workspace in memory and publishes a flow with them.
func publish(ctx context.Context, o options) (*storage.Workspace, error) {
	ws := storage.Open(memory.New(), "console")
	specs, err := o.specs()
	if err != nil {
		return nil, err
	}
	step := callflow.SonaStep{Greeting: o.greeting}
	for _, s := range specs {
		j, err := ws.CreateJob(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("job %q: %w", s.Name, err)
		}
		step.Jobs = append(step.Jobs, j.ID())
	}
	for _, file := range o.knowledge {
		s, err := readPage(file)
		if err != nil {
			return nil, err
		}
		p, err := ws.CreatePage(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		step.Pages = append(step.Pages, p.ID())
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Console", number, step))
	if err != nil {
		return nil, err
	}
	_, err = ws.Publish(ctx, flow.ID(), flow.Revision())
	return ws, err
}

// specs returns the jobs of the files, named after them, or two templates.
func (o options) specs() ([]job.Spec, error) {
	if len(o.jobs) == 0 {
		return []job.Spec{template.TakeAMessage.Spec(), template.TalkToAPerson.Spec()}, nil
	}
	var all []job.Spec
	for _, file := range o.jobs {
		text, err := os.ReadFile(file) //nolint:gosec // the file is named by whoever runs the command
		if err != nil {
			return nil, err
		}
		base := filepath.Base(file)
		name := strings.NewReplacer("-", " ", "_", " ").Replace(strings.TrimSuffix(base, filepath.Ext(base)))
		all = append(all, job.Spec{Name: name, Instructions: string(text)})
	}
	return all, nil
}

func readPage(file string) (knowledge.Spec, error) {
	data, err := os.ReadFile(file) //nolint:gosec // the file is named by whoever runs the command
	if err != nil {
		return knowledge.Spec{}, err
	}
	s, err := knowledge.Read(filepath.Base(file), data)
	if err != nil {
		return knowledge.Spec{}, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}
