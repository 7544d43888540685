package modeltest

import (
	"context"
	"html"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// onText passes texts through change; empty ones are left out.
func onText(change func(string) string) func(*Far) model.Model {
	return func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool {
			t, ok := part.(model.Text)
			if !ok {
				return yield(part, nil)
			}
			text := change(string(t))
			return text == "" || yield(model.Text(text), nil)
		})
	}
}

// gathered gives all text in one piece, at the end.
func gathered(f *Far) model.Model {
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		var all strings.Builder
		good.Generate(ctx, r)(func(part model.Part, err error) bool {
			switch p := part.(type) {
			case model.Text:
				all.WriteString(string(p))
				return true
			case model.Done:
				return yield(model.Text(all.String()), nil) && yield(part, nil)
			}
			return yield(part, err)
		})
	})
}

var textBugs = []bug{
	{"text is trimmed", []string{"Text comes whole and in order", "Text of any kind comes as it is"}, onText(strings.TrimSpace)},
	{"text is escaped", []string{"Text of any kind comes as it is"}, onText(html.EscapeString)},
	{"text is cut into bytes", []string{"Text that comes letter by letter stays whole", "Text of any kind comes as it is"}, onText(func(s string) string {
		return strings.ToValidUTF8(s[:1], "\ufffd") + s[1:]
	})},
	{"a piece of text is too long", []string{"Text that comes letter by letter stays whole"}, onText(func(s string) string { return s[:min(len(s), 512)] })},
	{"text comes at the end", []string{"Text comes piece by piece, each as soon as it is there", "Leaving the loop does not wait for the rest"}, gathered},
	{"a reply is too long", []string{"Text of a thousand pieces comes whole"}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply { return r[:min(len(r), 600)] })
	}},
	{"equal requests get the same reply", []string{"One reply after the other comes, in order", "Many may ask at once, and each gets a reply of its own",
		"Streams that are read in turns do not mix", "A fault is over with its request"}, func(f *Far) model.Model {
		first := f.Next()
		return hearing(f, func(Reply) Reply { return first })
	}},
}
