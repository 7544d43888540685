package openai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	word1    = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n"
	word2    = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\n"
	thought  = "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm.\"}}]}\n\n"
	comment  = ": still there\n\n"
	finished = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
	counted  = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\n"
	done     = "data: [DONE]\n\n"
)

// beat is something that a server sends after a while; held open for ever when there is nothing to send.
type beat struct {
	after time.Duration
	text  string
}

// plays is a server that sends its answer in beats, and ends the body after the last; one that is empty ends
// nothing. Its first beat stands for the header, too. It goes away when the request ends.
func plays(gone *bool, beats ...beat) tripper {
	return func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		select {
		case <-time.After(beats[0].after):
		case <-r.Context().Done():
			*gone = true
			return nil, context.Cause(r.Context())
		}
		from, to := io.Pipe()
		go func() {
			for i, b := range beats {
				if i > 0 {
					select {
					case <-time.After(b.after):
					case <-r.Context().Done():
						*gone = true
						_ = to.CloseWithError(r.Context().Err())
						return
					}
				}
				if b.text == "" {
					<-r.Context().Done()
					*gone = true
					_ = to.CloseWithError(r.Context().Err())
					return
				}
				if _, err := io.WriteString(to, b.text); err != nil {
					*gone = true
					return
				}
			}
			_ = to.Close()
		}()
		return &http.Response{StatusCode: http.StatusOK, Body: from}, nil
	}
}

const forever = 1000 * time.Hour

func TestDeadlines(t *testing.T) {
	ms := time.Millisecond
	for _, tt := range []struct {
		name  string
		beats []beat
		text  string
		late  Deadline // "" = whole
		at    time.Duration
		gone  bool
	}{
		{"in time", []beat{{0, word1}, {900 * ms, word2}, {900 * ms, finished}, {0, done}}, "Hello", "", 1800 * ms, false},
		{"no answer at all", []beat{{forever, ""}}, "", FirstToken, 2 * time.Second, true},
		{"an answer without a token", []beat{{500 * ms, "\n"}, {forever, ""}}, "", FirstToken, 2 * time.Second, true},
		{"comments are no token", []beat{{0, comment}, {900 * ms, comment}, {900 * ms, comment}, {900 * ms, word1}}, "", FirstToken, 2 * time.Second, true},
		{"reasoning is none", []beat{{0, thought}, {900 * ms, thought}, {900 * ms, thought}, {900 * ms, word1}}, "", FirstToken, 2 * time.Second, true},
		{"a chunk that does not come", []beat{{0, word1}, {500 * ms, word2}, {forever, ""}}, "Hello", Idle, 1500 * ms, true},
		{"comments are no chunk", []beat{{0, word1}, {700 * ms, comment}, {700 * ms, word2}}, "Hel", Idle, 1000 * ms, true},
		{"reasoning after the first token is one", []beat{{0, word1}, {900 * ms, thought}, {900 * ms, word2}, {0, done}}, "Hello", "", 1800 * ms, false},
		{"a reply without an end", []beat{{0, word1}, {900 * ms, word1}, {900 * ms, word1}, {900 * ms, word1}, {900 * ms, word1}}, "HelHelHelHel", Total, 3 * time.Second, true},
		{"nothing after the finish reason is whole", []beat{{0, word1 + finished}, {forever, ""}}, "Hel", "", 1000 * ms, true},
		{"the end of the body is waited for a moment", []beat{{0, word1 + done}, {forever, ""}}, "Hel", "", longestDraining, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gone := false
				c := client(t, plays(&gone, tt.beats...), func(c *Config) {
					c.FirstToken, c.Idle, c.Total = 2*time.Second, time.Second, 3*time.Second
				})
				started := time.Now()
				got, err := collected(c.Generate(t.Context(), asks("Hi")))
				require.Equal(t, tt.at, time.Since(started))
				synctest.Wait()
				require.Equal(t, tt.gone, gone, "the request has ended")
				require.Equal(t, tt.text, got.Reply.Text)
				if tt.late == "" {
					require.NoError(t, err)
					require.True(t, got.Done)
					return
				}
				require.Equal(t, model.Unavailable, got.Kind)
				late, ok := errors.AsType[*DeadlineError](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, tt.late, late.Deadline)
			})
		})
	}
}

func TestTimeOfTheReaderDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := false
		c := client(t, plays(&gone, beat{0, word1}, beat{0, word2}, beat{0, finished}), func(c *Config) { c.Idle = time.Second })
		var text strings.Builder
		for p, err := range c.Generate(t.Context(), asks("Hi")) {
			require.NoError(t, err)
			if p, ok := p.(model.Text); ok {
				text.WriteString(string(p))
				time.Sleep(time.Minute) // of the bubble: the words are spoken
			}
		}
		require.Equal(t, "Hello", text.String())
	})
}

func TestWithoutDeadlinesAReplyMayTakeItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := false
		c := client(t, plays(&gone, beat{time.Hour, word1}, beat{time.Hour, word2 + finished + done}),
			func(c *Config) { c.FirstToken, c.Idle, c.Total = -1, -1, -1 })
		got, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.NoError(t, err)
		require.Equal(t, "Hello", got.Reply.Text)
	})
}

func TestACancelledReplyEndsAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name  string
		beats []beat
	}{
		{"before the answer", []beat{{forever, ""}}},
		{"before a token", []beat{{0, comment}, {forever, ""}}},
		{"between two", []beat{{0, word1}, {forever, ""}}},
		{"behind the finish reason", []beat{{0, word1 + finished}, {forever, ""}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gone := false
				c := client(t, plays(&gone, tt.beats...))
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(100*time.Millisecond, cancel)
				started := time.Now()
				got, err := collected(c.Generate(ctx, asks("Hi")))
				require.ErrorIs(t, err, context.Canceled)
				require.Empty(t, got.Kind, "the caller's own wish is no fault of the model")
				require.Equal(t, 100*time.Millisecond, time.Since(started))
				synctest.Wait()
				require.True(t, gone)
			})
		})
	}
	t.Run("by a deadline of the caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gone := false
			c := client(t, plays(&gone, beat{0, word1}, beat{forever, ""}))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := collected(c.Generate(ctx, asks("Hi")))
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
}

func TestLeavingTheLoopEndsTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := false
		c := client(t, plays(&gone, beat{0, word1}, beat{forever, ""}))
		for p, err := range c.Generate(t.Context(), asks("Hi")) {
			require.NoError(t, err)
			require.Equal(t, model.Text("Hel"), p)
			break
		}
		synctest.Wait() // and no goroutine of ours is left: the bubble would not end
		require.True(t, gone)
	})
}

func TestTextComesAsItArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := false
		c := client(t, plays(&gone, beat{0, word1}, beat{time.Second, word2 + counted}, beat{time.Second, finished + done}))
		started := time.Now()
		var got []string
		for p, err := range c.Generate(t.Context(), asks("Hi")) {
			require.NoError(t, err)
			if text, ok := p.(model.Text); ok {
				got = append(got, time.Since(started).String()+" "+string(text))
			}
		}
		require.Equal(t, "0s Hel, 1s lo", strings.Join(got, ", "))
	})
}
