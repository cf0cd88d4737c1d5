package vector

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// surelySimple reports whether it is plain to see that the polygons are valid:
// rings closed, of at least three different corners, none repeated, and no edge
// within rounding of another but its neighbours, which do not fold back; holes
// in their outline, outlines apart. A false answer says nothing: the slow check
// of repair decides. It costs a microsecond for a field of twenty corners.
func surelySimple(mp orb.MultiPolygon) bool {
	if len(mp) == 0 {
		return false
	}
	var small [64]edge
	edges := small[:0]
	for _, poly := range mp {
		if len(poly) == 0 {
			return false
		}
		for _, ring := range poly {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return false
			}
			first := len(edges)
			for i := range len(ring) - 1 {
				a, b := ring[i], ring[i+1]
				if a == b || math.IsNaN(a[0]+a[1]) || math.IsInf(a[0]+a[1], 0) {
					return false
				}
				edges = append(edges, edge{a: a, b: b, ring: first, at: i, of: len(ring) - 1})
			}
			for k, n := first, len(edges); k < n; k++ {
				next := k + 1
				if next == n {
					next = first
				}
				if foldsBack(edges[k], edges[next]) {
					return false
				}
			}
		}
	}
	return apart(edges) && nested(mp)
}

// edge of a ring; ring is the place of the ring's first edge.
type edge struct {
	a, b         orb.Point
	ring, at, of int
}

func (e edge) neighbour(o edge) bool {
	d := e.at - o.at
	return e.ring == o.ring && (d == 1 || d == -1 || d == e.of-1 || d == 1-e.of)
}

func (e edge) left() float64  { return min(e.a[0], e.b[0]) }
func (e edge) right() float64 { return max(e.a[0], e.b[0]) }

// foldsBack reports whether the edge after e may run back over it.
func foldsBack(e, next edge) bool {
	ux, uy := e.b[0]-e.a[0], e.b[1]-e.a[1]
	vx, vy := next.b[0]-next.a[0], next.b[1]-next.a[1]
	return side(e.a, e.b, next.b) == 0 && ux*vx+uy*vy <= 0
}

// side is +1 or −1 for the side of the line a–b that p surely lies on, 0 where
// rounding could decide. Corners are taken as exact; the bound is Shewchuk's for
// the orientation test (1997, "Adaptive precision floating-point arithmetic",
// eq. for A: (3 + 16ε)ε).
func side(a, b, p orb.Point) int {
	l := (a[0] - p[0]) * (b[1] - p[1])
	r := (a[1] - p[1]) * (b[0] - p[0])
	d := l - r
	bound := 3.4e-16 * (math.Abs(l) + math.Abs(r))
	switch {
	case d > bound:
		return 1
	case d < -bound:
		return -1
	}
	return 0
}

// apart reports whether no two edges touch but neighbours at their corner:
// edges sorted from left to right, each against those that begin before it
// ends.
func apart(edges []edge) bool {
	sorted := edges
	if len(edges) > 24 { // few edges: all pairs are cheaper than sorting
		sorted = slices.Clone(edges)
		slices.SortFunc(sorted, func(x, y edge) int { return cmp.Compare(x.left(), y.left()) })
	}
	inOrder := len(edges) > 24
	for i, e := range sorted {
		right, left := e.right(), e.left()
		low, high := min(e.a[1], e.b[1]), max(e.a[1], e.b[1])
		for _, o := range sorted[i+1:] {
			if ol := o.left(); ol > right {
				if inOrder {
					break
				}
				continue
			}
			if o.right() < left || min(o.a[1], o.b[1]) > high || max(o.a[1], o.b[1]) < low || e.neighbour(o) {
				continue
			}
			if touch(e, o) {
				return false
			}
		}
	}
	return true
}

// touch reports whether two edges may meet.
func touch(e, o edge) bool {
	s1, s2 := side(e.a, e.b, o.a), side(e.a, e.b, o.b)
	if s1 == s2 && s1 != 0 {
		return false
	}
	s1, s2 = side(o.a, o.b, e.a), side(o.a, o.b, e.b)
	return s1 != s2 || s1 == 0
}

// nested reports whether holes lie in their outline and outlines apart, for
// rings that do not touch.
func nested(mp orb.MultiPolygon) bool {
	if len(mp) > 200 {
		return false // a square of so many: leave it to the slow check
	}
	for i, poly := range mp {
		if len(poly) > 200 {
			return false
		}
		for j, hole := range poly[1:] {
			if !planar.RingContains(poly[0], hole[0]) {
				return false
			}
			for k, other := range poly[1:] {
				if j != k && planar.RingContains(other, hole[0]) {
					return false
				}
			}
		}
		for k, other := range mp {
			if i != k && planar.PolygonContains(other, poly[0][0]) {
				return false
			}
		}
	}
	return true
}
