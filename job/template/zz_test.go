package template
import ("testing";"slices";"strings";"github.com/sonajobs/sona/internal/bm25")
func TestZ(t *testing.T){
 var docs []bm25.Doc
 for _,x:=range All(){ s:=x.Spec; docs=append(docs,bm25.Doc{Text:strings.Join([]string{s.Name,s.Description,s.CallerIntent,s.Instructions[:strings.Index(s.Instructions,"\n")]},"\n")}) }
 ix:=bm25.New(slices.Values(docs)); ok,n:=0,0
 for name,qs:=range held { for _,q:=range qs { n++; h:=ix.Rank(q,2); if len(h)>0&&names[h[0].Doc]==name {ok++} else { t.Log(name,q,h) } } }
 t.Log(ok,n)
}
