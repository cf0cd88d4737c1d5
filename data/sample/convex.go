package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// convex is a convex polygon in metres, counter-clockwise, not closed. All land
// of the sample is cut from convex pieces by straight lines.
type convex []orb.Point

func (c convex) area() float64 {
	var sum float64
	for i, p := range c {
		q := c[(i+1)%len(c)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	return sum / 2
}

// below keeps the part where n·p ≤ d.
func (c convex) below(n orb.Point, d float64) convex {
	var out convex
	for i, p := range c {
		q := c[(i+1)%len(c)]
		sp, sq := n[0]*p[0]+n[1]*p[1]-d, n[0]*q[0]+n[1]*q[1]-d
		if sp <= 0 {
			out = append(out, p)
		}
		if sp < 0 && sq > 0 || sp > 0 && sq < 0 {
			t := sp / (sp - sq)
			out = append(out, orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])})
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

func (c convex) above(n orb.Point, d float64) convex {
	return c.below(orb.Point{-n[0], -n[1]}, -d)
}

// inset moves every edge inwards by d metres.
func (c convex) inset(d float64) convex {
	out := c
	for i, p := range c {
		q := c[(i+1)%len(c)]
		l := math.Hypot(q[0]-p[0], q[1]-p[1])
		if l < 1e-9 || out == nil {
			continue
		}
		n := orb.Point{(q[1] - p[1]) / l, -(q[0] - p[0]) / l} // outward
		out = out.below(n, n[0]*p[0]+n[1]*p[1]-d)
	}
	return out
}

// span is the extent of the polygon along a unit vector.
func (c convex) span(n orb.Point) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, p := range c {
		v := n[0]*p[0] + n[1]*p[1]
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// cutAt finds the offset along n that leaves the share of the area below it.
func (c convex) cutAt(n orb.Point, share float64) float64 {
	lo, hi := c.span(n)
	want := c.area() * share
	for range 40 {
		mid := (lo + hi) / 2
		if part := c.below(n, mid); part != nil && part.area() > want {
			hi = mid
		} else {
			lo = mid
		}
	}
	return (lo + hi) / 2
}

// longest is the unit vector of the longest edge.
func (c convex) longest() orb.Point {
	best, out := 0.0, orb.Point{1, 0}
	for i, p := range c {
		q := c[(i+1)%len(c)]
		if l := math.Hypot(q[0]-p[0], q[1]-p[1]); l > best {
			best, out = l, orb.Point{(q[0] - p[0]) / l, (q[1] - p[1]) / l}
		}
	}
	return out
}

func turn(v orb.Point, angle float64) orb.Point {
	s, c := math.Sincos(angle)
	return orb.Point{v[0]*c - v[1]*s, v[0]*s + v[1]*c}
}

// ring closes the polygon, corners on whole centimetres as surveyors write
// them.
func (c convex) ring() orb.Ring {
	r := make(orb.Ring, 0, len(c)+1)
	for _, p := range c {
		q := orb.Point{math.Round(p[0]*100) / 100, math.Round(p[1]*100) / 100}
		if len(r) == 0 || r[len(r)-1] != q {
			r = append(r, q)
		}
	}
	if r[0] != r[len(r)-1] {
		r = append(r, r[0])
	}
	return r
}

// touches reports whether two convex polygons share more than metres of edge:
// b's corners or edge midpoints lie on an edge of a, or the other way round.
func touches(a, b convex, metres float64) bool {
	return sharedEdge(a, b) > metres
}

// sharedEdge is the length of boundary two disjoint convex polygons share.
func sharedEdge(a, b convex) float64 {
	const near = 0.05
	var sum float64
	for i, p := range a {
		q := a[(i+1)%len(a)]
		l := math.Hypot(q[0]-p[0], q[1]-p[1])
		if l < 1e-6 {
			continue
		}
		u := orb.Point{(q[0] - p[0]) / l, (q[1] - p[1]) / l}
		for j, r := range b {
			s := b[(j+1)%len(b)]
			off := func(x orb.Point) float64 { return math.Abs((x[0]-p[0])*u[1] - (x[1]-p[1])*u[0]) }
			if off(r) > near || off(s) > near {
				continue
			}
			t0, t1 := (r[0]-p[0])*u[0]+(r[1]-p[1])*u[1], (s[0]-p[0])*u[0]+(s[1]-p[1])*u[1]
			if t0 > t1 {
				t0, t1 = t1, t0
			}
			if d := min(t1, l) - max(t0, 0); d > 0 {
				sum += d
			}
		}
	}
	return sum
}
