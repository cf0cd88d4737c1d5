package parcels

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// ellipsoid is a reference ellipsoid by its semi-major axis in metres and its
// flattening.
type ellipsoid struct{ a, f float64 }

var (
	wgs84    = ellipsoid{6378137, 1 / 298.257223563}
	cgcs2000 = ellipsoid{6378137, 1 / 298.257222101}
)

// zone is one transverse Mercator zone.
type zone struct {
	ell    ellipsoid
	lon0   float64 // central meridian, degrees
	k0     float64
	e0, n0 float64 // false easting and northing, metres
}

// zoneOf knows WGS 84 / UTM (32601–32660, 32701–32760) and CGCS2000
// Gauss–Krüger: 4491–4501 six-degree zones with the zone number in the easting,
// 4502–4512 the same without it, 4513–4533 three-degree zones with it,
// 4534–4554 without it.
func zoneOf(epsg int) (zone, error) {
	gk := func(k, step, first int, prefixed bool) zone {
		z := zone{ell: cgcs2000, lon0: float64(75 + k*step), k0: 1, e0: 500000}
		if prefixed {
			z.e0 += float64(first+k) * 1e6
		}
		return z
	}
	switch {
	case epsg >= 32601 && epsg <= 32660:
		return zone{wgs84, float64(epsg-32600)*6 - 183, 0.9996, 500000, 0}, nil
	case epsg >= 32701 && epsg <= 32760:
		return zone{wgs84, float64(epsg-32700)*6 - 183, 0.9996, 500000, 1e7}, nil
	case epsg >= 4491 && epsg <= 4501:
		return gk(epsg-4491, 6, 13, true), nil
	case epsg >= 4502 && epsg <= 4512:
		return gk(epsg-4502, 6, 13, false), nil
	case epsg >= 4513 && epsg <= 4533:
		return gk(epsg-4513, 3, 25, true), nil
	case epsg >= 4534 && epsg <= 4554:
		return gk(epsg-4534, 3, 25, false), nil
	}
	return zone{}, fmt.Errorf("EPSG:%d is neither a WGS 84 / UTM zone (326xx, 327xx) nor a CGCS2000 Gauss-Krüger zone (4491–4554)", epsg)
}

// UTMEPSG is the code of the UTM zone of a place, degrees east and north. The
// widened zones of Norway and Svalbard count: Sentinel-2 tiles follow them.
func UTMEPSG(lon, lat float64) int {
	lon = math.Mod(math.Mod(lon+180, 360)+360, 360) - 180
	z := int(math.Floor((lon+180)/6)) + 1
	switch {
	case lat >= 56 && lat < 64 && lon >= 3 && lon < 12:
		z = 32
	case lat >= 72 && lat < 84 && lon >= 0 && lon < 42:
		z = 31 + 2*int((lon+3)/12)
	}
	if lat < 0 {
		return 32700 + z
	}
	return 32600 + z
}

// Project takes longitude and latitude in degrees to metres (x = easting,
// y = northing) of a UTM or CGCS2000 zone. WGS 84 and CGCS2000 positions are
// taken as equal; each zone uses its own ellipsoid.
func Project(mp orb.MultiPolygon, epsg int) (orb.MultiPolygon, error) {
	z, err := zoneOf(epsg)
	if err != nil {
		return nil, fmt.Errorf("project to EPSG:%d: %w", epsg, err)
	}
	k := newKrueger(z)
	return eachPoint(mp, func(p orb.Point) (orb.Point, error) {
		if !(math.Abs(p[1]) <= 90) || !(math.Abs(p[0]) <= 540) {
			return p, fmt.Errorf("project to EPSG:%d: %v is not longitude, latitude in degrees", epsg, p)
		}
		if d := math.Mod(math.Mod(p[0]-z.lon0+180, 360)+360, 360) - 180; math.Abs(d) > 30 {
			return p, fmt.Errorf("project to EPSG:%d: longitude %g lies %.0f° from the zone's meridian %g°: choose the zone that holds the land", epsg, p[0], math.Abs(d), z.lon0)
		}
		return k.forward(p), nil
	})
}

// Unproject is the inverse of Project.
func Unproject(mp orb.MultiPolygon, epsg int) (orb.MultiPolygon, error) {
	z, err := zoneOf(epsg)
	if err != nil {
		return nil, fmt.Errorf("unproject from EPSG:%d: %w", epsg, err)
	}
	k := newKrueger(z)
	return eachPoint(mp, func(p orb.Point) (orb.Point, error) {
		if !(math.Abs(p[0]-z.e0) < 4e6) || !(math.Abs(p[1]-z.n0) < 1.1e7) {
			return p, fmt.Errorf("unproject from EPSG:%d: %v lies outside the zone", epsg, p)
		}
		return k.inverse(p), nil
	})
}

func eachPoint(mp orb.MultiPolygon, f func(orb.Point) (orb.Point, error)) (orb.MultiPolygon, error) {
	out := make(orb.MultiPolygon, len(mp))
	for i, poly := range mp {
		out[i] = make(orb.Polygon, len(poly))
		for j, ring := range poly {
			out[i][j] = make(orb.Ring, len(ring))
			for k, p := range ring {
				q, err := f(p)
				if err != nil {
					return nil, err
				}
				out[i][j][k] = q
			}
		}
	}
	return out, nil
}
