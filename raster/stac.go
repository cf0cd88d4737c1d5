package raster

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// stacDoc is any STAC document: catalog, collection, item or item collection.
type stacDoc struct {
	Type       string                     `json:"type"`
	ID         string                     `json:"id"`
	Collection string                     `json:"collection"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
	BBox       []float64                  `json:"bbox"`
	Assets     map[string]stacAsset       `json:"assets"`
	Links      []stacLink                 `json:"links"`
	Features   []json.RawMessage          `json:"features"`
	ConformsTo []string                   `json:"conformsTo"`
}

type stacLink struct {
	Rel    string          `json:"rel"`
	Href   string          `json:"href"`
	Method string          `json:"method"` // of a search and its next page; empty = GET
	Body   json.RawMessage `json:"body"`
	Merge  bool            `json:"merge"` // the body is added to the one before
}

type stacAsset struct {
	Href      string     `json:"href"`
	Roles     []string   `json:"roles"`
	Shape     []int      `json:"proj:shape"`
	Transform []float64  `json:"proj:transform"`
	EPSG      *int       `json:"proj:epsg"`
	Code      string     `json:"proj:code"`
	EOBands   []stacBand `json:"eo:bands"`
	Bands     []stacBand `json:"bands"`
	Raster    []struct {
		NoData any      `json:"nodata"`
		Scale  *float64 `json:"scale"`
		Offset *float64 `json:"offset"`
		Unit   string   `json:"unit"`
	} `json:"raster:bands"`
	Size     int64  `json:"file:size"`
	Checksum string `json:"file:checksum"`
	Layer    int    `json:"parus:layer"` // which band of a file with several, from 1
}

type stacBand struct {
	Name       string `json:"name"`
	CommonName string `json:"common_name"`
	EOCommon   string `json:"eo:common_name"`
}

// bandByKey names bands by the keys and common names catalogs use (Sentinel
// names, Earth Search, Planetary Computer, CDSE).
var bandByKey = map[string]Band{
	"blue": B02, "green": B03, "red": B04, "rededge1": B05, "rededge2": B06, "rededge3": B07, "nir": B08,
	"nir08": B8A, "nir09": "", "swir16": B11, "swir22": B12, "scl": SCL, "vv": VV, "vh": VH,
}

var sentinelNames = []Band{B02, B03, B04, B05, B06, B07, B08, B8A, B11, B12, SCL, VV, VH}

// bandOf is the Sentinel name of an asset, empty for one Parus does not read.
// The band's own name in eo:bands wins over the key: keys are the publisher's.
func bandOf(key string, a stacAsset) Band {
	for _, b := range append(append([]stacBand{}, a.EOBands...), a.Bands...) {
		if len(a.EOBands)+len(a.Bands) > 1 {
			break // a picture of several bands
		}
		for _, s := range sentinelNames {
			if strings.EqualFold(b.Name, string(s)) {
				return s
			}
		}
	}
	k := strings.ToLower(key)
	if len(a.EOBands)+len(a.Bands) > 1 || strings.Contains(k, "visual") || strings.Contains(k, "jp2") && !strings.HasSuffix(a.Href, ".jp2") {
		return ""
	}
	if b, ok := bandByKey[k]; ok {
		return b
	}
	for _, s := range sentinelNames { // B04, B04_20m, SCL_20m
		if n := strings.ToLower(string(s)); k == n || strings.HasPrefix(k, n+"_") {
			return s
		}
	}
	return ""
}

// parseItem reads a STAC item. base resolves relative hrefs.
func parseItem(b []byte, base func(href string) string) (Scene, error) {
	var d stacDoc
	if err := json.Unmarshal(b, &d); err != nil {
		return Scene{}, err
	}
	if d.Type != "Feature" || d.ID == "" {
		return Scene{}, fmt.Errorf("not a STAC item: it needs type \"Feature\" and an id")
	}
	s := Scene{ID: d.ID, Collection: d.Collection, Assets: map[Band]Asset{}}
	when := text(d.Properties["datetime"])
	if when == "" {
		when = text(d.Properties["start_datetime"])
	}
	t, err := time.Parse(time.RFC3339Nano, when)
	if err != nil {
		return Scene{}, fmt.Errorf("item %s: its datetime %q is no RFC 3339 time", d.ID, when)
	}
	s.Time = t.UTC()
	s.EPSG = epsgOf(d.Properties["proj:epsg"], text(d.Properties["proj:code"]))
	s.Platform = strings.ToLower(text(d.Properties["platform"]))
	s.Tile = tileOf(d.Properties)
	for _, k := range []string{"s2:processing_baseline", "processing:version", "sentinel2:processing_baseline"} {
		if s.Baseline == "" {
			s.Baseline = text(d.Properties[k])
		}
	}
	s.CloudCover = number(d.Properties["eo:cloud_cover"])
	if e := number(d.Properties["view:sun_elevation"]); e != nil {
		z := 90 - *e
		s.SunZenith = &z
	}
	s.SunAzimuth = number(d.Properties["view:sun_azimuth"])
	if z, a := number(d.Properties["view:incidence_angle"]), number(d.Properties["view:azimuth"]); z != nil && a != nil && *z >= 0 && *z < 90 {
		s.ViewZenith, s.ViewAzimuth = z, a
	}
	s.Orbit = orbitOf(d.Properties)
	for _, k := range []string{"earthsearch:boa_offset_applied", "sentinel:boa_offset_applied", "s2:boa_offset_applied"} {
		var v bool
		if raw, ok := d.Properties[k]; ok && json.Unmarshal(raw, &v) == nil {
			s.OffsetApplied = &v
		}
	}
	s.Footprint = footprint(d)
	for _, key := range sortedAssetKeys(d.Assets) {
		a := d.Assets[key]
		band := bandOf(key, a)
		if band == "" || a.Href == "" {
			continue
		}
		asset := Asset{Href: base(a.Href), Scale: 0.0001, Size: a.Size, Checksum: a.Checksum, Layer: max(a.Layer, 0)}
		if band == VV || band == VH {
			asset.Scale = 1
		}
		epsg := s.EPSG
		if a.EPSG != nil || a.Code != "" {
			epsg = epsgPtr(a.EPSG, a.Code)
		}
		asset.Grid = gridOf(a, epsg, d.Properties)
		if len(a.Raster) > 0 {
			asset.Unit = a.Raster[0].Unit
			if r := a.Raster[0]; r.Scale != nil {
				asset.Scale = *r.Scale
			}
			if r := a.Raster[0]; r.Offset != nil {
				asset.Offset = *r.Offset
			}
			if v, ok := a.Raster[0].NoData.(float64); ok {
				asset.NoData = v
			}
		}
		if old, taken := s.Assets[band]; taken && !better(asset, old) {
			continue
		}
		s.Assets[band] = asset
	}
	if s.EPSG == 0 {
		for _, a := range s.Assets {
			s.EPSG = max(s.EPSG, a.Grid.EPSG)
		}
	}
	return s, nil
}

// better prefers the finer of two assets of one band (CDSE lists B02_10m,
// B02_20m …).
func better(a, b Asset) bool {
	return a.Grid.Res > 0 && (b.Grid.Res == 0 || a.Grid.Res < b.Grid.Res)
}

func gridOf(a stacAsset, epsg int, props map[string]json.RawMessage) Grid {
	shape, tr := a.Shape, a.Transform
	if len(shape) != 2 {
		_ = json.Unmarshal(props["proj:shape"], &shape)
	}
	if len(tr) < 6 {
		_ = json.Unmarshal(props["proj:transform"], &tr)
	}
	if len(shape) != 2 || len(tr) < 6 || tr[0] <= 0 || tr[0] != -tr[4] || tr[1] != 0 || tr[3] != 0 || shape[0] <= 0 || shape[1] <= 0 {
		return Grid{}
	}
	return Grid{EPSG: epsg, X0: tr[2], Y0: tr[5], Res: tr[0], Width: shape[1], Height: shape[0]}
}

func tileOf(p map[string]json.RawMessage) string {
	if t := text(p["s2:mgrs_tile"]); t != "" {
		return t
	}
	if t := text(p["grid:code"]); t != "" {
		return strings.TrimPrefix(t, "MGRS-")
	}
	zone, band, sq := number(p["mgrs:utm_zone"]), text(p["mgrs:latitude_band"]), text(p["mgrs:grid_square"])
	if zone != nil && band != "" && sq != "" {
		return fmt.Sprintf("%02d%s%s", int(*zone), band, sq)
	}
	return ""
}

// orbitOf is the direction and the track of the pass (extension sat).
func orbitOf(p map[string]json.RawMessage) string {
	state := strings.ToLower(text(p["sat:orbit_state"]))
	if n := number(p["sat:relative_orbit"]); n != nil {
		state = strings.TrimSpace(fmt.Sprintf("%s %.0f", state, *n))
	}
	return state
}

func footprint(d stacDoc) orb.Polygon {
	if g, err := geojson.UnmarshalGeometry(d.Geometry); err == nil && g != nil {
		switch p := g.Geometry().(type) {
		case orb.Polygon:
			return p
		case orb.MultiPolygon:
			if len(p) > 0 {
				return p[0]
			}
		}
	}
	if len(d.BBox) == 4 {
		return orb.Bound{Min: orb.Point{d.BBox[0], d.BBox[1]}, Max: orb.Point{d.BBox[2], d.BBox[3]}}.ToPolygon()
	}
	return nil
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

func number(raw json.RawMessage) *float64 {
	var v *float64
	if raw == nil || json.Unmarshal(raw, &v) != nil || v == nil || math.IsNaN(*v) {
		return nil
	}
	return v
}

func epsgOf(raw json.RawMessage, code string) int {
	var v *int
	_ = json.Unmarshal(raw, &v)
	return epsgPtr(v, code)
}

func epsgPtr(v *int, code string) int {
	if v != nil {
		return *v
	}
	n := 0
	if _, err := fmt.Sscanf(strings.ToUpper(code), "EPSG:%d", &n); err != nil {
		return 0
	}
	return n
}
