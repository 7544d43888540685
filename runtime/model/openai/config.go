package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// Config says which model of which server is asked, and how. The zero value of everything but Model means
// OpenAI itself and the documented defaults.
type Config struct {
	BaseURL string // what stands before /chat/completions; https://api.openai.com/v1
	Key     string // sent as a bearer token; none when empty
	Model   string // required

	// Header and Query are added to every request: Azure takes its key as the header api-key and the
	// version of its API as the parameter api-version.
	Header http.Header
	Query  url.Values

	// HTTP makes the requests; it brings its own connections, and follows redirects only where it has a
	// CheckRedirect. When nil the client has a pool of its own, with HTTP/2 where the server offers it.
	HTTP *http.Client

	// Extra are further fields of every request, such as temperature or service_tier. Fields that the client
	// sends itself may not be among them. tool_choice and parallel_tool_calls are sent with tools only.
	Extra map[string]json.RawMessage

	// CacheMarks marks the end of the stable part of the prompt for the provider's prompt cache; none when
	// empty, as most servers cache by themselves.
	CacheMarks CacheMarks
	// CacheKey sends prompt_cache_key, the same for all calls with the same stable part, so that they meet
	// the same cache. OpenAI itself always gets it; some other servers refuse fields that they do not know.
	CacheKey bool

	// MaxTokensField is the field for Request.MaxTokens: max_completion_tokens when empty; several servers
	// know max_tokens only.
	MaxTokensField string
	// NoteRole is the role of a system message at the end of the conversation, the state note: system when
	// empty. Some servers take one at the beginning only; for them it is user or developer.
	NoteRole model.Role
	// NoUsage leaves stream_options out, for servers that refuse them. Most then count no tokens.
	NoUsage bool

	// Deadlines; 0 is the default, a negative one is none. Time in which the reader of the stream is busy
	// does not count for the first two.
	FirstToken time.Duration // from the request to the first text or call; reasoning is none; 30 s
	Idle       time.Duration // after that between two chunks; comments that keep a line open are none; 15 s
	Total      time.Duration // of the whole reply; 5 min
}

// CacheMarks is how the stable part of a prompt is marked. A mark makes the system message two parts.
type CacheMarks string

// The ways of marking.
const (
	NoMarks      CacheMarks = ""
	Breakpoints  CacheMarks = "prompt_cache_breakpoint" // OpenAI from GPT-5.6 on
	CacheControl CacheMarks = "cache_control"           // OpenRouter, and gateways to Anthropic's models
)

// ConfigError says what is wrong with a Config.
type ConfigError struct {
	Field   string // such as BaseURL, or Extra.temperature
	Message string
}

func (e *ConfigError) Error() string { return "openai: Config." + e.Field + " " + e.Message }

const (
	defaultURL        = "https://api.openai.com/v1"
	defaultHost       = "api.openai.com"
	defaultFirstToken = 30 * time.Second
	defaultIdle       = 15 * time.Second
	defaultTotal      = 5 * time.Minute
	defaultMaxTokens  = "max_completion_tokens"
)

// reserved are the fields that the client sends itself, and those that would change what an answer is.
var reserved = []string{"model", "messages", "stream", "stream_options", "tools", "functions", "function_call", "response_format",
	"max_tokens", "max_completion_tokens", "prompt_cache_key", "n"}

// withTools are the extra fields that servers refuse where there are no tools.
var withTools = []string{"tool_choice", "parallel_tool_calls"}

// New returns a client. The error is a *[ConfigError]; nothing is sent.
func New(config Config) (*Client, error) {
	c := &Client{config: config, stable: newCache()}
	var err error
	if c.url, err = address(config); err != nil {
		return nil, err
	}
	if c.header, err = headers(config); err != nil {
		return nil, err
	}
	if err = c.defaults(); err != nil {
		return nil, err
	}
	if err = c.fixed(); err != nil {
		return nil, err
	}
	if config.HTTP == nil {
		c.own = transport()
		c.send = c.own.RoundTrip
		return c, nil
	}
	c.send = sendBy(*config.HTTP) //nolint:bodyclose // nothing is sent here
	return c, nil
}

var errNoAnswer = errors.New("the transport returned neither an answer nor an error")

// sendBy returns how requests are sent with a client of the host's. Where that adds nothing of its own, its transport is
// asked: each call that waits has less on its stack.
func sendBy(given http.Client) func(*http.Request) (*http.Response, error) {
	if given.Jar != nil || given.Timeout != 0 || given.CheckRedirect != nil {
		if given.CheckRedirect == nil {
			given.CheckRedirect = stay
		}
		return given.Do
	}
	if given.Transport == nil {
		return http.DefaultTransport.RoundTrip
	}
	return given.Transport.RoundTrip
}

