package parcels

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// CGCS2000 is what coordinates without a stated CRS were taken for.
type CGCS2000 struct {
	EPSG    int
	Swapped bool   // northing (latitude) stands first
	Why     string // what was assumed, for people
}

// DetectCGCS2000 tells from their extent what coordinates of Chinese land are, as
// registries have them: degrees (EPSG:4490), a Gauss-Krüger zone whose number
// stands before the easting (EPSG:4513–4533, three degrees; 4491–4501, six), or
// one without it (4534–4554; 4502–4512). The last needs near, the longitude and
// latitude of a place in the county (zero = not known): the zone of three degrees
// nearest to it is taken, and must put the land within 150 km. Either axis may
// stand first.
func DetectCGCS2000(box orb.Bound, near orb.Point) (CGCS2000, error) {
	if math.IsNaN(box.Min[0] + box.Min[1] + box.Max[0] + box.Max[1]) {
		return CGCS2000{}, errors.New("its extent is not a number")
	}
	degrees := math.Max(math.Abs(box.Min[0]), math.Abs(box.Max[0])) <= 360 && math.Max(math.Abs(box.Min[1]), math.Abs(box.Max[1])) <= 360
	if degrees {
		switch {
		case inChina(box):
			return CGCS2000{4490, false, "degrees within China: CGCS2000 (EPSG:4490) was assumed"}, nil
		case LatitudeFirst(box):
			return CGCS2000{4490, true, "degrees within China, latitude first: CGCS2000 (EPSG:4490) was assumed and the axes were swapped"}, nil
		}
		return CGCS2000{}, errors.New("degrees outside China do not tell their datum")
	}
	for _, swapped := range []bool{false, true} {
		b := box
		if swapped {
			b = swapBound(box)
		}
		if epsg := prefixedZone(b); epsg != 0 {
			return CGCS2000{epsg, swapped, fmt.Sprintf("eastings from %.0f to %.0f carry the number of a CGCS2000 zone: EPSG:%d was assumed%s", b.Min[0], b.Max[0], epsg, axes(swapped))}, nil
		}
		if b.Min[0] < 100e3 || b.Max[0] > 900e3 || b.Min[1] < 1.9e6 || b.Max[1] > 6e6 {
			continue
		}
		if near == (orb.Point{}) {
			return CGCS2000{}, fmt.Errorf("eastings from %.0f to %.0f carry no zone number, so the zone is one of EPSG:4534 to 4554 (or 4502 to 4512): say where the county lies, or name the CRS", b.Min[0], b.Max[0])
		}
		for _, epsg := range []int{4534 + nearest((near[0]-75)/3, 20), 4502 + nearest((near[0]-75)/6, 10)} {
			middle := orb.MultiPolygon{{{b.Center()}}}
			at, err := Unproject(middle, epsg)
			if err != nil || kmBetween(at[0][0][0], near) > 150 {
				continue
			}
			return CGCS2000{epsg, swapped, fmt.Sprintf("eastings from %.0f to %.0f carry no zone number; of the zones of CGCS2000 EPSG:%d puts them %.0f km from the county, and was assumed%s",
				b.Min[0], b.Max[0], epsg, kmBetween(at[0][0][0], near), axes(swapped))}, nil
		}
		return CGCS2000{}, fmt.Errorf("no zone of CGCS2000 puts its coordinates near the county at %.2f, %.2f", near[0], near[1])
	}
	return CGCS2000{}, fmt.Errorf("coordinates from (%.6g, %.6g) to (%.6g, %.6g) fit no form of CGCS2000", box.Min[0], box.Min[1], box.Max[0], box.Max[1])
}

func axes(swapped bool) string {
	if swapped {
		return ", the northing standing first"
	}
	return ""
}

// LatitudeFirst reports degrees that can only be latitude, longitude of land in
// China: taken the other way they would lie in the Arctic or nowhere.
func LatitudeFirst(box orb.Bound) bool { return inChina(swapBound(box)) && !inChina(box) }

func inChina(b orb.Bound) bool {
	return b.Min[0] >= 73 && b.Max[0] <= 136 && b.Min[1] >= 3 && b.Max[1] <= 54
}

func swapBound(b orb.Bound) orb.Bound {
	return orb.Bound{Min: orb.Point{b.Min[1], b.Min[0]}, Max: orb.Point{b.Max[1], b.Max[0]}}
}

// SwapAxes puts the second coordinate first.
func SwapAxes(mp orb.MultiPolygon) orb.MultiPolygon {
	out, _ := eachPoint(mp, func(p orb.Point) (orb.Point, error) { return orb.Point{p[1], p[0]}, nil })
	return out
}

// prefixedZone is the zone whose number stands before the easting: 25–45
// three-degree, 13–23 six-degree. 0 where the coordinates do not fit.
func prefixedZone(box orb.Bound) int {
	k := int(math.Floor(box.Min[0] / 1e6))
	half, epsg := 0.0, 0
	switch {
	case k >= 25 && k <= 45:
		half, epsg = 250e3, 4513+k-25
	case k >= 13 && k <= 23:
		half, epsg = 420e3, 4491+k-13
	default:
		return 0
	}
	middle := float64(k)*1e6 + 500e3
	if math.Abs(box.Min[0]-middle) > half || math.Abs(box.Max[0]-middle) > half || box.Min[1] < 300e3 || box.Max[1] > 6.0e6 {
		return 0
	}
	return epsg
}

func nearest(x float64, most int) int { return min(max(int(math.Round(x)), 0), most) }

// kmBetween is the distance of two places, near enough to tell zones apart.
func kmBetween(a, b orb.Point) float64 {
	dx := (a[0] - b[0]) * math.Cos((a[1]+b[1])/2*math.Pi/180)
	return math.Hypot(dx, a[1]-b[1]) * 111.2
}
