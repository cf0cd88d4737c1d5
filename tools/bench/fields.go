package main

import (
	"math"

	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

type point = orb.Point
type shape = orb.MultiPolygon

// random is a small generator (splitmix64) whose numbers never change with the
// Go version.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// unit is even in [0, 1).
func (r *random) unit() float64 { return float64(r.next()>>11) / (1 << 53) }

func (r *random) between(lo, hi float64) float64 { return lo + (hi-lo)*r.unit() }

// normal has mean 0 and deviation 1 (Box and Muller).
func (r *random) normal() float64 {
	return math.Sqrt(-2*math.Log(1-r.unit())) * math.Cos(2*math.Pi*r.unit())
}

// scatter places the set's polygons evenly over the grid, one in each square of
// a lattice, anywhere in it: a few cross the edge of the image. Their order is
// that of a registry: roughly by village, not sorted by place.
func scatter(g raster.Grid, s set) []shape {
	rng := random(mix(uint64(s.count)) ^ uint64(len(s.name)))
	n := int(math.Ceil(math.Sqrt(float64(s.count))))
	wide, high := float64(g.Width)*g.Res/float64(n), float64(g.Height)*g.Res/float64(n)
	out := make([]shape, s.count)
	const village = 200
	order := villages(&rng, s.count, village)
	for k := range out {
		i := order[k/village]*village + k%village
		at := point{g.X0 + (float64(i%n)+rng.unit())*wide, g.Y0 - (float64(i/n)+rng.unit())*high}
		out[k] = s.make(&rng, at)
	}
	return out
}

// villages is a random order of the whole villages; a last part of one stays
// last.
func villages(rng *random, count, village int) []int {
	order := make([]int, (count+village-1)/village)
	for i := range order {
		order[i] = i
	}
	for i := count/village - 1; i > 0; i-- {
		j := int(rng.next() % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// field is a field of 0.2–5 ha with about 20 vertices.
func field(rng *random, at point) shape {
	area := math.Min(math.Max(8000*math.Exp(0.8*rng.normal()), 2000), 50000)
	aspect := rng.between(1, 4)
	if rng.unit() < 0.15 {
		aspect = rng.between(6, 15)
	}
	long := math.Sqrt(area * aspect)
	return drawn(rng, at, long, area/long, 20)
}

// parcel is a registry parcel of 0.03–0.3 ha, median 0.1 ha, a fifth of them
// strips under 10 m wide.
func parcel(rng *random, at point) shape {
	area := math.Min(math.Max(1000*math.Exp(0.5*rng.normal()), 300), 3000)
	wide := math.Sqrt(area / rng.between(1, 4))
	if rng.unit() < 0.2 {
		wide = rng.between(2.5, 9.5)
	} else {
		wide = math.Max(wide, 10.5)
	}
	return drawn(rng, at, area/wide, wide, 8)
}

// drawn is a turned, slightly tapered rectangle whose sides are drawn by hand
// with about n vertices in all; one in twenty has a hole (a pond), one in thirty
// is parted by a track. Its rings never cross themselves: vertices go aside by
// at most a twelfth of the width and stand at least a sixth of it apart.
func drawn(rng *random, at point, long, wide float64, n int) shape {
	turn := rng.between(0, math.Pi)
	c, s := math.Cos(turn), math.Sin(turn)
	place := func(ring orb.Ring) orb.Ring {
		for i, p := range ring {
			ring[i] = point{at[0] + p[0]*c - p[1]*s, at[1] + p[0]*s + p[1]*c}
		}
		return ring
	}
	switch kind := rng.unit(); {
	case kind < 0.05:
		h := math.Min(long, wide) * rng.between(0.1, 0.25)
		hole := orb.Ring{{-h, -h}, {-h, h}, {h, h}, {h, -h}, {-h, -h}}
		return shape{{place(outline(rng, 0, long, wide, n)), place(hole)}}
	case kind < 0.083:
		gap := math.Min(6, long/10)
		part := (long - gap) / 2
		return shape{{place(outline(rng, -(part+gap)/2, part, wide, n/2))}, {place(outline(rng, (part+gap)/2, part, wide, n/2))}}
	}
	return shape{{place(outline(rng, 0, long, wide, n))}}
}

// outline is a closed ring around (mid, 0), counter-clockwise.
func outline(rng *random, mid, long, wide float64, n int) orb.Ring {
	taper := rng.between(0.8, 1)
	a, b := wide/(1+taper), wide/(1+taper)*taper // half the widths of the ends
	corners := []point{{mid - long/2, -a}, {mid + long/2, -b}, {mid + long/2, b}, {mid - long/2, a}}
	aside := math.Min(long, wide) / 12
	ring := make(orb.Ring, 0, n+5)
	for i, a := range corners {
		b := corners[(i+1)%4]
		dx, dy := b[0]-a[0], b[1]-a[1]
		side := math.Hypot(dx, dy)
		steps := max(1, int(math.Round(float64(n)*side/(2*(long+wide)))))
		steps = max(1, min(steps, int(side/(math.Min(long, wide)/6))))
		ring = append(ring, a)
		for k := 1; k < steps; k++ {
			t, off := float64(k)/float64(steps), 0.0
			// parted fields: the sides that face each other stay straight
			if i%2 == 0 || mid == 0 {
				off = rng.between(-aside, aside) / side
			}
			ring = append(ring, point{a[0] + t*dx - off*dy, a[1] + t*dy + off*dx})
		}
	}
	return append(ring, ring[0])
}
