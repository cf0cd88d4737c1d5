package vector

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// crs takes the file's coordinates to longitude and latitude.
type crs struct {
	name       string // "EPSG:32631", or the CRS's own name
	epsg       int    // 0 = no code
	geographic bool   // degrees of WGS 84 or CGCS2000 already
	trn        *godal.Transform
	sr         *godal.SpatialRef // lon, lat
}

func (c *crs) close() {
	if c.trn != nil {
		c.trn.Close()
	}
	if c.sr != nil {
		c.sr.Close()
	}
}

// lonlat transforms one polygon.
func (c *crs) lonlat(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	if c.geographic {
		return mp, nil
	}
	if c.trn == nil {
		return parcels.Unproject(mp, c.epsg)
	}
	out := mp.Clone()
	for _, poly := range out {
		for _, ring := range poly {
			x, y := make([]float64, len(ring)), make([]float64, len(ring))
			for i, p := range ring {
				x[i], y[i] = p[0], p[1]
			}
			if err := c.trn.TransformEx(x, y, make([]float64, len(ring)), nil); err != nil {
				return nil, fmt.Errorf("transform from %s: %w", c.name, err)
			}
			for i := range ring {
				ring[i] = orb.Point{x[i], y[i]}
			}
		}
	}
	return out, nil
}

// crs finds the layer's CRS, or detects a CGCS2000 zone from its coordinates.
func (s *source) crs() (*crs, []Note, error) {
	sr := s.layer.SpatialRef()
	wkt, _ := sr.WKT()
	box, some := s.bound()
	inDegrees := some && box.Min[0] >= -360 && box.Max[0] <= 360 && box.Min[1] >= -90 && box.Max[1] <= 90
	if wkt == "" || strings.HasPrefix(wkt, "LOCAL_CS") || strings.HasPrefix(wkt, "ENGCRS") || (sr.Geographic() && some && !inDegrees) {
		return unstated(wkt, box, some)
	}
	if bad := oldDatum(wkt); bad != "" {
		return nil, nil, fmt.Errorf("its CRS rests on %s, which lies tens of metres from CGCS2000 by parameters that differ from county to county: transform it to EPSG:4490 with the county's parameters first", bad)
	}
	c := &crs{}
	if sr.AuthorityName("") == "" {
		_ = sr.AutoIdentifyEPSG()
	}
	if sr.AuthorityName("") == "EPSG" {
		c.epsg, _ = strconv.Atoi(sr.AuthorityCode(""))
	}
	switch c.name = nameOf(wkt); {
	case c.epsg != 0:
		c.name = "EPSG:" + strconv.Itoa(c.epsg)
	case sr.AuthorityName("") == "OGC" && sr.AuthorityCode("") == "CRS84":
		c.epsg, c.name = 4326, "OGC:CRS84"
	}
	var notes []Note
	if strings.Contains(wkt, "China_2000") || strings.Contains(wkt, "China 2000") || strings.Contains(wkt, "CGCS2000") || strings.Contains(wkt, "China Geodetic Coordinate System 2000") {
		notes = append(notes, Note{"datum_assumed", c.name, "CGCS2000 is taken as equal to WGS 84, which holds to within a metre"})
	}
	if c.epsg == 4326 || c.epsg == 4490 {
		c.geographic = true
		return c, notes, nil
	}
	if _, err := parcels.Unproject(nil, c.epsg); err == nil {
		return c, notes, nil
	}
	var err error
	if c.sr, err = godal.NewSpatialRefFromEPSG(4326); err != nil {
		return nil, nil, fmt.Errorf("define EPSG:4326: %w", err)
	}
	if c.trn, err = godal.NewTransform(sr, c.sr); err != nil {
		c.close()
		return nil, nil, fmt.Errorf("no transformation from %s to longitude and latitude: %w", c.name, err)
	}
	return c, notes, nil
}

// unstated handles coordinates whose CRS is missing or cannot be true.
func unstated(wkt string, box orb.Bound, some bool) (*crs, []Note, error) {
	looked := "it states no CRS (.prj, gpkg_spatial_ref_sys, crs member)"
	if wkt != "" {
		looked = fmt.Sprintf("its stated CRS %q cannot be that of its coordinates", nameOf(wkt))
	}
	if !some {
		return nil, nil, errors.New(looked + " and it has no readable polygon")
	}
	if epsg := zoneFrom(box); epsg != 0 {
		c := &crs{name: fmt.Sprintf("EPSG:%d", epsg), epsg: epsg}
		return c, []Note{
			{"crs_assumed", c.name, fmt.Sprintf("%s; eastings from %.0f to %.0f carry the zone number of a CGCS2000 zone, so EPSG:%d was assumed", looked, box.Min[0], box.Max[0], epsg)},
			{"datum_assumed", c.name, "CGCS2000 is taken as equal to WGS 84, which holds to within a metre"},
		}, nil
	}
	return nil, nil, fmt.Errorf("%s, and coordinates from (%.6g, %.6g) to (%.6g, %.6g) do not tell it: state it, for example with ogr2ogr -a_srs EPSG:4490 OUT IN, using the code the surveyor gives",
		looked, box.Min[0], box.Min[1], box.Max[0], box.Max[1])
}

// zoneFrom detects a CGCS2000 zone whose number stands before the easting:
// 25–45 three-degree, 13–23 six-degree. 0 where the coordinates do not fit.
func zoneFrom(box orb.Bound) int {
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

func oldDatum(wkt string) string {
	for _, d := range []struct{ mark, name string }{
		{"Beijing_1954", "Beijing 1954"}, {"Beijing 1954", "Beijing 1954"}, {"D_Beijing", "Beijing 1954"}, {"New_Beijing", "New Beijing"}, {"New Beijing", "New Beijing"},
		{"Xian_1980", "Xian 1980"}, {"Xian 1980", "Xian 1980"}, {"D_Xian", "Xian 1980"},
	} {
		if strings.Contains(wkt, d.mark) && !strings.Contains(wkt, "TOWGS84") {
			return d.name
		}
	}
	return ""
}

// nameOf is the first quoted name in the WKT.
func nameOf(wkt string) string {
	if _, rest, ok := strings.Cut(wkt, `"`); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	return wkt
}

// bound is the extent of the layer in its own coordinates.
func (s *source) bound() (orb.Bound, bool) {
	e, err := s.layer.Bounds(quiet())
	if err != nil || math.IsNaN(e[0]+e[1]+e[2]+e[3]) || math.IsInf(e[0]+e[1]+e[2]+e[3], 0) {
		return orb.Bound{}, false
	}
	return orb.Bound{Min: orb.Point{e[0], e[1]}, Max: orb.Point{e[2], e[3]}}, true
}
