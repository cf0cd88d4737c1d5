package feeds

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// A box of 0.001° by 0.001° at 31° N: 95.504 m by 110.874 m by the series of the
// ellipsoid (see the store's test of publishing) = 10,589 m².
func TestReadDrawn(t *testing.T) {
	const box = `{"type":"Polygon","coordinates":[[[115.5,31],[115.501,31],[115.501,31.001],[115.5,31.001],[115.5,31]]]}`
	at := func(f func(orb.Point) orb.Point) string {
		ring := [][]float64{}
		for _, p := range []orb.Point{{115.5, 31}, {115.501, 31}, {115.501, 31.001}, {115.5, 31.001}, {115.5, 31}} {
			q := f(p)
			ring = append(ring, []float64{q[0], q[1]})
		}
		b, _ := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][]float64{ring}})
		return string(b)
	}
	for _, c := range []struct{ text, crs, codes string }{
		{box, "EPSG:4326", ""}, {box, "EPSG:4490", "datum_equal"}, {at(parcels.ToGCJ02), "GCJ-02", "gcj02_undone"},
		{at(func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }), "EPSG:4326", "axes_swapped"}, {box, "", "crs_assumed"},
		{`{"type":"LineString","coordinates":[[115.5,31],[115.501,31],[115.501,31.001],[115.5,31.001],[115.5,31.0001]]}`, "EPSG:4326", "track_closed"},
	} {
		d, err := ReadDrawn([]byte(c.text), c.crs, orb.Point{})
		var codes []string
		for _, a := range d.Assumed {
			codes = append(codes, a.Code)
		}
		if b := d.Polygon.Bound(); err != nil || strings.Join(codes, " ") != c.codes || math.Abs(d.AreaM2-10_589) > 1 || math.Abs(b.Min[0]-115.5)+math.Abs(b.Max[1]-31.001) > 1e-7 {
			t.Errorf("%s %s: %+v %v", c.crs, c.text, d, err)
		}
	}
	for text, want := range map[string]string{
		`{"type":"Polygon","coordinates":[[[115.5,31],[115.501,31.001],[115.501,31],[115.5,31.001],[115.5,31]]]}`: "crosses", // a bow tie
		`{"type":"Point","coordinates":[1,2]}`:                                       "neither a polygon",
		`{"type":"Polygon","coordinates":[]}`:                                        "cannot be read",
		`{"type":"Polygon","coordinates":[[[1,2],[1,2],[1,2],[1,2]]]}`:               "no area",
		`{"type":"Polygon","coordinates":[[[1e308,2],[1e309,3],[4,5]]]}`:             "cannot be read",
		`{"type":"Polygon","coordinates":[[[100,20],[110,20],[110,30],[100,20]]]}`:   "larger than any farm",
		`{"type":"LineString","coordinates":[[115.5,31],[115.501,31],[115.501,32]]}`: "does not come back",
		`{"type":"Polygon","coordinates":[[[500,20],[501,20],[501,21],[500,20]]]}`:   "not on the earth",
		`[]`: "no geometry",
	} {
		if _, err := ReadDrawn([]byte(text), "EPSG:4326", orb.Point{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadDrawn([]byte(box), "Beijing 1954", orb.Point{}); err == nil {
		t.Error("Beijing 1954 is taken")
	}
}

// Whatever a phone sends, it is refused or lies on the earth with an area.
func FuzzReadDrawn(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[115.5,31],[115.501,31],[115.501,31.001],[115.5,31]]]}`), "GCJ-02")
	f.Add([]byte(`{"type":"LineString","coordinates":[[115.5,31],[115.501,31],[115.501,31.001],[115.5,31]]}`), "")
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[38500000,3400000],[38500100,3400000],[38500100,3400100],[38500000,3400000]]]]}`), "EPSG:4526")
	f.Fuzz(func(t *testing.T, b []byte, crs string) {
		d, err := ReadDrawn(b, crs, orb.Point{115.9, 31.7})
		if box := d.Polygon.Bound(); err == nil && !(d.AreaM2 > 1 && box.Min[0] >= -180 && box.Max[0] <= 180 && box.Min[1] >= -90 && box.Max[1] <= 90 && d.CRS != "") {
			t.Errorf("%s: %+v", b, d)
		}
	})
}