func address(config Config) (*url.URL, error) {
	base := config.BaseURL
	if base == "" {
		base = defaultURL
	}
	u, err := url.Parse(base)
	switch {
	case err != nil: // its text would repeat what may hold a password
		return nil, &ConfigError{"BaseURL", "is not a URL"}
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, &ConfigError{"BaseURL", "begins with https:// or http:// and a host"}
	case u.User != nil:
		return nil, &ConfigError{"BaseURL", "holds a user: put what proves who asks into Key or Header"}
	case u.Fragment != "":
		return nil, &ConfigError{"BaseURL", "has a fragment"}
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u = u.JoinPath("chat", "completions")
	query := u.Query()
	for name, values := range config.Query {
		query[name] = slices.Clone(values)
	}
	u.RawQuery = query.Encode()
	return u, nil
}

func headers(config Config) (http.Header, error) {
	h := http.Header{}
	for name, values := range config.Header {
		for _, v := range values {
			if name == "" || strings.ContainsAny(name, " :\r\n") || strings.ContainsAny(v, "\r\n\x00") {
				return nil, &ConfigError{"Header", fmt.Sprintf("%.40q cannot be sent", name)}
			}
			h.Add(name, v)
		}
	}
	h.Set("Content-Type", "application/json")
	h.Set("Accept", "text/event-stream")
	if strings.IndexFunc(config.Key, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
		return nil, &ConfigError{"Key", "holds a character that no key has, such as a line break at its end"}
	}
	if config.Key != "" {
		h.Set("Authorization", "Bearer "+config.Key)
	}
	return h, nil
}

// defaults checks the plain fields and fills in what is zero.
func (c *Client) defaults() error {
	f := &c.config
	if strings.TrimSpace(f.Model) == "" {
		return &ConfigError{"Model", "is required"}
	}
	switch f.CacheMarks {
	case NoMarks, Breakpoints, CacheControl:
	default:
		return &ConfigError{"CacheMarks", fmt.Sprintf("%.40q is none of its values", f.CacheMarks)}
	}
	switch f.MaxTokensField {
	case "":
		f.MaxTokensField = defaultMaxTokens
	case defaultMaxTokens, "max_tokens":
	default:
		return &ConfigError{"MaxTokensField", fmt.Sprintf("%.40q is neither max_completion_tokens nor max_tokens", f.MaxTokensField)}
	}
	switch f.NoteRole {
	case "":
		f.NoteRole = model.System
	case model.System, model.User, "developer":
	default:
		return &ConfigError{"NoteRole", fmt.Sprintf("%.40q is none of system, developer and user", f.NoteRole)}
	}
	f.CacheKey = f.CacheKey || c.url.Hostname() == defaultHost
	f.FirstToken = deadline(f.FirstToken, defaultFirstToken)
	f.Idle = deadline(f.Idle, defaultIdle)
	f.Total = deadline(f.Total, defaultTotal)
	return nil
}

// deadline returns 0 for none.
func deadline(given, usual time.Duration) time.Duration {
	if given == 0 {
		return usual
	}
	return max(0, given)
}

// fixed writes what is the same in every request.
func (c *Client) fixed() error {
	b := append([]byte(`{"model":"`), escape(c.config.Model)...)
	b = append(b, `","stream":true`...)
	if !c.config.NoUsage {
		b = append(b, `,"stream_options":{"include_usage":true}`...)
	}
	for _, name := range slices.Sorted(maps.Keys(c.config.Extra)) {
		value := c.config.Extra[name]
		switch {
		case slices.Contains(reserved, name):
			return &ConfigError{"Extra." + name, "is a field that the client sends itself"}
		case name == "" || len(name) > 80:
			return &ConfigError{"Extra", "has a field without a name, or with one that is too long"}
		case !json.Valid(value):
			return &ConfigError{"Extra." + name, "is no JSON"}
		}
		to := &b
		if slices.Contains(withTools, name) {
			to = &c.tooled
		}
		*to = append(*to, `,"`...)
		*to = append(*to, escape(name)...)
		*to = append(*to, `":`...)
		*to = append(*to, value...)
	}
	c.head = b
	return nil
}

// transport returns a pool of connections: many calls wait for the same server at the same time.
func transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true, // a stream that is packed comes in blocks
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// stay follows no redirect: keys in headers of the host's own would go along.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// String names the model and the address, and keeps keys out of logs.
func (c Config) String() string {
	return fmt.Sprintf("openai.Config{Model: %q, BaseURL: %q}", c.Model, c.BaseURL)
}

// GoString is String.
func (c Config) GoString() string { return c.String() }
