package storagetest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/sonajobs/sona/storage"
)

// listBugs are broken in List.
var listBugs = []bug{
	{name: "unstable paging: by offset", caught: []string{
		"Paging: documents put before and behind the reader neither repeat nor hide others",
		"Paging: 10,000 documents, while others write, without a repeat or a loss of what stayed",
	}, plant: func(f *fault) {
		type place struct {
			ws      storage.WorkspaceID
			key     storage.Key
			reverse bool
		}
		offsets := map[place]int{}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			offset := offsets[place{ws, q.After, q.Reverse}]
			all := q
			all.After, all.Limit = storage.Key{}, many
			docs, err := f.s.List(ctx, ws, all)
			docs = docs[min(offset, len(docs)):]
			docs = docs[:min(len(docs), q.Limit)]
			for i, d := range docs {
				offsets[place{ws, d.Key(), q.Reverse}] = offset + i + 1
			}
			return docs, err
		}
	}},
	{name: "Reverse is ignored", caught: []string{
		"Order: lists rise by Sort, and Reverse turns them",
	}, plant: query(func(q *storage.Query) { q.Reverse = false })},
	{name: "Reverse turns the order but not After", caught: []string{
		"List holds all conditions at once",
	}, plant: rules(func(r *listRules) {
		r.beyond = func(d storage.Doc, q storage.Query) bool {
			q.Reverse = false
			return goodRules().beyond(d, q)
		}
	})},
	{name: "Reverse starts below the zero key", caught: []string{
		"Order: After itself is excluded and need not belong to a document",
	}, plant: rules(func(r *listRules) {
		r.beyond = func(d storage.Doc, q storage.Query) bool {
			return goodRules().beyond(d, q) && (!q.Reverse || q.After != storage.Key{})
		}
	})},
	{name: "After is included", caught: []string{
		"Order: After itself is excluded and need not belong to a document",
		"Paging: pages of every size hold each document once, in order",
	}, plant: rules(func(r *listRules) {
		r.beyond = func(d storage.Doc, q storage.Query) bool { return goodRules().beyond(d, q) || d.Key() == q.After }
	})},
	{name: "After looks at Sort only", caught: []string{
		"Paging: pages of every size hold each document once, in order",
	}, plant: rules(func(r *listRules) {
		r.beyond = func(d storage.Doc, q storage.Query) bool {
			return goodRules().beyond(d, q) && (q.After == storage.Key{} || d.Sort != q.After.Sort)
		}
	})},
	{name: "After compares Sort and ID each", caught: []string{
		"Order: After itself is excluded and need not belong to a document",
	}, plant: rules(func(r *listRules) {
		r.beyond = func(d storage.Doc, q storage.Query) bool {
			return goodRules().beyond(d, q) && (q.Reverse || d.ID > q.After.ID)
		}
	})},
	{name: "After has to be a document", caught: []string{
		"Order: After itself is excluded and need not belong to a document",
	}, plant: func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			known, _ := f.s.Get(ctx, ws, []storage.Want{{Ref: refOf(q.Kind, q.After.ID)}})
			if (q.After != storage.Key{}) && len(known) == 0 {
				docs = nil
			}
			return docs, err
		}
	}},
	{name: "After forgets From and To", caught: []string{
		"Order: After outside [From, To) adds or takes nothing",
	}, plant: rules(func(r *listRules) {
		r.bounds = func(d storage.Doc, q storage.Query) bool { return q.After != storage.Key{} || goodRules().bounds(d, q) }
	})},
	{name: "From is excluded", caught: []string{
		"List returns what lies at From or above, and below To",
	}, plant: rules(func(r *listRules) {
		r.bounds = func(d storage.Doc, q storage.Query) bool {
			return goodRules().bounds(d, q) && (q.From == "" || d.Sort != q.From)
		}
	})},
	{name: "To is included", caught: []string{
		"List returns what lies at From or above, and below To",
	}, plant: rules(func(r *listRules) {
		r.bounds = func(d storage.Doc, q storage.Query) bool {
			return d.Sort >= q.From && (q.To == "" || d.Sort <= q.To)
		}
	})},
	{name: "Sort is ordered as UTF-16", caught: []string{
		"Order: Sort is compared byte for byte, in no language",
	}, plant: rules(func(r *listRules) {
		r.order = func(a, b storage.Doc) int { return slices.Compare(utf16Of(a.Sort), utf16Of(b.Sort)) }
	})},
	{name: "Sort is ordered without case", caught: []string{
		"Order: Sort is compared byte for byte, in no language",
	}, plant: rules(func(r *listRules) {
		r.order = func(a, b storage.Doc) int { return strings.Compare(strings.ToLower(a.Sort), strings.ToLower(b.Sort)) }
	})},
	{name: "equal sort keys in the order of writing", caught: []string{
		"Order: equal sort keys are ordered by ID",
	}, plant: func(f *fault) {
		f.listBy(func(r *listRules) {
			r.order = func(a, b storage.Doc) int {
				if a.Sort == b.Sort {
					return a.At.Compare(b.At)*2 + strings.Compare(b.ID, a.ID)
				}
				return strings.Compare(a.Sort, b.Sort)
			}
		})
	}},
	{name: "IDs are ordered without case", caught: []string{
		"Order: IDs are compared byte for byte, in no language",
	}, plant: rules(func(r *listRules) {
		r.order = func(a, b storage.Doc) int {
			return strings.Compare(a.Sort+"\x00"+strings.ToLower(a.ID), b.Sort+"\x00"+strings.ToLower(b.ID))
		}
	})},
	{name: "bounds are compared without case", caught: []string{
		"Order: From, To and After are compared byte for byte, in no language",
	}, plant: rules(func(r *listRules) {
		r.bounds = func(d storage.Doc, q storage.Query) bool {
			return strings.ToLower(d.Sort) >= strings.ToLower(q.From) && (q.To == "" || strings.ToLower(d.Sort) < strings.ToLower(q.To))
		}
	})},
	{name: "Contains has wildcards", caught: []string{
		"Text: Contains finds any storable string where it stands",
	}, plant: rules(func(r *listRules) {
		r.contains = func(sort, part string) bool {
			like := strings.NewReplacer("%", "(?s:.*)", "_", "(?s:.)").Replace(regexp.QuoteMeta(part))
			return regexp.MustCompile(like).MatchString(sort)
		}
	})},
	{name: "Contains ignores case", caught: []string{
		"List with Contains returns what has it anywhere inside Sort, byte for byte",
	}, plant: rules(func(r *listRules) {
		r.contains = func(sort, part string) bool { return strings.Contains(strings.ToLower(sort), strings.ToLower(part)) }
	})},
	{name: "Contains wants three characters", caught: []string{
		"List with Contains returns what has it anywhere inside Sort, byte for byte",
	}, plant: rules(func(r *listRules) {
		r.contains = func(sort, part string) bool {
			return part == "" || len([]rune(part)) > 2 && strings.Contains(sort, part)
		}
	})},
	{name: "Contains looks at the beginning", caught: []string{
		"List with Contains returns what has it anywhere inside Sort, byte for byte",
	}, plant: rules(func(r *listRules) { r.contains = strings.HasPrefix })},
	{name: "Terms are ORed", caught: []string{
		"List with Terms returns what has all of them, each as a whole",
		"Model: a list by all conditions is what a plain scan finds",
	}, plant: rules(func(r *listRules) {
		r.terms = func(has, want []string) bool { return len(want) == 0 || shares(has, want) }
	})},
	{name: "a term is found by its beginning", caught: []string{
		"Text: any storable string is a term, and no two of them are one",
	}, plant: rules(func(r *listRules) {
		r.terms = func(has, want []string) bool {
			for _, w := range want {
				if !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) }) {
					return false
				}
			}
			return true
		}
	})},
	{name: "terms are counted", caught: []string{
		"List with Terms returns what has all of them, each as a whole",
	}, plant: rules(func(r *listRules) {
		r.terms = func(has, want []string) bool { return containsAll(has, want) && len(set(want)) == len(want) }
	})},
	{name: "terms ignore case", caught: []string{
		"Text: any storable string is a term, and no two of them are one",
	}, plant: rules(func(r *listRules) {
		r.terms = func(has, want []string) bool {
			return containsAll(strings.Split(strings.ToLower(strings.Join(has, "\x00")), "\x00"),
				strings.Split(strings.ToLower(strings.Join(want, "\x00")), "\x00")) || len(want) == 0
		}
	})},
	{name: "old terms still find", caught: []string{
		"List finds a document by the terms of its newest revision only",
	}, plant: func(f *fault) {
		had := map[storage.WorkspaceID]map[storage.Ref][]string{}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			err := f.s.Put(ctx, ws, docs)
			for _, d := range docs {
				if had[ws] == nil {
					had[ws] = map[storage.Ref][]string{}
				}
				if err == nil {
					had[ws][d.Ref] = append(had[ws][d.Ref], d.Terms...)
				}
			}
			return err
		}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			terms := q.Terms
			q.Terms = nil
			docs, err := f.s.List(ctx, ws, q)
			return slices.DeleteFunc(docs, func(d storage.Doc) bool { return !containsAll(had[ws][d.Ref], terms) }), err
		}
	}},
	{name: "a term twice is a document twice", caught: []string{
		"List finds a document once, even if it has a term twice",
	}, plant: func(f *fault) {
		twice := map[storage.Ref]bool{}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			for _, d := range docs {
				twice[d.Ref] = len(set(d.Terms)) < len(d.Terms)
			}
			return f.s.Put(ctx, ws, docs)
		}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			docs, err := f.s.List(ctx, ws, q)
			if len(docs) > 0 && twice[docs[0].Ref] {
				docs = append(docs[:1:1], docs...)
			}
			return docs, err
		}
	}},
	{name: "old sort keys still stand", caught: []string{
		"List looks at the Sort of the newest revision only",
	}, plant: func(f *fault) {
		first := func(ctx context.Context, ws storage.WorkspaceID, d storage.Doc) string {
			docs, _ := f.s.History(ctx, ws, d.Ref, 2, 1)
			return docs[0].Sort
		}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			if q.Limit < many {
				return f.s.List(ctx, ws, q)
			}
			docs, err := f.s.List(ctx, ws, storage.Query{Kind: q.Kind, Limit: many})
			docs = slices.DeleteFunc(docs, func(d storage.Doc) bool {
				d.Sort = first(ctx, ws, d)
				return !goodRules().bounds(d, q) || !strings.Contains(d.Sort, q.Contains) || !containsAll(d.Terms, q.Terms)
			})
			slices.SortStableFunc(docs, func(a, b storage.Doc) int { return strings.Compare(first(ctx, ws, a), first(ctx, ws, b)) })
			return docs, err
		}
	}},
	{name: "what is deleted stays in the list", caught: []string{
		"List leaves out what is deleted, until it comes back",
		"Tombstone: Get and List leave the document out, History keeps it",
	}, plant: func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			changes, _ := f.s.Changes(ctx, ws, 0, many)
			for _, c := range changes {
				if d := f.newest(ctx, ws, c.Ref); d.Deleted && d.Revision == c.Revision && d.Kind == q.Kind && len(docs) < q.Limit {
					docs = append(docs, d)
				}
			}
			return docs, err
		}
	}},
	{name: "a list of all kinds", caught: []string{
		"List returns the newest revisions of one kind, with their values",
	}, plant: func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			if q.Kind != otherKind {
				q.Kind = otherKind
				more, _ := f.s.List(ctx, ws, q)
				docs = append(docs, more...)
				slices.SortFunc(docs, byKey)
			}
			return docs, err
		}
	}},
	{name: "a list without values", caught: []string{
		"List returns the newest revisions of one kind, with their values",
	}, plant: func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			for i := range docs {
				docs[i].Value = nil
			}
			return docs, err
		}
	}},
	{name: "the limit counts what does not match", caught: []string{
		"List fills the page also where most documents do not match",
	}, plant: func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			all := q
			all.Contains, all.Terms = "", nil
			docs, err := f.s.List(ctx, ws, all)
			return slices.DeleteFunc(docs, func(d storage.Doc) bool {
				return !strings.Contains(d.Sort, q.Contains) || !containsAll(d.Terms, q.Terms)
			}), err
		}
	}},
	{name: "one more than the limit", caught: []string{
		"List returns at most Limit documents, the first ones, and fewer only if there are no more",
	}, plant: query(func(q *storage.Query) {
		if q.Limit > 0 {
			q.Limit++
		}
	})},
	{name: "a limit below 1 is one of 100", caught: []string{
		"List refuses a limit below 1",
		"History refuses a limit below 1",
		"Changes refuses a limit below 1",
	}, plant: func(f *fault) {
		limit := func(n int) int {
			if n < 1 {
				return 100
			}
			return n
		}
		query(func(q *storage.Query) { q.Limit = limit(q.Limit) })(f)
		past(func(before, n int) (int, int) { return before, limit(n) })(f)
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, n int) ([]storage.Change, error) {
			return f.s.Changes(ctx, ws, after, limit(n))
		}
	}},
	{name: "bad text in a query is repaired", caught: []string{
		"List refuses a query that is no valid text",
		"List of a kind that nobody put is empty",
	}, plant: query(func(q *storage.Query) {
		d := storage.Doc{Ref: storage.Ref{Kind: q.Kind, ID: q.After.ID}, Sort: q.After.Sort, Terms: q.Terms, Unique: []string{q.Contains, q.From, q.To}}
		repair(&d)
		q.Kind, q.After, q.Terms = d.Kind, storage.Key{Sort: d.Sort, ID: d.ID}, d.Terms
		q.Contains, q.From, q.To = d.Unique[0], d.Unique[1], d.Unique[2]
	})},
	{name: "List sorts the asker's terms", caught: []string{
		"Slices: the wants and the terms of a query stay the asker's",
	}, plant: query(func(q *storage.Query) { slices.Sort(q.Terms) })},
}

func rules(change func(*listRules)) func(*fault) { return func(f *fault) { f.listBy(change) } }

// query returns a bug that asks something else.
func query(change func(*storage.Query)) func(*fault) {
	return func(f *fault) {
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			change(&q)
			return f.s.List(ctx, ws, q)
		}
	}
}

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }
