package models_test

import (
	"testing"

	"github.com/parus-lending/parus/models"
)

func TestGrowthGrade(t *testing.T) {
	var values []float64
	for i := range 30 {
		values = append(values, float64((i*7)%30)) // 0 … 29, shuffled
	}
	count := map[int]int{}
	for i, g := range models.GrowthGrade(values) {
		if want := int(values[i])/6 + 1; g != want {
			t.Errorf("value %v of 0…29 has grade %d, wanted %d", values[i], g, want)
		}
		count[g]++
	}
	for g := 1; g <= 5; g++ {
		if count[g] != 6 {
			t.Errorf("grade %d has %d of 30, wanted a fifth", g, count[g])
		}
	}
	for _, g := range models.GrowthGrade(values[:29]) {
		if g != 0 {
			t.Fatalf("29 plots got grade %d; below 30 there is none", g)
		}
	}
	values[3] = nan
	for i, g := range models.GrowthGrade(values) {
		if g != 0 {
			t.Fatalf("29 plots and one without a value: plot %d got grade %d", i, g)
		}
	}
	values = append(values, 100)
	for i, g := range models.GrowthGrade(values) {
		if (g == 0) != (i == 3) {
			t.Fatalf("plot %d got grade %d; only the one without a value has none", i, g)
		}
	}
}
