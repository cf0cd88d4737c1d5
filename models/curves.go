package models

import (
	"cmp"
	"math"
	"slices"
)

// Kept is what remains when only the surest rows are answered.
type Kept struct {
	Coverage  float64 // share of rows answered
	Threshold float64 // of the score
	Accuracy  float64 // of those answered
}

// CoverageAccuracy keeps ever fewer of the rows, by falling score: at coverages
// 1, 0.95 … 0.05. Rows of equal score stay in their order.
func CoverageAccuracy(score []float64, right []bool) []Kept {
	if len(score) == 0 {
		return nil
	}
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	hits := make([]int, len(order)+1)
	for i, r := range order {
		hits[i+1] = hits[i]
		if right[r] {
			hits[i+1]++
		}
	}
	var out []Kept
	for step := 20; step >= 1; step-- {
		n := (len(order)*step + 10) / 20
		if n == 0 {
			break
		}
		out = append(out, Kept{Coverage: ratio(n, len(order)), Threshold: score[order[n-1]], Accuracy: ratio(hits[n], n)})
	}
	return out
}

// AUC is the chance that a row of high has a larger score than a row of low,
// equal scores counting half (Mann–Whitney); NaN where one of them is empty.
func AUC(low, high []float64) float64 {
	if len(low) == 0 || len(high) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(low))
	sum := 0.0
	for _, v := range high {
		below, _ := slices.BinarySearch(sorted, v)
		upTo, _ := slices.BinarySearchFunc(sorted, v, func(x, v float64) int {
			if x <= v {
				return -1
			}
			return 1
		})
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(low)) / float64(len(high))
}

// McNemar compares two classifiers on the same rows: onlyA rows that only the
// first names rightly, onlyB that only the second does, and the two-sided exact
// probability of so uneven a split if the two were equally good.
func McNemar(a, b []bool) (onlyA, onlyB int, p float64) {
	for i := range a {
		switch {
		case a[i] && !b[i]:
			onlyA++
		case b[i] && !a[i]:
			onlyB++
		}
	}
	n := onlyA + onlyB
	if n == 0 {
		return 0, 0, 1
	}
	return onlyA, onlyB, math.Min(1, 2*AtLeast(n, max(onlyA, onlyB), 0.5))
}

// AtLeast is the chance of k or more successes in n draws of chance p.
func AtLeast(n, k int, p float64) float64 {
	if k <= 0 || p >= 1 {
		return 1
	}
	if p <= 0 {
		return 0
	}
	logGamma := func(x int) float64 { v, _ := math.Lgamma(float64(x)); return v }
	sum := 0.0
	for i := n; i >= k; i-- {
		sum += math.Exp(logGamma(n+1) - logGamma(i+1) - logGamma(n-i+1) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return math.Min(1, sum)
}

// RegionPower is the chance that n rows of a region are known as unfamiliar, by
// how many of them are flagged: the region is called unfamiliar where so many
// are flagged as happens to n familiar rows with a chance of at most alarm.
func RegionPower(n int, inside, outside, alarm float64) (least int, power float64) {
	for least = 0; least <= n && AtLeast(n, least, inside) > alarm; least++ {
	}
	if least > n {
		return least, 0
	}
	return least, AtLeast(n, least, outside)
}
