package api

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/store"
)

// ogcCRS is a coordinate reference system of OGC API – Features, Part 2.
type ogcCRS struct {
	uri    string
	srid   int        // that PostGIS transforms to; 4326 = as stored, also for CGCS2000's degrees
	swap   bool       // latitude or northing stands first, as the authority says
	places int        // decimals: a millimetre
	domain [4]float64 // easting or longitude first: west, south, east, north
}

const (
	crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	epsg  = "http://www.opengis.net/def/crs/EPSG/0/"
)

// degrees are the CRSs that every collection has; the first is how it is stored.
var degrees = []ogcCRS{
	{crs84, 4326, false, 8, [4]float64{-180, -90, 180, 90}},
	{epsg + "4326", 4326, true, 8, [4]float64{-180, -90, 180, 90}},
	{epsg + "4490", 4326, true, 8, [4]float64{-180, -90, 180, 90}},
}

// ogcCRSs are the CRSs in which land is told: degrees, and the 3-degree zones of
// CGCS2000 (Gauss–Krüger) in which the runs lie, with and without the zone's
// number before the easting.
func ogcCRSs(runs []store.Run) []ogcCRS {
	out := slices.Clone(degrees)
	for _, r := range runs {
		if len(r.BBox) != 4 {
			continue
		}
		zone := int(math.Round((r.BBox[0] + r.BBox[2]) / 6)) // 25 = 75° E … 45 = 135° E
		if zone < 25 || zone > 45 {
			continue
		}
		for code, origin := range map[int]float64{4513 + zone - 25: float64(zone) * 1e6, 4534 + zone - 25: 0} {
			c := ogcCRS{epsg + strconv.Itoa(code), code, true, 4, [4]float64{origin, 0, origin + 1e6, 7e6}}
			if !slices.ContainsFunc(out, func(o ogcCRS) bool { return o.uri == c.uri }) {
				out = append(out, c)
			}
		}
	}
	slices.SortStableFunc(out[len(degrees):], func(a, b ogcCRS) int { return a.srid - b.srid })
	return out
}

// crsNamed finds a CRS by its URI; none given = CRS84.
func crsNamed(param string, uri *string, known []ogcCRS) (ogcCRS, error) {
	if uri == nil {
		return degrees[0], nil
	}
	for _, c := range known {
		if c.uri == *uri {
			return c, nil
		}
	}
	return ogcCRS{}, fmt.Errorf("%w: %s: the collection is not told in %q; /ogc/collections lists its CRSs", errQuestion, param, *uri)
}

// ogcBox reads a bbox of four numbers, or six of which the heights are left
// aside, and writes it as WKT, easting or longitude first; "" = it holds nothing
// of what the CRS is for. In degrees west may lie east of east: then it crosses
// the antimeridian.
func ogcBox(text string, crs ogcCRS) (wkt string, nothing bool, err error) {
	var v []float64
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || len(v) == 6 {
			return "", false, fmt.Errorf("%w: bbox: want four numbers, or six, not %q", errQuestion, text)
		}
		v = append(v, n)
	}
	switch len(v) {
	case 4:
	case 6:
		v = []float64{v[0], v[1], v[3], v[4]}
	default:
		return "", false, fmt.Errorf("%w: bbox: want four numbers, or six, not %q", errQuestion, text)
	}
	if crs.swap {
		v = []float64{v[1], v[0], v[3], v[2]}
	}
	d := crs.domain
	inDegrees := crs.srid == 4326
	if v[1] > v[3] || v[0] > v[2] && !inDegrees || inDegrees && (v[0] < -180 || v[2] > 180 || v[1] < -90 || v[3] > 90) {
		return "", false, fmt.Errorf("%w: bbox: %q is no box in %s: the lower corner comes first, its axes in the order of the CRS", errQuestion, text, crs.uri)
	}
	boxes := [][4]float64{{v[0], v[1], v[2], v[3]}}
	if v[0] > v[2] {
		boxes = [][4]float64{{v[0], v[1], 180, v[3]}, {-180, v[1], v[2], v[3]}}
	}
	var parts []string
	for _, b := range boxes {
		b = [4]float64{max(b[0], d[0]), max(b[1], d[1]), min(b[2], d[2]), min(b[3], d[3])}
		if b[0] > b[2] || b[1] > b[3] {
			return "", true, nil
		}
		parts = append(parts, "(("+ringOf(b, inDegrees)+"))")
	}
	return "MULTIPOLYGON(" + strings.Join(parts, ",") + ")", false, nil
}

// ringOf goes round a box, in steps where its sides are bent on the way to degrees.
func ringOf(b [4]float64, straight bool) string {
	steps := 16
	if straight {
		steps = 1
	}
	var out []string
	corner := [5][2]float64{{b[0], b[1]}, {b[2], b[1]}, {b[2], b[3]}, {b[0], b[3]}, {b[0], b[1]}}
	for i := range 4 {
		for k := range steps {
			at := float64(k) / float64(steps)
			x, y := corner[i][0]+at*(corner[i+1][0]-corner[i][0]), corner[i][1]+at*(corner[i+1][1]-corner[i][1])
			out = append(out, strconv.FormatFloat(x, 'f', -1, 64)+" "+strconv.FormatFloat(y, 'f', -1, 64))
		}
	}
	return strings.Join(append(out, out[0]), ",")
}
