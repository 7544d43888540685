package job_test

import (
	"testing"

	"github.com/sonajobs/sona/job"
)

func TestPhoneNumbersAsCallersSayThem(t *testing.T) {
	requireSaid(t, job.Field{Type: job.PhoneField}, map[string]any{
		"555-010-2000": "5550102000", "(555) 010 2000": "5550102000", "+1 555 010 2000": "+15550102000", "my number is 555.010.2000.": "5550102000",
		"five five five oh one oh two thousand":                                 "5550102000",
		"five five five, oh one oh, two zero zero zero":                         "5550102000",
		"triple five zero one zero, twenty, double zero":                        "5550102000",
		"plus one five five five oh one oh two oh oh oh":                        "+15550102000",
		"It's five five five, um, one two three four":                           "5551234",
		"eight hundred five five five one two three four":                       "8005551234",
		"one eight hundred 555 0100":                                            "18005550100",
		"Oh, it's 555 0100":                                                     "5550100",
		"the one I call from is 555 0100":                                       "5550100",
		"555 010 2000 extension 12":                                             "5550102000",
		"555 010 2000 or 555 010 3000":                                          "5550102000",
		"nueve uno dos, tres cuatro cinco, seis siete ocho":                     "912345678",
		"seis doce treinta y cuatro cincuenta y seis setenta":                   "612345670",
		"más tres cuatro nueve uno dos tres cuatro cinco seis":                  "+34912" + "3456",
		"zéro un, vingt-trois, quarante-cinq, soixante-sept, quatre-vingt-neuf": "0123456789",
		"911 or so": nil, "555 01": nil, "I don't know it": nil, "1234567890123456": nil, "five": nil, "double trouble": nil, "one": nil,
	})
}

func TestEmailAddressesAsCallersSayThem(t *testing.T) {
	requireSaid(t, job.Field{Type: job.EmailField}, map[string]any{
		"Jane.Doe@example.com": "Jane.Doe@example.com", "it's jane@example.com, thanks": "jane@example.com", "jane@example.com.": "jane@example.com",
		"jane at example dot com":                                    "jane@example.com",
		"Jane dot Doe at example dot co dot uk":                      "jane.doe@example.co.uk",
		"my email address is jane underscore doe at example dot com": "jane_doe@example.com",
		"It's j a n e at my company dot com":                         "jane@mycompany.com",
		"you can reach me at jane at example dot com":                "jane@example.com",
		"jane dash doe plus sona at x-y dot org please":              "jane-doe+sona@x-y.org",
		"jane @ example . com":                                       nil,
		"jane 42 at example dot com":                                 "jane42@example.com",
		"mi correo es ana guión bajo gil arroba ejemplo punto es":    "ana_gil@ejemplo.es",
		"zoé point roy arobase exemple point fr":                     "zoe.roy@exemple.fr",
		"um, it's o'neil at example dot com":                         "oneil@example.com",
		"at home":                                                    nil, "jane at example": nil, "dot com": nil, "I have none": nil, "at example dot com": nil, "meet me at the dot": nil, "jane@": nil,
	})
}
