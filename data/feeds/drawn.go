package feeds

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Drawn is a polygon that somebody drew or walked, in longitude and latitude of
// WGS 84.
type Drawn struct {
	Polygon orb.MultiPolygon
	AreaM2  float64 // on the ellipsoid
	CRS     string  // that it came in: "EPSG:4326", "GCJ-02" …
	Assumed []Note  // each thing that was assumed or mended
}

// told are the assumptions that an import counts row by row.
var told = map[string]bool{"track_closed": true, "crs_assumed": true, "axes_swapped": true, "gcj02_undone": true}

// ReadDrawn reads one claim as the claims feed does: the geometry of GeoJSON (a
// polygon, or the line of a walk) in a coordinate system by one of its names.
// What cannot be meant, such as an outline that crosses itself, is an error that
// says why. near is the county's longitude and latitude, zero = not known.
func ReadDrawn(geometry []byte, crs string, near orb.Point) (Drawn, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(geometry, &g); err != nil {
		return Drawn{}, errors.New("it is no geometry of GeoJSON")
	}
	text, err := wktOfJSON(g.Type, g.Coordinates)
	if err != nil {
		return Drawn{}, err
	}
	return readDrawn(text, crs, near)
}

// readDrawn reads WKT; an empty name of the coordinate system means that nobody
// has said it.
func readDrawn(text, crsName string, near orb.Point) (out Drawn, err error) {
	assume := func(code, text string) { out.Assumed = append(out.Assumed, Note{Code: code, Detail: text}) }
	g, err := shapeOf(text)
	if err != nil {
		return out, err
	}
	mp, closed, err := ringsOf(g)
	if err != nil {
		return out, err
	}
	if closed != "" {
		assume("track_closed", closed)
	}
	crs, epsg, ok := crsNamed(crsName)
	if !ok {
		return out, errUnknownCRS
	}
	if crsName == "" {
		box := mp.Bound()
		if math.Abs(box.Max[0]) > 360 || math.Abs(box.Max[1]) > 360 {
			found, err := parcels.DetectCGCS2000(box, near)
			if err != nil {
				return out, err
			}
			if crs, epsg = fmt.Sprintf("EPSG:%d", found.EPSG), found.EPSG; found.Swapped {
				mp = parcels.SwapAxes(mp)
			}
			assume("zone_found", found.Why)
		} else {
			assume("crs_assumed", "no CRS is stated: WGS 84 was assumed")
		}
	}
	if epsg != 0 {
		if mp, err = parcels.Unproject(mp, epsg); err != nil {
			return out, err
		}
		assume("datum_equal", "CGCS2000 is taken as equal to WGS 84")
	} else if parcels.LatitudeFirst(mp.Bound()) {
		mp = parcels.SwapAxes(mp)
		assume("axes_swapped", "latitude stood before longitude: the axes were swapped")
	}
	switch crs {
	case "EPSG:4490":
		assume("datum_equal", "CGCS2000 is taken as equal to WGS 84")
	case "GCJ-02":
		if mp, err = parcels.PolygonFromGCJ02(mp); err != nil {
			return out, err
		}
		assume("gcj02_undone", "moved from GCJ-02 to WGS 84 by the public formula")
	}
	box := mp.Bound()
	if !(box.Min[0] >= -180 && box.Max[0] <= 180 && box.Min[1] >= -90 && box.Max[1] <= 90) {
		return out, errors.New("its coordinates are not on the earth: its coordinate system is another than " + crs)
	}
	mp, repaired, err := vector.Repair(mp)
	if err != nil {
		return out, err
	}
	if repaired != "" {
		assume("outline_mended", repaired)
	}
	if out.Polygon, _, err = rounded(mp); err != nil {
		return out, err
	}
	out.CRS = crs
	if out.AreaM2 = parcels.AreaM2(out.Polygon); !(out.AreaM2 > 1) {
		return out, errors.New("its polygon has no area")
	}
	if out.AreaM2 > maxAreaM2 {
		return out, errors.New("its polygon is larger than any farm: its coordinate system may be another")
	}
	return out, nil
}
