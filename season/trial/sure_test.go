package trial

import (
	"slices"
	"testing"
)

// By hand: of five rows one is not assessable and one is named a class that is
// not in service; of the other three two are right, of those from 0.9 on one of one.
func TestSureRows(t *testing.T) {
	v := verdicts{classes: []string{"maize", "rice", "peanut"}, truth: []int{0, 0, 1, 2, 0},
		p:          [][]float64{{.95, .03, .02}, {.7, .2, .1}, {.85, .1, .05}, {.01, .01, .98}, {.99, .01, 0}},
		assessable: []bool{true, true, true, true, false}}
	got := v.sure([]string{"maize", "rice"})
	if i := slices.IndexFunc(got, func(s Sure) bool { return s.From == .6 }); got[i].Rows != 3 || got[i].Right != 2./3 {
		t.Errorf("from 0.6: %+v, want 3 rows, 2 of 3 right", got[i])
	}
	if i := slices.IndexFunc(got, func(s Sure) bool { return s.From == .9 }); got[i].Rows != 1 || got[i].Right != 1 {
		t.Errorf("from 0.9: %+v, want 1 row, right", got[i])
	}
}
