package parcels

import (
	"math"

	"github.com/paulmach/orb"
)

// AreaM2 is the area in m² of a polygon given in degrees (lon, lat) on the
// CGCS2000 ellipsoid. Latitudes go to the authalic sphere, which has the
// ellipsoid's area everywhere; there the edges are great circles (Karney 2013,
// "Algorithms for geodesics", eqs. 58–63: spherical excess of the quadrilateral
// between an edge and the equator). The difference to true geodesics grows with
// the cube of the edge: 1e-7 of the area of a triangle of 2 km, less than 1 cm²
// for edges of 100 m. Holes are taken off; the direction of
// rings does not matter.
func AreaM2(lonlat orb.MultiPolygon) float64 {
	var sum float64
	for _, poly := range lonlat {
		for i, ring := range poly {
			if a := math.Abs(ringAreaM2(ring)); i == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return sum
}

// Mu is square metres in mu.
func Mu(m2 float64) float64 { return m2 * 3 / 2000 }

func ringAreaM2(ring orb.Ring) float64 {
	if len(ring) < 3 {
		return 0
	}
	e2 := cgcs2000.f * (2 - cgcs2000.f)
	e := math.Sqrt(e2)
	q := func(s float64) float64 { return (1 - e2) * (s/(1-e2*s*s) + math.Atanh(e*s)/e) }
	qp := q(1)
	half := func(lat float64) float64 { // tangent of half the authalic latitude
		sb := q(math.Sin(lat*math.Pi/180)) / qp
		return sb / (1 + math.Sqrt(math.Max(0, 1-sb*sb)))
	}
	var excess float64
	a := ring[len(ring)-1]
	ta := half(a[1])
	for _, b := range ring {
		tb := half(b[1])
		d := b[0] - a[0] // exact for near corners: no wrapping unless needed
		if math.Abs(d) > 180 {
			d = math.Remainder(d, 360)
		}
		if d != 0 {
			excess += 2 * math.Atan2(math.Tan(d*math.Pi/360)*(ta+tb), 1+ta*tb)
		}
		a, ta = b, tb
	}
	return excess * cgcs2000.a * cgcs2000.a * qp / 2
}
