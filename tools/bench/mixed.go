package main

import "math"

// mixedCount is how many polygons the comparison with exactextract takes.
const mixedCount = 24_000

// mixed is any shape a county may send: fields, registry parcels, slivers
// thinner than a pixel, some inside one pixel, some of thousands of pixels.
func mixed(rng *random, at point) shape {
	switch kind := rng.unit(); {
	case kind < 0.35:
		return field(rng, at)
	case kind < 0.6:
		return parcel(rng, at)
	case kind < 0.8: // sliver
		wide := math.Exp(rng.between(math.Log(0.1), math.Log(8)))
		return drawn(rng, at, wide*rng.between(8, 300), wide, 14)
	case kind < 0.9: // tiny
		wide := math.Exp(rng.between(math.Log(0.3), math.Log(7)))
		return drawn(rng, at, wide*rng.between(1, 1.5), wide, 10)
	case kind < 0.95: // star with deep notches
		return star(rng, at, rng.between(10, 150))
	case kind < 0.97: // drawn from pixels: its sides lie on their edges
		return blocky(rng, at)
	}
	side := rng.between(500, 1500) // 2,500–22,500 pixels
	return drawn(rng, at, side*rng.between(1, 2), side, 60)
}

// blocky is an L of whole pixels of 10 m.
func blocky(rng *random, at point) shape {
	whole := func(v float64) float64 { return 10 * math.Round(v/10) }
	x, y, s := whole(at[0]), whole(at[1]), whole(rng.between(20, 200))
	return shape{{{{x, y}, {x + 2*s, y}, {x + 2*s, y + s}, {x + s, y + s}, {x + s, y + 2*s}, {x, y + 2*s}, {x, y}}}}
}

// star is a ring whose corners lie far out and close in by turns; seen from its
// middle the angles only grow, so it cannot cross itself.
func star(rng *random, at point, r float64) shape {
	n := 5 + int(rng.next()%8)
	var out shape = shape{{{}}}
	ring := out[0][0]
	for k := range 2 * n {
		far := r * rng.between(0.7, 1)
		if k%2 == 1 {
			far *= rng.between(0.15, 0.8)
		}
		a := 2 * math.Pi * (float64(k) + rng.between(-0.3, 0.3)) / float64(2*n)
		ring = append(ring, point{at[0] + far*math.Cos(a), at[1] + far*math.Sin(a)})
	}
	out[0][0] = append(ring, ring[0])
	return out
}
