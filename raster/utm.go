package raster

import (
	"math"

	"github.com/paulmach/orb"
)

// zone is one transverse Mercator zone: the projections tiles come in.
type zone struct {
	flattening  float64
	meridian    float64 // degrees
	scale       float64 // on the meridian
	east, north float64 // false easting and northing, metres
	width       float64 // degrees of longitude it is meant for
	utm         int     // its number, 0 = not UTM
}

// zoneOf knows WGS 84 / UTM (32601–32660, 32701–32760) and CGCS2000
// Gauss–Krüger: 4491–4501 six-degree zones with the zone number in the easting,
// 4502–4512 the same without it, 4513–4533 three-degree zones with it,
// 4534–4554 without it.
func zoneOf(epsg int) (zone, bool) {
	gk := func(k, step, first int) zone {
		z := zone{flattening: 1 / 298.257222101, meridian: float64(75 + k*step), scale: 1, east: 500000, width: float64(step)}
		if first > 0 {
			z.east += float64(first+k) * 1e6
		}
		return z
	}
	switch n := epsg % 100; {
	case (epsg/100 == 326 || epsg/100 == 327) && n >= 1 && n <= 60:
		z := zone{flattening: 1 / 298.257223563, meridian: float64(6*n - 183), scale: 0.9996, east: 500000, width: 6, utm: n}
		if epsg/100 == 327 {
			z.north = 1e7
		}
		return z, true
	case epsg >= 4491 && epsg <= 4501:
		return gk(epsg-4491, 6, 13), true
	case epsg >= 4502 && epsg <= 4512:
		return gk(epsg-4502, 6, 0), true
	case epsg >= 4513 && epsg <= 4533:
		return gk(epsg-4513, 3, 25), true
	case epsg >= 4534 && epsg <= 4554:
		return gk(epsg-4534, 3, 0), true
	}
	return zone{}, false
}

// Placeable reports whether scenes in the CRS with this EPSG code can be used:
// UTM of WGS 84 or Gauss–Krüger of CGCS2000.
func Placeable(epsg int) bool {
	_, ok := zoneOf(epsg)
	return ok
}

// owns reports whether the place is one the zone is meant for: in UTM by the
// zone number, else nearest its meridian.
func (z zone) owns(p orb.Point) bool {
	if z.utm > 0 {
		return z.utm == utmZone(p)
	}
	d := math.Remainder(p[0]-z.meridian, 360)
	return d >= -z.width/2 && d < z.width/2
}

// utmZone is the zone number of a place, with the widened zones of Norway and
// Svalbard that Sentinel-2 tiles follow.
func utmZone(p orb.Point) int {
	lon, lat := p[0], p[1]
	switch {
	case lat >= 56 && lat < 64 && lon >= 3 && lon < 12:
		return 32
	case lat >= 72 && lat < 84 && lon >= 0 && lon < 42:
		return 31 + 2*int((lon+3)/12)
	}
	return (int(math.Floor((lon+180)/6))%60+60)%60 + 1
}

// utmPoint is the place (lon, lat, WGS 84 or CGCS2000) in the zone with the
// EPSG code. ok is false for a CRS that zoneOf does not know.
func utmPoint(p orb.Point, epsg int) (xy orb.Point, ok bool) {
	z, ok := zoneOf(epsg)
	if !ok {
		return xy, false
	}
	return z.point(p), true
}

// point is the place (lon, lat) in metres, by Krüger's series in the third
// flattening to order 4 (Karney 2011, J. Geodesy 85, eq. 35; good to a
// millimetre). It only finds the tile and cell of a point: polygons are
// projected by package parcels.
func (z zone) point(p orb.Point) orb.Point {
	f := z.flattening
	n := f / (2 - f)
	e := math.Sqrt(f * (2 - f))
	sinPhi := math.Sin(p[1] * math.Pi / 180)
	sinLam, cosLam := math.Sincos((p[0] - z.meridian) * math.Pi / 180)
	t := math.Sinh(math.Atanh(sinPhi) - e*math.Atanh(e*sinPhi))
	xi, eta := math.Atan2(t, cosLam), math.Asinh(sinLam/math.Hypot(t, cosLam))
	x, y := eta, xi
	for j, a := range [4]float64{
		n/2 - n*n*2/3 + n*n*n*5/16 + n*n*n*n*41/180,
		n*n*13/48 - n*n*n*3/5 + n*n*n*n*557/1440,
		n*n*n*61/240 - n*n*n*n*103/140,
		n * n * n * n * 49561 / 161280,
	} {
		w := float64(2 * (j + 1))
		sin, cos := math.Sincos(w * xi)
		x += a * cos * math.Sinh(w*eta)
		y += a * sin * math.Cosh(w*eta)
	}
	radius := z.scale * 6378137 / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	return orb.Point{z.east + radius*x, z.north + radius*y}
}
