package parcels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Wanted values: GeographicLib's geodesic polygon area on the CGCS2000
// ellipsoid (pyproj 3.7.2, Geod.polygon_area_perimeter).
func TestAreaAgreesWithGeodesics(t *testing.T) {
	for _, c := range []struct {
		name string
		ring orb.Ring
		want float64
		rel  float64
	}{
		{"field of 1 ha", orb.Ring{{115.5, 31.7}, {115.501, 31.7}, {115.501, 31.701}, {115.5, 31.701}}, 10511.463949, 1e-9},
		{"strip 6.6 m wide", orb.Ring{{115.5, 31.7}, {115.5100, 31.7003}, {115.5100, 31.70036}, {115.5, 31.70006}}, 6306.899705, 1e-9},
		{"100 ha at 48° N", orb.Ring{{130, 48}, {130.013, 48.002}, {130.011, 48.011}, {129.998, 48.009}}, 1003905.914464, 1e-9},
		{"triangle in the south", orb.Ring{{21.5, -29.2}, {21.52, -29.2}, {21.51, -29.18}}, 2155873.576547, 1e-7},
		{"one degree", orb.Ring{{115, 31}, {116, 31}, {116, 32}, {115, 32}}, 10533592045.869629, 1e-6},
		{"across the date line", orb.Ring{{179.99, 10}, {-179.99, 10}, {-179.99, 10.02}, {179.99, 10.02}}, 4850640.554727, 1e-9},
	} {
		got := parcels.AreaM2(orb.MultiPolygon{{c.ring}})
		if math.Abs(got/c.want-1) > c.rel {
			t.Errorf("%s: %.6f m², want %.6f", c.name, got, c.want)
		}
		back := c.ring.Clone()
		back.Reverse()
		if again := parcels.AreaM2(orb.MultiPolygon{{append(back, back[0])}}); math.Abs(again-got) > 1e-6*math.Max(1, got/1e4) {
			t.Errorf("%s reversed and closed: %.9f m², want %.9f", c.name, again, got)
		}
	}
	if got := parcels.Mu(2000.0 / 3); got != 1 {
		t.Errorf("one mu = %v", got)
	}
}

// A hole takes its own area away.
func TestAreaOfHole(t *testing.T) {
	outer := orb.Ring{{115.5, 31.7}, {115.502, 31.7}, {115.502, 31.702}, {115.5, 31.702}, {115.5, 31.7}}
	hole := orb.Ring{{115.5005, 31.7005}, {115.501, 31.7005}, {115.501, 31.701}, {115.5005, 31.701}, {115.5005, 31.7005}}
	whole, part := parcels.AreaM2(orb.MultiPolygon{{outer}}), parcels.AreaM2(orb.MultiPolygon{{hole}})
	if got := parcels.AreaM2(orb.MultiPolygon{{outer, hole}}); math.Abs(got-(whole-part)) > 1e-6 {
		t.Errorf("%v, want %v", got, whole-part)
	}
}

// star is a polygon with n corners around a centre; never crosses itself.
func star(r *rand.Rand, at orb.Point, size float64, n int) orb.MultiPolygon {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a, d := 2*math.Pi*float64(i)/float64(n), size*(0.15+r.Float64())
		ring = append(ring, orb.Point{at[0] + d*math.Cos(a), at[1] + d*math.Sin(a)})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// The even-odd rule of orb's planar package is the independent judge.
func TestRepresentativePointLiesInside(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		mp := star(r, orb.Point{115, 31}, 0.001, 3+r.IntN(20))
		if i%3 == 0 {
			mp = append(mp, star(r, orb.Point{115.01, 31.0005}, 0.001, 5)...)
		}
		if p := parcels.RepresentativePoint(mp); !planar.MultiPolygonContains(mp, p) {
			t.Fatalf("%v lies outside %v", p, mp)
		}
	}
	ring := orb.MultiPolygon{{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}, {{1, 1}, {9, 1}, {9, 9}, {1, 9}, {1, 1}}}}
	if p := parcels.RepresentativePoint(ring); !planar.MultiPolygonContains(ring, p) {
		t.Errorf("%v lies in the hole", p)
	}
	if p := parcels.RepresentativePoint(orb.MultiPolygon{{{{1, 2}, {3, 2}, {1, 2}}}}); p[1] != 2 {
		t.Errorf("flat polygon: %v", p)
	}
}
