package raster

import "testing"

// Items as Planetary Computer writes sentinel-1-rtc (shortened) and as Earth
// Search lists GRD in radar geometry.
const rtcItem = `{"type":"Feature","stac_version":"1.0.0","id":"S1A_IW_GRDH_1SDV_20240501T101500_rtc","collection":"sentinel-1-rtc",
"bbox":[115,31,116,32],"geometry":{"type":"Polygon","coordinates":[[[115,31],[116,31],[116,32],[115,32],[115,31]]]},
"properties":{"datetime":"2024-05-01T10:15:12.5Z","platform":"SENTINEL-1A","proj:epsg":32650,"proj:shape":[20000,28000],
"proj:transform":[10,0,371000,0,-10,3620000,0,0,1],"sat:orbit_state":"ascending","sat:relative_orbit":142,"sar:product_type":"GRD"},
"assets":{"vv":{"href":"iw-vv.rtc.tiff","raster:bands":[{"nodata":-32768,"data_type":"float32","spatial_resolution":10}]},
"vh":{"href":"iw-vh.rtc.tiff","raster:bands":[{"nodata":-32768,"data_type":"float32","spatial_resolution":10}]},
"tilejson":{"href":"https://example.org/tilejson.json"}}}`

const grdItem = `{"type":"Feature","stac_version":"1.0.0","id":"S1A_IW_GRDH","collection":"sentinel-1-grd","bbox":[115,31,116,32],"geometry":null,
"properties":{"datetime":"2024-05-01T10:15:12Z","sat:orbit_state":"descending"},
"assets":{"vv":{"href":"iw-vv.tiff","proj:shape":[16705,25886]},"schema-noise-vv":{"href":"noise.xml"}}}`

func TestParseRadarItems(t *testing.T) {
	s, err := parseItem([]byte(rtcItem), func(h string) string { return h })
	if err != nil {
		t.Fatal(err)
	}
	want := Asset{Href: "iw-vh.rtc.tiff", Grid: Grid{32650, 371000, 3620000, 10, 28000, 20000}, NoData: -32768, Scale: 1}
	if !s.Radar() || s.Orbit != "ascending 142" || s.Platform != "sentinel-1a" || len(s.Assets) != 2 || s.Assets[VH] != want {
		t.Errorf("%+v", s)
	}
	if s, err = parseItem([]byte(grdItem), func(h string) string { return h }); err != nil || !s.Radar() || s.Orbit != "descending" || s.Assets[VV].Grid.Width != 0 || len(s.Assets) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = parseItem([]byte(earthItem), func(h string) string { return h }); err != nil || s.Radar() || s.Orbit != "" {
		t.Errorf("%+v, %v", s, err)
	}
}
