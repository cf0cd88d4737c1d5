package models

import "sort"

// minGraded is the least number of plots of one crop that are graded.
const minGraded = 30

// GrowthGrade gives each value its quintile, 1 (lowest fifth) to 5. Equal
// values share the lower grade; fewer than 30 values get 0, no grade.
func GrowthGrade(values []float64) []int {
	out := make([]int, len(values))
	if len(values) < minGraded {
		return out
	}
	sorted := append([]float64(nil), values...)
	sort.Float64s(sorted)
	for i, v := range values {
		rank := sort.SearchFloat64s(sorted, v) // values strictly below
		out[i] = min(rank*5/len(values)+1, 5)
	}
	return out
}
