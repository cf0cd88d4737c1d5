package feeds

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

var fieldRing = orb.Ring{{115.9, 31.7}, {115.902, 31.7}, {115.902, 31.701}, {115.9, 31.701}, {115.9, 31.7}}

func ringText(ring orb.Ring, move func(orb.Point) orb.Point) string {
	var parts []string
	for _, p := range ring {
		p = move(p)
		parts = append(parts, fmt.Sprintf("[%.12f,%.12f,88.5]", p[0], p[1]))
	}
	return "[[" + strings.Join(parts, ",") + "]]"
}

// One field drawn on four kinds of map is one polygon, and each claim says what
// was done to it. The area by the parcels package, whose own tests hold it to PROJ.
func TestClaimsOfGeoJSON(t *testing.T) {
	want := parcels.AreaM2(orb.MultiPolygon{{fieldRing}})
	zone := func(p orb.Point) orb.Point {
		mp, err := parcels.Project(orb.MultiPolygon{{{p}}}, 4527)
		if err != nil {
			t.Fatal(err)
		}
		return mp[0][0][0]
	}
	for name, x := range map[string]struct {
		crs     string
		move    func(orb.Point) orb.Point
		assumed string
	}{
		"":                   {"EPSG:4326", func(p orb.Point) orb.Point { return p }, "no CRS is stated"},
		"GCJ-02":             {"GCJ-02", parcels.ToGCJ02, "moved from GCJ-02"},
		"CGCS2000":           {"EPSG:4490", func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }, "latitude stood before longitude"},
		"urn:x:EPSG::4527":   {"", zone, ""},
		"EPSG:4527":          {"EPSG:4527", zone, "equal to WGS 84"},
		"EPSG:999999":        {"", zone, ""},
		"from coordinates !": {"", zone, ""},
	} {
		file := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"claim_id":"Q1","grower_id":"0123456789abcdef","作物":"玉米","source_crs":%q,"圈地方式":"绕行"},"geometry":{"type":"Polygon","coordinates":%s}}]}`, name, ringText(fieldRing, x.move))
		l, err := Load(context.Background(), map[string]string{"claims": save(t, "claims.geojson", file)}, Options{Key: testKey(t), County: "341523"})
		if err != nil {
			t.Fatal(err)
		}
		if x.crs == "" {
			if len(l.Rejects) != 1 || l.Rejects[0].Column != "geometry" || l.Rejects[0].Row != 1 {
				t.Errorf("%q: %+v", name, l.Rejects)
			}
			continue
		}
		if len(l.Records.Claims) != 1 {
			t.Errorf("%q: %+v", name, l.Rejects)
			continue
		}
		c := l.Records.Claims[0]
		if c.SourceCRS != x.crs || c.Crop != "maize" || c.Method != "walked" || !strings.Contains(strings.Join(c.Assumed, "; "), x.assumed) || math.Abs(c.AreaM2-want) > 0.05 {
			t.Errorf("%q: %+v, area %.3f, want %.3f", name, c, c.AreaM2, want)
		}
		for i, p := range c.Polygon[0][0] {
			if math.Abs(p[0]-fieldRing[i][0]) > 2e-9 || math.Abs(p[1]-fieldRing[i][1]) > 2e-9 {
				t.Errorf("%q: corner %d lies at %v, want %v", name, i, p, fieldRing[i])
			}
		}
	}
	// Metres that state nothing: the zone's number tells.
	file := fmt.Sprintf(`{"type":"Feature","properties":{"claim_id":"Q1","grower_id":"0123456789abcdef"},"geometry":{"type":"Polygon","coordinates":%s}}`, ringText(fieldRing, zone))
	l, err := Load(context.Background(), map[string]string{"claims": save(t, "claims.json", file)}, Options{Key: testKey(t)})
	if err != nil || len(l.Records.Claims) != 1 || l.Records.Claims[0].SourceCRS != "EPSG:4527" || math.Abs(l.Records.Claims[0].AreaM2-want) > 0.05 {
		t.Errorf("%+v %v", l, err)
	}
}

func gpx(points ...string) string {
	s := `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>北地</name><extensions><grower_id>0123456789abcdef</grower_id><crop>玉米</crop></extensions>`
	for _, seg := range points {
		s += "<trkseg>" + seg + "</trkseg>"
	}
	return s + "</trk></gpx>"
}

func trkpt(ring orb.Ring) (s string) {
	for _, p := range ring {
		s += fmt.Sprintf(`<trkpt lat="%.9f" lon="%.9f"><time>2024-06-02T17:00:00Z</time></trkpt>`, p[1], p[0])
	}
	return s
}

// A walk in two segments that stops short of its beginning is closed and says so.
// 17:00 UTC is one o'clock of the next day in China. A straight walk is no land.
func TestClaimsOfGPX(t *testing.T) {
	path := save(t, "walk.gpx", gpx(trkpt(fieldRing[:3]), trkpt(orb.Ring{{115.9, 31.701}, {115.9, 31.7001}})))
	l, err := Load(context.Background(), map[string]string{"claims": path}, Options{Key: testKey(t)})
	if err != nil || len(l.Records.Claims) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	c := l.Records.Claims[0]
	if c.ClaimID == "" || c.Taken != day("2024-06-03") || c.Method != "walked" || !strings.Contains(strings.Join(c.Assumed, ";"), "the walk was closed over a gap of 2 %") || c.SourceCRS != "EPSG:4326" {
		t.Errorf("%+v", c)
	}
	if want := parcels.AreaM2(orb.MultiPolygon{{fieldRing}}); math.Abs(c.AreaM2-want) > 1 {
		t.Errorf("area %.1f, want %.1f", c.AreaM2, want)
	}
	path = save(t, "walk.gpx", gpx(trkpt(orb.Ring{{115.9, 31.7}, {115.901, 31.7}, {115.902, 31.7001}})))
	if l, err = Load(context.Background(), map[string]string{"claims": path}, Options{Key: testKey(t)}); err != nil || len(l.Rejects) != 1 || !strings.Contains(l.Rejects[0].Reason, "does not come back") {
		t.Errorf("%+v %v", l, err)
	}
}

func FuzzClaims(f *testing.F) {
	f.Add([]byte(`{"type":"Feature","properties":{"claim_id":"1","grower_id":"0123456789abcdef"},"geometry":{"type":"LineString","coordinates":[[115,31],[115.1,31],[115.1,31.1],[115,31]]}}`))
	f.Add([]byte(gpx(trkpt(fieldRing))))
	f.Add([]byte("claim_id,grower_id,geometry,source_crs\n1,0123456789abcdef,\"POLYGON((39000000 3500000,39000100 3500000,39000100 3500100,39000000 3500000))\",\n"))
	key := testKey(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		l, err := Load(context.Background(), map[string]string{"claims": save(t, "f", string(content))}, Options{Key: key, Near: orb.Point{115.9, 31.7}})
		if err != nil {
			return
		}
		for _, c := range l.Records.Claims {
			box := c.Polygon.Bound()
			if !(c.AreaM2 > 0) || !(box.Min[0] >= -180 && box.Max[0] <= 180 && box.Min[1] >= -90 && box.Max[1] <= 90) {
				t.Errorf("claim %+v", c)
			}
			if _, err := json.Marshal(c); err != nil {
				t.Error(err)
			}
			again, err := shapeOf(wktOf(c.Polygon))
			if mp, _, err2 := ringsOf(again); err != nil || err2 != nil || !mp.Equal(c.Polygon) {
				t.Errorf("what the store writes reads otherwise: %v %v", err, err2)
			}
		}
	})
}
