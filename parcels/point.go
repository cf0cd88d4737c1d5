package parcels

import (
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"
)

// RepresentativePoint is a point inside the polygon, near the middle of its
// height: the middle of the widest stretch that a horizontal line has inside.
// It works in any CRS, does not depend on the order of rings or their
// direction, and for a polygon without area gives the middle of its corners.
func RepresentativePoint(mp orb.MultiPolygon) orb.Point {
	var ys []float64
	var mid orb.Point
	for _, poly := range mp {
		for _, ring := range poly {
			for _, p := range ring {
				ys = append(ys, p[1])
				mid[0] += p[0]
				mid[1] += p[1]
			}
		}
	}
	if len(ys) == 0 {
		return orb.Point{}
	}
	mid[0] /= float64(len(ys))
	mid[1] /= float64(len(ys))
	sort.Float64s(ys)
	best, width := mid, -1.0
	for _, y := range scanlines(ys) {
		xs := crossings(mp, y)
		for i := 0; i+1 < len(xs); i += 2 {
			if w := xs[i+1] - xs[i]; w > width {
				best, width = orb.Point{xs[i] + w/2, y}, w
			}
		}
	}
	return best
}

// InteriorPoint is a point inside the polygon at the middle of its height: the
// middle of the widest stretch that one horizontal line has inside. It costs a
// tenth of RepresentativePoint, whose point lies in a wider stretch where the
// middle of the polygon is narrow.
func InteriorPoint(mp orb.MultiPolygon) orb.Point {
	b := mp.Bound()
	middle := b.Min[1]/2 + b.Max[1]/2
	below, above := b.Min[1], b.Max[1]
	for _, poly := range mp {
		for _, ring := range poly {
			for _, p := range ring {
				if p[1] <= middle {
					below = max(below, p[1])
				} else {
					above = min(above, p[1])
				}
			}
		}
	}
	y := below/2 + above/2 // between corners: no line meets one
	if !(y > below && y < above) {
		return RepresentativePoint(mp)
	}
	var few [16]float64
	xs := crossingsInto(few[:0], mp, y)
	if len(xs) < 2 { // nothing of it at the middle: far parts
		return RepresentativePoint(mp)
	}
	var best orb.Point
	width := -1.0
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			best, width = orb.Point{xs[i] + w/2, y}, w
		}
	}
	return best
}

// scanlines are up to nine lines between corner heights, nearest the middle
// first; no line meets a corner.
func scanlines(ys []float64) []float64 {
	middle := ys[0]/2 + ys[len(ys)-1]/2
	var lines []float64
	for i := 1; i < len(ys); i++ {
		if y := ys[i-1]/2 + ys[i]/2; y > ys[i-1] && y < ys[i] {
			lines = append(lines, y)
		}
	}
	sort.SliceStable(lines, func(i, j int) bool { return math.Abs(lines[i]-middle) < math.Abs(lines[j]-middle) })
	return lines[:min(len(lines), 9)]
}

// crossings are the sorted x at which the line meets the boundary.
func crossings(mp orb.MultiPolygon, y float64) []float64 { return crossingsInto(nil, mp, y) }

func crossingsInto(xs []float64, mp orb.MultiPolygon, y float64) []float64 {
	for _, poly := range mp {
		for _, ring := range poly {
			for i := range ring {
				a, b := ring[i], ring[(i+1)%len(ring)]
				if (a[1] > y) != (b[1] > y) {
					xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
				}
			}
		}
	}
	slices.Sort(xs)
	return xs
}
