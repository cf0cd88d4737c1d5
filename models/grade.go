package models

import (
	"math"
	"sort"
)

// minGraded is the least number of plots of one crop that are graded.
const minGraded = 30

// GrowthGrade gives each value its quintile, 1 (lowest fifth) to 5. Equal
// values share the lower grade; a NaN gets 0, no grade, and so does everyone
// where fewer than 30 values are known.
func GrowthGrade(values []float64) []int {
	out := make([]int, len(values))
	var sorted []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			sorted = append(sorted, v)
		}
	}
	if len(sorted) < minGraded {
		return out
	}
	sort.Float64s(sorted)
	for i, v := range values {
		if !math.IsNaN(v) {
			rank := sort.SearchFloat64s(sorted, v) // values strictly below
			out[i] = rank*5/len(sorted) + 1
		}
	}
	return out
}
