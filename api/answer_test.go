package api

import (
	"encoding/json"
	"testing"

	"github.com/parus-lending/parus/data/store"
)

// What is written in two pieces is what json.Marshal writes in one.
func TestAnswerOfADecision(t *testing.T) {
	end := "2024-12-01"
	for _, trace := range []string{`{"trace":["\u003cb\u003e \"trace\":0"],"reasons":null}`, ""} {
		d := store.Decision{DecisionID: "d1", GrowerID: `a "trace":0 <name>`, TenorEnd: &end, Reasons: []string{"\"trace\":0"}, Plots: []string{}, Evidence: "e", Trace: json.RawMessage(trace)}
		want, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := answerOf(d); err != nil || string(got) != string(want) {
			t.Errorf("%s %v, want %s", got, err, want)
		}
	}
}
