package template
var held = map[Name][]string{
 TakeAMessage:{"Can you tell Mr. Brown that I phoned?","Please have him ring me.","I missed a call from your office.","Let them know I called about the invoice."},
 QualifyALead:{"What would it cost to paint a house?","Do you do kitchens?","I'm interested in your services.","I'd like an estimate for some landscaping work."},
 EscalateToAPerson:{"I want to speak to your boss.","This is urgent, it can't wait.","Nobody has gotten back to me for two weeks.","I've called five times about this already"},
 ScheduleAnAppointment:{"I'd like to come in on Thursday.","When is your next opening?","I need to see the dentist, what is available?","set up a visit please"},
 SendAnIntakeForm:{"I'm a new patient and need the forms.","Where do I sign up?","They told me to fill out a form before I come.","The link you sent me for the registration never arrived."},
 Troubleshoot:{"The app keeps crashing.","I have no internet connection.","My machine is making a noise and doesn't turn on.","It says error 42."},
 TalkToAPerson:{"Can I speak to someone real?","Put me through to Lisa in accounting.","I'd rather speak with a person.","Is there anybody I can talk to? Not a machine."},
 ChangeOrCancelABooking:{"I can't make it tomorrow.","Can we push back my appointment?","Please change my booking to four people.","I want to call off the visit on Tuesday."},
 TakeAComplaint:{"The food was cold and the waiter was rude.","I want a refund.","You overcharged me on my last bill.","I'm really disappointed with the work you did."},
 AfterHoursTriage:{"My heating went out and it's freezing.","A pipe burst in the basement!","We have no power and it is Sunday.","I know it's late but this is an emergency."},
}
