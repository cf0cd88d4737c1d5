package raster

import (
	"math"

	"github.com/paulmach/orb"
)

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

// utmPoint is the place (lon, lat, WGS 84) in a UTM zone by its EPSG code, by
// Krüger's series in the third flattening to order 4 (Karney 2011, J. Geodesy
// 85, eq. 35; good to a millimetre). It only finds the tile and cell of a point: polygons
// are projected by package parcels. ok is false for any other CRS.
func utmPoint(p orb.Point, epsg int) (xy orb.Point, ok bool) {
	zone, south := epsg%100, epsg/100 == 327
	if epsg/100 != 326 && !south || zone < 1 || zone > 60 {
		return xy, false
	}
	const f = 1 / 298.257223563
	const n = f / (2 - f)
	e := math.Sqrt(f * (2 - f))
	sinPhi := math.Sin(p[1] * math.Pi / 180)
	sinLam, cosLam := math.Sincos((p[0] - float64(6*zone-183)) * math.Pi / 180)
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
	scale := 0.9996 * 6378137 / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	xy = orb.Point{500000 + scale*x, scale * y}
	if south {
		xy[1] += 1e7
	}
	return xy, true
}
