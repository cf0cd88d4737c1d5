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
	swapped    bool              // northing or latitude stands first
	gcj        bool              // degrees of a Chinese base map
	assumed    []string          // what every parcel of the file says was assumed
}

func (c *crs) close() {
	if c.trn != nil {
		c.trn.Close()
	}
	if c.sr != nil {
		c.sr.Close()
	}
}

// ordered puts the easting or longitude first.
func (c *crs) ordered(mp orb.MultiPolygon) orb.MultiPolygon {
	if c.swapped {
		return parcels.SwapAxes(mp)
	}
	return mp
}

// lonlat transforms one polygon whose axes are in order.
func (c *crs) lonlat(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	if c.gcj {
		return parcels.PolygonFromGCJ02(mp)
	}
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

// crs finds the layer's CRS, or detects a form of CGCS2000 from its coordinates,
// and says what it assumed.
func (s *source) crs(opt Options) (*crs, []Note, error) {
	box, some := s.bound()
	c, notes, err := s.named(opt, box, some)
	if err != nil {
		return nil, notes, err
	}
	if why := c.settle(box, some); why != "" {
		notes = append(notes, Note{"axes_or_zone_assumed", c.name, why})
	}
	for _, n := range notes {
		c.assumed = append(c.assumed, n.Detail)
	}
	return c, notes, nil
}

// settle holds what a file states against its coordinates: axes may stand the
// other way round, and eastings may carry a zone number that the stated zone has
// not.
func (c *crs) settle(box orb.Bound, some bool) string {
	if !some || c.swapped || c.gcj {
		return ""
	}
	if c.geographic {
		if c.swapped = parcels.LatitudeFirst(box); c.swapped {
			return "latitude stood before longitude: the axes were swapped"
		}
		return ""
	}
	if c.epsg < 4491 || c.epsg > 4554 {
		return ""
	}
	found, err := parcels.DetectCGCS2000(box, orb.Point{})
	switch {
	case err == nil && (found.EPSG != c.epsg || found.Swapped) && found.EPSG != 4490:
		why := fmt.Sprintf("%s is stated, but %s", c.name, found.Why)
		c.epsg, c.name, c.swapped = found.EPSG, fmt.Sprintf("EPSG:%d", found.EPSG), found.Swapped
		return why
	case err != nil && box.Min[0] >= 1.9e6 && box.Max[0] <= 6e6 && box.Min[1] >= 100e3 && box.Max[1] <= 900e3:
		c.swapped = true
		return "the northing stood before the easting: the axes were swapped"
	}
	return ""
}

// named is the layer's CRS by what the operator or the file says.
func (s *source) named(opt Options, box orb.Bound, some bool) (*crs, []Note, error) {
	if opt.CRS != "" {
		return stated(opt.CRS)
	}
	sr := s.layer.SpatialRef()
	wkt, _ := sr.WKT()
	inDegrees := some && box.Min[0] >= -360 && box.Max[0] <= 360 && box.Min[1] >= -90 && box.Max[1] <= 90
	if wkt == "" || strings.HasPrefix(wkt, "LOCAL_CS") || strings.HasPrefix(wkt, "ENGCRS") || (sr.Geographic() && some && !inDegrees) {
		return unstated(wkt, box, some, opt.Near)
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
		notes = append(notes, Note{"datum_assumed", c.name, sameDatum})
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
func unstated(wkt string, box orb.Bound, some bool, near orb.Point) (*crs, []Note, error) {
	looked := "it states no CRS (.prj, gpkg_spatial_ref_sys, crs member)"
	if wkt != "" {
		looked = fmt.Sprintf("its stated CRS %q cannot be that of its coordinates", nameOf(wkt))
	}
	if !some {
		return nil, nil, errors.New(looked + " and it has no readable polygon")
	}
	found, err := parcels.DetectCGCS2000(box, near)
	if err != nil {
		return nil, nil, fmt.Errorf("%s, and coordinates from (%.6g, %.6g) to (%.6g, %.6g) do not tell it (%w): state it (crs under [parcels], or ogr2ogr -a_srs EPSG:4490 OUT IN), using the code the surveyor gives",
			looked, box.Min[0], box.Min[1], box.Max[0], box.Max[1], err)
	}
	c := &crs{name: fmt.Sprintf("EPSG:%d", found.EPSG), epsg: found.EPSG, swapped: found.Swapped, geographic: found.EPSG == 4490}
	return c, []Note{
		{"crs_assumed", c.name, looked + "; " + found.Why},
		{"datum_assumed", c.name, sameDatum},
	}, nil
}

const sameDatum = "CGCS2000 is taken as equal to WGS 84, which holds to within a metre"

// stated is the CRS that the operator names.
func stated(name string) (*crs, []Note, error) {
	text := strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	if text == "GCJ-02" || text == "GCJ02" {
		return &crs{name: "GCJ-02", gcj: true}, []Note{{"gcj02_undone", "GCJ-02", "moved from GCJ-02 to WGS 84 by the public formula"}}, nil
	}
	epsg, err := strconv.Atoi(strings.TrimPrefix(text, "EPSG:"))
	c := &crs{name: fmt.Sprintf("EPSG:%d", epsg), epsg: epsg, geographic: epsg == 4326 || epsg == 4490}
	if err == nil && !c.geographic {
		_, err = parcels.Unproject(nil, epsg)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the CRS %q is named for it, which is none of EPSG:4326, EPSG:4490, GCJ-02, or a zone of CGCS2000 or UTM", name)
	}
	notes := []Note{{"crs_stated", c.name, "the CRS was named by the operator"}}
	if epsg >= 4490 && epsg <= 4554 {
		notes = append(notes, Note{"datum_assumed", c.name, sameDatum})
	}
	return c, notes, nil
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
