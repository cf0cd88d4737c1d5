package models_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parus-lending/parus/models"
)

func equal(a, b float64) bool { return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b) }

// Six rows by hand. Truth a a a b b c; said a a b b a b. So a: 2 right of 3, 3
// said: P = R = F1 = 2/3; b: 1 right of 2, 3 said: P = 1/3, R = 1/2, F1 = 2/5;
// c: 0 of 1, never said; d does not occur. OA = 3/6, macro-F1 = (2/3 + 2/5)/3.
func TestScore(t *testing.T) {
	p := [][]float64{{.9, .1, 0, 0}, {.8, .1, .1, 0}, {.3, .7, 0, 0}, {.2, .8, 0, 0}, {.55, .45, 0, 0}, {.1, .5, .4, 0}}
	s := models.Score([]string{"a", "b", "c", "d"}, []int{0, 0, 0, 1, 1, 2}, p)
	if s.Rows != 6 || !equal(s.OA, 0.5) || !equal(s.MacroF1, (2./3+2./5)/3) {
		t.Errorf("OA %v, macro-F1 %v of %d rows", s.OA, s.MacroF1, s.Rows)
	}
	want := []models.ClassScore{{"a", 3, 3, 2, 2. / 3, 2. / 3, 2. / 3}, {"b", 2, 3, 1, 1. / 3, .5, .4}, {"c", 1, 0, 0, 0, 0, 0}, {"d", 0, 0, 0, 0, 0, 0}}
	if diff := cmp.Diff(want, s.Classes, cmp.Comparer(equal)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]int{{2, 1, 0, 0}, {1, 1, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}}, s.Confusion); diff != "" {
		t.Error(diff)
	}
	// Bins of 1/15: .9 → 13, .8 and .8 → 12 (both right), .7 → 10 (wrong), .55 → 8
	// (wrong), .5 → 7 (wrong). ECE = (|.9−1| + 2·|.8−1| + .7 + .55 + .5)/6.
	if !equal(s.ECE, (.1+.4+.7+.55+.5)/6) {
		t.Errorf("ECE %v", s.ECE)
	}
	if b := s.Reliability[12]; b.Rows != 2 || !equal(b.Confidence, .8) || b.Accuracy != 1 || !equal(b.Low, 12./15) {
		t.Errorf("bin 12: %+v", b)
	}
	if b := models.Reliability([]float64{1}, []bool{true})[14]; b.Rows != 1 {
		t.Error("a probability of 1 is not in the last bin")
	}
	if none := models.Score([]string{"a"}, nil, nil); none.Rows != 0 || !math.IsNaN(none.MacroF1) {
		t.Errorf("no rows: %+v", none)
	}
}

// Of four rows by falling score: right, wrong, right, right. At half coverage
// one of two is right; 20 steps of 5 % of four rows keep 4, 4, 4, 3 … 1.
func TestCoverageAccuracy(t *testing.T) {
	got := models.CoverageAccuracy([]float64{.6, .9, .7, .8}, []bool{true, true, true, false})
	if len(got) != 18 {
		t.Fatalf("%d steps", len(got))
	}
	if diff := cmp.Diff(models.Kept{1, .6, .75}, got[0]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(models.Kept{.5, .8, .5}, got[10]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(models.Kept{.25, .9, 1}, got[17]); diff != "" {
		t.Error(diff)
	}
}

// low 1 2 3, high 2 4: of six pairs 2 > 1, 4 > 1, 4 > 2, 4 > 3 and half of 2 = 2.
func TestAUC(t *testing.T) {
	if got := models.AUC([]float64{3, 1, 2}, []float64{2, 4}); !equal(got, 4.5/6) {
		t.Errorf("%v", got)
	}
	if !math.IsNaN(models.AUC(nil, []float64{1})) {
		t.Error("an AUC of nothing")
	}
}

// 8 rows only the first has right, 2 only the second: 2·(45 + 10 + 1)/1024.
func TestMcNemar(t *testing.T) {
	var a, b []bool
	for i := range 20 {
		a, b = append(a, i < 8 || i >= 10), append(b, i >= 8 && i < 10 || i >= 10)
	}
	onlyA, onlyB, p := models.McNemar(a, b)
	if onlyA != 8 || onlyB != 2 || !equal(p, 112./1024) {
		t.Errorf("%d, %d, %v", onlyA, onlyB, p)
	}
	if _, _, p := models.McNemar(a, a); p != 1 {
		t.Errorf("the same answers twice: %v", p)
	}
}

// Of two draws of 0.1, at least one: 0.19; at least two: 0.01. So with an alarm
// of 5 % two flagged rows of two are needed, and rows flagged half the time have
// them with a chance of 0.25. With 20 draws of 0.05: P(≥ 4) = 0.0159, P(≥ 3) =
// 0.0755 (tables of the binomial distribution).
func TestRegionPower(t *testing.T) {
	if !equal(models.AtLeast(2, 1, .1), .19) || !equal(models.AtLeast(2, 2, .1), .01) || models.AtLeast(5, 0, 0) != 1 || models.AtLeast(5, 1, 0) != 0 {
		t.Error("chances of two draws")
	}
	if least, power := models.RegionPower(2, .1, .5, .05); least != 2 || !equal(power, .25) {
		t.Errorf("%d, %v", least, power)
	}
	if math.Abs(models.AtLeast(20, 4, .05)-.0159) > 5e-5 || math.Abs(models.AtLeast(20, 3, .05)-.0755) > 5e-5 {
		t.Errorf("%v, %v", models.AtLeast(20, 4, .05), models.AtLeast(20, 3, .05))
	}
	if least, power := models.RegionPower(20, .05, 1, .05); least != 4 || power != 1 {
		t.Errorf("%d, %v", least, power)
	}
}
