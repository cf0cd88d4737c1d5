package parcels

import (
	"math"
	"math/rand"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Both points lie inside whatever the polygon (orb's test is the judge), and
// do not depend on where its rings begin or which way they turn.
func TestPointsLieInside(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	shapes := []orb.MultiPolygon{
		{{{{0, 0}, {9, 0}, {9, 1}, {1, 1}, {1, 8}, {9, 8}, {9, 9}, {0, 9}, {0, 0}}}},           // a C: its middle is open
		{{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{1, 1}, {1, 8}, {8, 8}, {8, 1}, {1, 1}}}}, // a frame
		{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, {{{50, 50}, {51, 50}, {51, 51}, {50, 50}}}},       // two far parts: nothing at the middle
		{{{{0, 0}, {4, 4}, {8, 0}, {8, 8}, {4, 4.0001}, {0, 8}, {0, 0}}}},                      // an hourglass on its side
		{{{{500000, 4000000}, {500100, 4000000}, {500100, 4000000.001}, {500000, 4000000}}}},   // a sliver
	}
	for range 500 {
		var ring orb.Ring
		n := 4 + rnd.Intn(40)
		for i := range n {
			a := 2 * math.Pi * (float64(i) + 0.8*rnd.Float64()) / float64(n)
			d := 20 + 80*rnd.Float64()
			ring = append(ring, orb.Point{5e5 + d*math.Cos(a), 4e6 + d*math.Sin(a)})
		}
		shapes = append(shapes, orb.MultiPolygon{{append(ring, ring[0])}})
	}
	for i, mp := range shapes {
		for name, point := range map[string]func(orb.MultiPolygon) orb.Point{"interior": InteriorPoint, "representative": RepresentativePoint} {
			p := point(mp)
			if !planar.MultiPolygonContains(mp, p) {
				t.Errorf("shape %d: the %s point %v lies outside", i, name, p)
			}
			turned := mp.Clone()
			for _, poly := range turned {
				for k, ring := range poly {
					open := ring[:len(ring)-1]
					r := append(append(orb.Ring{}, open[len(open)/2:]...), open[:len(open)/2]...)
					r = append(r, r[0])
					r.Reverse()
					poly[k] = r
				}
			}
			if q := point(turned); planar.Distance(p, q) > 1e-6 {
				t.Errorf("shape %d: the %s point moves from %v to %v with the order of corners", i, name, p, q)
			}
		}
	}
	if p := InteriorPoint(nil); p != (orb.Point{}) {
		t.Errorf("of nothing: %v", p)
	}
}
