package parcels

import (
	"math"
	"slices"
)

// The smoother is a Gaussian process with the Matérn 3/2 kernel around the mean
// of what was seen: curves that bend smoothly, forget in about fillDays, and
// pass looks by that are a little off. Of the ways compared on dates withheld
// (docs/evaluation/smoothing.md) it came out best.
const (
	fillDays  = 60   // length of the kernel
	fillNoise = 0.02 // variance of one whole look, as a share of the process's
)

// sample is one look at a curve: day counted from anywhere, weight 0–1.
type sample struct{ day, v, w float64 }

// curveFit is what is known of a curve on the days asked.
type curveFit struct {
	z, sd     []float64 // value and its standard deviation
	amplitude float64   // standard deviation of the process
}

// FillCurve smooths values seen on days (counted from anywhere, in any order;
// weights above 0 up to 1) and gives value and standard deviation on other days,
// which must ascend; NaN where nothing was seen. The standard deviation is that of
// the smooth curve under the process and grows in gaps. scatter is that of one
// whole look around the curve; a look of weight w has scatter/√w.
func FillCurve(day, v, w, at []float64) (z, sd []float64, scatter float64) {
	seen := make([]sample, 0, len(day))
	for i := range day {
		if w[i] > 0 && !math.IsNaN(v[i]) && !math.IsInf(v[i], 0) {
			seen = append(seen, sample{day[i], v[i], w[i]})
		}
	}
	f := smooth(seen, at, 0)
	return f.z, f.sd, f.amplitude * math.Sqrt(fillNoise)
}

// fill is FillCurve within the range of what was seen. Before the first look and
// after the last the nearest day's value stands; its deviation grows on. least
// is the smallest standard deviation of one look that is believed.
func fill(seen []sample, at []float64, least, lo, hi float64) ([]float64, []float64) {
	seen = slices.Clone(seen)
	for i := range seen {
		seen[i].v = math.Max(lo, math.Min(hi, seen[i].v))
	}
	f := smooth(seen, at, least/math.Sqrt(fillNoise))
	if len(seen) == 0 {
		return f.z, f.sd
	}
	slices.SortFunc(seen, earlier)
	least, most := math.Inf(1), math.Inf(-1)
	for _, s := range seen {
		least, most = math.Min(least, s.v), math.Max(most, s.v)
	}
	ends := smooth(seen, []float64{seen[0].day, seen[len(seen)-1].day}, 0).z
	for i, t := range at {
		switch {
		case t < seen[0].day:
			f.z[i] = ends[0]
		case t > seen[len(seen)-1].day:
			f.z[i] = ends[1]
		}
		f.z[i] = math.Max(least, math.Min(most, f.z[i]))
	}
	return f.z, f.sd
}

func earlier(a, b sample) int {
	switch {
	case a.day < b.day:
		return -1
	case a.day > b.day:
		return 1
	case a.v < b.v:
		return -1
	case a.v > b.v:
		return 1
	}
	return 0
}
