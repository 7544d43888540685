package main

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// desk is a published Sona step with the jobs that one kind of business attaches.
type desk struct {
	snapshot callflow.Snapshot
	jobs     map[template.Name]job.Job
}

// deskName names a desk.
type deskName string

// The desks. Together they have every template.
const (
	front    deskName = "front"    // who answers when nobody else does
	bookings deskName = "bookings" // a practice
	service  deskName = "service"  // a workshop
)

var attached = map[deskName][]template.Name{
	front:    {template.TakeAMessage, template.TalkToAPerson, template.EscalateToAPerson, template.TakeAComplaint},
	bookings: {template.ScheduleAnAppointment, template.ChangeOrCancelABooking, template.SendAnIntakeForm, template.TakeAMessage},
	service:  {template.QualifyALead, template.Troubleshoot, template.AfterHoursTriage, template.TakeAMessage},
}

// facts is the Knowledge page of all desks.
var facts = knowledge.Spec{
	Title: "About the business",
	Text: `Acme is open from 8 am to 6 pm, Monday to Friday. It is closed on Saturday and Sunday.

Acme stands at 12 Harbour Street, opposite the station. There is parking behind the house.

A first consultation is free.`,
}

// openDesks publishes every desk in a workspace of its own.
func openDesks(ctx context.Context) (map[deskName]desk, error) {
	desks := map[deskName]desk{}
	for name, templates := range attached {
		d, err := open(ctx, name, templates)
		if err != nil {
			return nil, err
		}
		desks[name] = d
	}
	return desks, nil
}

func open(ctx context.Context, name deskName, templates []template.Name) (desk, error) {
	ws := storage.Open(memory.New(), storage.WorkspaceID(name))
	d := desk{jobs: map[template.Name]job.Job{}}
	step := callflow.SonaStep{Greeting: "Acme, you are speaking with Sona, an AI assistant. How can I help?"}
	for _, n := range templates {
		t, _ := template.Get(n)
		j, err := ws.CreateJob(ctx, t.Fill(map[string]string{"business": "Acme"}))
		if err != nil {
			return desk{}, err
		}
		d.jobs[n] = j
		step.Jobs = append(step.Jobs, j.ID())
	}
	page, err := ws.CreatePage(ctx, facts)
	if err != nil {
		return desk{}, err
	}
	step.Pages = []knowledge.ID{page.ID()}
	flow, err := ws.CreateFlow(ctx, callflow.Simple(string(name), "+15550100", step))
	if err != nil {
		return desk{}, err
	}
	if _, err = ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
		return desk{}, err
	}
	d.snapshot, err = ws.Snapshot(ctx, flow.ID())
	return d, err
}
