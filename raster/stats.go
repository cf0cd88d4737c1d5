package raster

import (
	"math"
	"slices"
)

type weighted struct{ v, w float64 }

// sample is the usable pixels of one polygon in one band, reused between
// polygons.
type sample struct {
	px     []weighted
	total  float64
	inside float64
}

func (s *sample) reset() { s.px, s.total, s.inside = s.px[:0], 0, 0 }

// noStats are those of a polygon of which no pixel counts.
func noStats(total float64) Stats {
	nan := math.NaN()
	return Stats{Total: total, Mean: nan, Std: nan, Min: nan, P25: nan, Median: nan, P75: nan, Max: nan}
}

// stats are coverage-weighted: mean = Σwv/Σw, std the population deviation
// √(Σw(v−mean)²/Σw), min and max over all usable pixels touched. A quantile q
// is the smallest value at which the cumulated weight reaches q of the sum
// (the inverse of the weighted distribution function, no interpolation).
func (s *sample) stats() Stats {
	out := noStats(s.total)
	if len(s.px) == 0 {
		return out
	}
	var sw, swv float64
	for _, p := range s.px {
		sw += p.w
		swv += p.w * p.v
	}
	mean := swv / sw
	var ss float64
	for _, p := range s.px {
		ss += p.w * (p.v - mean) * (p.v - mean)
	}
	slices.SortFunc(s.px, func(a, b weighted) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return 0
	})
	out.Count, out.Inside, out.Mean, out.Std = sw, s.inside, mean, math.Sqrt(ss/sw)
	out.Min, out.Max = s.px[0].v, s.px[len(s.px)-1].v
	out.P25, out.Median, out.P75 = s.quantile(0.25, sw), s.quantile(0.5, sw), s.quantile(0.75, sw)
	return out
}

// quantile needs px sorted. The tolerance keeps weights that sum to q exactly
// on paper from falling over by a rounding error.
func (s *sample) quantile(q, sum float64) float64 {
	want := q*sum - quantileSlack*sum
	acc := 0.0
	for _, p := range s.px {
		if acc += p.w; acc >= want {
			return p.v
		}
	}
	return s.px[len(s.px)-1].v
}
