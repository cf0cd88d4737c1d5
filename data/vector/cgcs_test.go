package vector_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// parcelFile is a GeoJSON of one parcel with the land use 012, in the coordinates
// of a CRS that it states, or in none (a crs member that GDAL does not know).
func parcelFile(t *testing.T, crs string, move func(orb.Point) orb.Point) string {
	t.Helper()
	var ring []string
	for _, p := range []orb.Point{{115.9, 31.7}, {115.902, 31.7}, {115.902, 31.701}, {115.9, 31.701}, {115.9, 31.7}} {
		q := move(p)
		ring = append(ring, fmt.Sprintf("[%.10f,%.10f]", q[0], q[1]))
	}
	path := filepath.Join(t.TempDir(), "dk.geojson")
	text := fmt.Sprintf(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":%q}},"features":[{"type":"Feature","properties":{"DKBM":"3415231002010100011","TDLYLX":"012"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}]}`, crs, strings.Join(ring, ","))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// One parcel in every form of CGCS2000 comes out at one place, and says what was
// assumed of it. A file states a CRS that its coordinates deny where it should
// state none. The area is that of the parcels package on the true corners.
func TestFormsOfCGCS2000(t *testing.T) {
	to := func(epsg int) func(orb.Point) orb.Point {
		return func(p orb.Point) orb.Point {
			mp, err := parcels.Project(orb.MultiPolygon{{{p}}}, epsg)
			if err != nil {
				t.Fatal(err)
			}
			return mp[0][0][0]
		}
	}
	swap := func(f func(orb.Point) orb.Point) func(orb.Point) orb.Point {
		return func(p orb.Point) orb.Point { q := f(p); return orb.Point{q[1], q[0]} }
	}
	same := func(p orb.Point) orb.Point { return p }
	want := parcels.AreaM2(orb.MultiPolygon{{{{115.9, 31.7}, {115.902, 31.7}, {115.902, 31.701}, {115.9, 31.701}, {115.9, 31.7}}}})
	near := orb.Point{115.88, 31.72}
	for name, x := range map[string]struct {
		crs     string
		move    func(orb.Point) orb.Point
		opt     vector.Options
		epsg    int
		assumed string
	}{
		"stated zone":                        {"EPSG:4527", to(4527), vector.Options{}, 4527, "equal to WGS 84"},
		"nothing true stated, number":        {"EPSG:4326", to(4527), vector.Options{}, 4527, "carry the number"},
		"nothing true stated, six degrees":   {"EPSG:4326", to(4498), vector.Options{}, 4498, "carry the number"},
		"no number":                          {"EPSG:4326", to(4548), vector.Options{Near: near}, 4548, "carry no zone number"},
		"zone without number, number within": {"EPSG:4548", to(4527), vector.Options{}, 4527, "is stated, but"},
		"northing first":                     {"EPSG:4326", swap(to(4527)), vector.Options{}, 4527, "the northing standing first"},
		"degrees":                            {"EPSG:4490", same, vector.Options{}, 4490, "equal to WGS 84"},
		"latitude first":                     {"EPSG:4326", swap(same), vector.Options{}, 4490, "axes were swapped"},
		"GCJ-02":                             {"EPSG:4326", parcels.ToGCJ02, vector.Options{CRS: "GCJ-02"}, 0, "moved from GCJ-02"},
		"named":                              {"EPSG:4326", to(4548), vector.Options{CRS: "EPSG:4548"}, 4548, "named by the operator"},
	} {
		ps, rejects, notes, err := vector.Read(context.Background(), parcelFile(t, x.crs, x.move), x.opt)
		if err != nil || len(ps) != 1 {
			t.Errorf("%s: %v %+v", name, err, rejects)
			continue
		}
		p := ps[0]
		if c := p.Polygon[0][0][0]; math.Abs(c[0]-115.9) > 2e-8 || math.Abs(c[1]-31.7) > 2e-8 || math.Abs(p.AreaM2-want) > 0.05 {
			t.Errorf("%s: lies at %v with %.2f m², want 115.9 31.7 and %.2f", name, c, p.AreaM2, want)
		}
		if p.SourceEPSG != x.epsg || !strings.Contains(strings.Join(p.Assumed, "; "), x.assumed) || len(notes) == 0 {
			t.Errorf("%s: EPSG:%d, assumed %q", name, p.SourceEPSG, p.Assumed)
		}
		if p.Use != "012" || len(p.Source) != 1 || p.SourceEPSG > 4490 && p.Source[0][0][0][0] > p.Source[0][0][0][1]*20 {
			t.Errorf("%s: use %q, source %v", name, p.Use, p.Source)
		}
	}
	if _, _, _, err := vector.Read(context.Background(), parcelFile(t, "EPSG:4326", to(4548)), vector.Options{}); err == nil || !strings.Contains(err.Error(), "say where the county lies") {
		t.Errorf("eastings without number and place: %v", err)
	}
}

// The county's mapping settles swapped codes of dry and irrigated land.
func TestSwappedLandUse(t *testing.T) {
	ps, _, _, err := vector.Read(context.Background(), parcelFile(t, "EPSG:4490", func(p orb.Point) orb.Point { return p }), vector.Options{Use: map[string]string{"012": "013", "013": "012"}})
	if err != nil || ps[0].Use != "013" {
		t.Errorf("%+v %v", ps, err)
	}
}
