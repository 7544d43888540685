package action_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/action"
)

// A table is booked by a function of the host's. The model is shown the schema, and what does not fit it never
// reaches the function.
func ExampleNew() {
	type booking struct {
		Day    string `json:"day"            jsonschema:"description=The day as YYYY-MM-DD,pattern=^[0-9]{4}-[0-9]{2}-[0-9]{2}$"`
		Guests int    `json:"guests"         jsonschema:"minimum=1,maximum=20"`
		Room   string `json:"room,omitempty" jsonschema:"enum=terrace,enum=hall"`
	}
	type booked struct {
		Table int `json:"table"`
	}
	a, err := action.New("book_table", "Books a table.", func(_ context.Context, _ runtime.CallInfo, b booking) (booked, error) {
		return booked{Table: b.Guests}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var schema struct {
		Properties json.RawMessage `json:"properties"`
		Required   []string        `json:"required"`
	}
	_ = json.Unmarshal(a.Spec.Parameters, &schema)
	fmt.Println(string(schema.Properties))
	fmt.Println(schema.Required)

	for _, args := range []string{`{"day":"2026-05-04","guests":4,"room":"hall"}`, `{"day":"tomorrow","guests":4}`, `{"day":"2026-05-04","guests":400}`} {
		result, err := a.Do(context.Background(), runtime.CallInfo{}, json.RawMessage(args))
		fmt.Println(string(result), err)
	}
	// Output:
	// {"day":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","description":"The day as YYYY-MM-DD"},"guests":{"type":"integer","maximum":20,"minimum":1},"room":{"type":"string","enum":["terrace","hall"]}}
	// [day guests]
	// {"table":4} <nil>
	//  the arguments: "day" must match the pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
	//  the arguments: "guests" must be at most 20
}
