package openai

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestRetry bounds what a server can ask for.
const longestRetry = 24 * time.Hour

// retryAfter reads how long a server asks to wait: Retry-After-Ms (milliseconds), else Retry-After (seconds or
// a date), else, of a server that limits rates, the latest of X-Ratelimit-Reset-Requests, -Tokens (as 1m2.5s,
// or seconds) and X-Ratelimit-Reset (seconds, or the time since 1970 in seconds or milliseconds).
func retryAfter(h http.Header, limited bool) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		return bounded(ms * float64(time.Millisecond))
	}
	if v := h.Get("Retry-After"); v != "" {
		if s, err := strconv.ParseFloat(v, 64); err == nil {
			return bounded(s * float64(time.Second))
		}
		if at, err := http.ParseTime(v); err == nil {
			return bounded(float64(time.Until(at)))
		}
	}
	if !limited {
		return 0
	}
	longest := time.Duration(0)
	for _, name := range []string{"X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens", "X-Ratelimit-Reset"} {
		longest = max(longest, reset(strings.TrimSpace(h.Get(name))))
	}
	return longest
}

func reset(v string) time.Duration {
	if d, err := time.ParseDuration(v); err == nil {
		return bounded(float64(d))
	}
	n, err := strconv.ParseFloat(v, 64)
	switch {
	case err != nil:
		return 0
	case n > 1e11:
		return bounded(float64(time.Until(time.UnixMilli(int64(min(n, 1e15))))))
	case n > 1e9:
		return bounded(float64(time.Until(time.Unix(int64(n), 0))))
	}
	return bounded(n * float64(time.Second))
}

func bounded(d float64) time.Duration {
	if !(d > 0) { // also not a number
		return 0
	}
	return time.Duration(min(d, float64(longestRetry)))
}
