package main

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow/call"
)

func TestPrices(t *testing.T) {
	tests := []struct {
		name, host, model, given string
		want                     prices
	}{
		{"listed", "api.openai.com", "gpt-4.1-mini", "", prices{0.4, 0.1, 1.6, listed}},
		{"another host", "localhost:11434", "gpt-4.1-mini", "", prices{}},
		{"not listed", "api.openai.com", "gpt-99", "", prices{}},
		{"given", "api.openai.com", "gpt-4.1-mini", "1, 0.5,2", prices{1, 0.5, 2, "as given"}},
		{"free", "localhost", "llama", "0,0,0", prices{0, 0, 0, "as given"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := pricesOf(tt.host, tt.model, tt.given); err != nil || got != tt.want {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	if got := (prices{in: 1, cached: 0.5, out: 2}).of(call.Usage{In: 3e6, Cached: 2e6, Out: 1e6}); got != 4 {
		t.Errorf("$%v, not 4", got)
	}
}

func TestTheEstimateGrowsWithTheRuns(t *testing.T) {
	desks, err := openDesks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	once, err := estimate(t.Context(), scenarios[:4], 1, desks)
	if err != nil {
		t.Fatal(err)
	}
	five, err := estimate(t.Context(), scenarios[:4], 5, desks)
	if err != nil {
		t.Fatal(err)
	}
	if five.calls != 20 || five.requests != 5*once.requests || five.in != 5*once.in || five.out != 5*once.out {
		t.Errorf("%+v is not five times %+v", five, once)
	}
	if once.cached <= once.in/3 || once.cached >= once.in || five.cached <= 5*once.cached {
		t.Errorf("cached tokens: %+v, %+v", once, five)
	}
	var out bytes.Buffer
	five.print(&out, prices{0.4, 0.1, 1.6, listed})
	t.Log(&out) // what a developer sees first
	for _, want := range []string{"20 calls", "Price: $", listed} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s lacks %q", &out, want)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		passed, n int
		low, high float64
	}{{5, 5, 0.5655, 1}, {0, 5, 0, 0.4345}, {3, 5, 0.2307, 0.8824}, {95, 100, 0.8882, 0.9785}} {
		low, high := wilson(tt.passed, tt.n)
		if math.Abs(low-tt.low) > 5e-5 || math.Abs(high-tt.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, not %.4f to %.4f", tt.passed, tt.n, low, high, tt.low, tt.high)
		}
	}
}

func TestMedianAndThousands(t *testing.T) {
	if median([]int{9, 1, 5}) != 5 || median([]int{4, 2}) != 2 || median([]int(nil)) != 0 {
		t.Error("median")
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
