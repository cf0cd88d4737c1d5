package parcels

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// GCJ-02 is the datum of Chinese base maps: WGS 84 with an offset of up to some
// 700 metres that differs from place to place. The forward formula is the one
// that has been public since 2010 (eviltransform and all that followed it); the
// state has never published its own, but points of Chinese maps fit this one to
// within a metre. Outside the box of China nothing is moved.
const (
	krasovskyA  = 6378245.0
	krasovskyE2 = 0.00669342162296594323
)

// ToGCJ02 takes longitude and latitude of WGS 84 to GCJ-02.
func ToGCJ02(p orb.Point) orb.Point {
	if outsideGCJ02(p) {
		return p
	}
	d := offsetGCJ02(p)
	return orb.Point{p[0] + d[0], p[1] + d[1]}
}

// FromGCJ02 undoes ToGCJ02 by iteration, to 1e-9 degree (a tenth of a
// millimetre) or better. At the very edge of the box, where the formula jumps,
// a place may have no preimage: then the error says so.
func FromGCJ02(p orb.Point) (orb.Point, error) {
	if outsideGCJ02(p) {
		return p, nil
	}
	w := p
	for range 30 {
		q := ToGCJ02(w)
		dx, dy := p[0]-q[0], p[1]-q[1]
		if math.Abs(dx) < 1e-12 && math.Abs(dy) < 1e-12 {
			return w, nil
		}
		w[0], w[1] = w[0]+dx, w[1]+dy
	}
	if q := ToGCJ02(w); math.Abs(p[0]-q[0]) < 1e-10 && math.Abs(p[1]-q[1]) < 1e-10 {
		return w, nil
	}
	return p, fmt.Errorf("GCJ-02 position %.6f, %.6f lies on the edge of the area where GCJ-02 holds and has no place in WGS 84", p[0], p[1])
}

// PolygonFromGCJ02 undoes ToGCJ02 for every point.
func PolygonFromGCJ02(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	return eachPoint(mp, FromGCJ02)
}

func outsideGCJ02(p orb.Point) bool {
	return !(p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271)
}

func offsetGCJ02(p orb.Point) orb.Point {
	x, y := p[0]-105, p[1]-35
	wave := func(a float64) float64 { return math.Sin(a * math.Pi) }
	common := (20*wave(6*x) + 20*wave(2*x)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + common +
		(20*wave(y)+40*wave(y/3))*2/3 + (160*wave(y/12)+320*wave(y/30))*2/3
	dLon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + common +
		(20*wave(x)+40*wave(x/3))*2/3 + (150*wave(x/12)+300*wave(x/30))*2/3
	lat := p[1] * math.Pi / 180
	s := math.Sin(lat)
	m := 1 - krasovskyE2*s*s
	return orb.Point{
		dLon * 180 / (krasovskyA / math.Sqrt(m) * math.Cos(lat) * math.Pi),
		dLat * 180 / (krasovskyA * (1 - krasovskyE2) / (m * math.Sqrt(m)) * math.Pi),
	}
}
